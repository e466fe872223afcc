//! `execute_sales_query`: one SELECT of the assistant.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{ZavaServer, answer, arguments, icon, schema};
use crate::services::sales_query::{self, DEFAULT_ROWS, MOST_ROWS};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// One SELECT (or WITH, VALUES) for PostgreSQL; tables as in retail.orders.
    postgresql_query: String,
    /// Most rows, 1 to 10000.
    #[serde(default = "default_rows", deserialize_with = "arguments::whole")]
    #[schemars(range(min = 1, max = 10_000))]
    max_rows: i64,
    /// Not from the cache.
    #[serde(default)]
    fresh: bool,
}

fn default_rows() -> i64 {
    DEFAULT_ROWS.into()
}

#[tool_router(router = execute_sales_query_router, vis = "pub(super)")]
impl ZavaServer {
    /// Runs one read-only SELECT and returns {"c":[columns],"r":[[values]],"n":rows}. Call get_multiple_table_schemas first for names and types. Aggregate in SQL: "truncated" tells that rows were left out. Numerics are strings, exact. Example: SELECT date_trunc('month', order_date) AS month, sum(total_amount) FROM retail.orders GROUP BY 1 ORDER BY 1
    #[tool(
        title = "Run a sales query",
        icons = icon::of(icon::QUERY),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn execute_sales_query(&self, arguments: JsonObject) -> Result<CallToolResult, ToolError> {
        let ask: Arguments = arguments::read("execute_sales_query", arguments)?;
        let max_rows = arguments::rows("max_rows", ask.max_rows, MOST_ROWS)?;
        let rows = sales_query::kept(self.asking(ask.fresh), &ask.postgresql_query, max_rows).await?;
        Ok(answer::value(rows.into_json()))
    }
}
