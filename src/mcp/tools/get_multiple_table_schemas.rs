//! `get_multiple_table_schemas`: what tables and columns there are.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{ZavaServer, answer, arguments, icon, schema};
use crate::services::describe_tables;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// With their schema, e.g. ["retail.orders"]; empty or left out for all.
    #[serde(default)]
    table_names: Vec<String>,
    /// Not from the cache.
    #[serde(default)]
    fresh: bool,
}

#[tool_router(router = get_multiple_table_schemas_router, vis = "pub(super)")]
impl ZavaServer {
    /// Describes tables before you write SQL: one line per column with type, PK, -> for what it refers to, {a|b} for all its values, a..b for its first and last day, and a comment. Values are those you see. Without table_names all tables in at most 8 KB; with them also keys, checks, indexes and examples.
    #[tool(
        title = "Describe tables",
        icons = icon::of(icon::TABLE),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn get_multiple_table_schemas(&self, arguments: JsonObject) -> Result<CallToolResult, ToolError> {
        let Arguments { table_names, fresh } = arguments::read("get_multiple_table_schemas", arguments)?;
        Ok(answer::text(describe_tables::kept(self.asking(fresh), &table_names).await?.into_text()))
    }
}
