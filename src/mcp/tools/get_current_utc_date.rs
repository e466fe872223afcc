//! `get_current_utc_date`: what time it is.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{ZavaServer, answer, arguments, icon, schema};
use crate::services::current_utc_date;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {}

#[tool_router(router = get_current_utc_date_router, vis = "pub(super)")]
impl ZavaServer {
    /// Returns the current date and time in UTC as ISO 8601. Call it before questions about today, this month or last year.
    #[tool(
        title = "Current UTC date",
        icons = icon::of(icon::CLOCK),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn get_current_utc_date(&self, arguments: JsonObject) -> Result<CallToolResult, ToolError> {
        let Arguments {} = arguments::read("get_current_utc_date", arguments)?;
        Ok(answer::text(current_utc_date::now()))
    }
}
