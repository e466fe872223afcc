//! `explain_sales_query`: how one SELECT would be run, and what to change.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{ZavaServer, answer, arguments, icon, schema};
use crate::services::explain_sales_query;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// As execute_sales_query takes it, without EXPLAIN.
    postgresql_query: String,
}

#[tool_router(router = explain_sales_query_router, vis = "pub(super)")]
impl ZavaServer {
    /// Tells how PostgreSQL would run a SELECT and what to change when it is slow: tables read whole, functions that hide an index, missing joins. Runs nothing. Use it after a QUERY_TIMEOUT error.
    #[tool(
        title = "Explain a sales query",
        icons = icon::of(icon::SEARCH),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn explain_sales_query(&self, arguments: JsonObject) -> Result<CallToolResult, ToolError> {
        let Arguments { postgresql_query } = arguments::read("explain_sales_query", arguments)?;
        Ok(answer::text(explain_sales_query::run(&self.database, &postgresql_query).await?))
    }
}
