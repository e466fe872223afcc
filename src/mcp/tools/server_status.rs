//! `server_status`: how this server is.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{ZavaServer, answer, arguments, icon, schema};
use crate::services::server_status;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {}

#[tool_router(router = server_status_router, vis = "pub(super)")]
impl ZavaServer {
    /// Tells whose rows you see and which stores, whether database, search and cache work, and how often and how fast each tool answered. Works when the database is down.
    #[tool(
        title = "Server status",
        icons = icon::of(icon::CLOCK),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = false, open_world_hint = false)
    )]
    async fn server_status(&self, arguments: JsonObject) -> Result<CallToolResult, ToolError> {
        let Arguments {} = arguments::read("server_status", arguments)?;
        let status =
            server_status::run(&self.database, &self.cache, &self.searcher, &self.activity, &self.witnesses);
        answer::json(&status.await)
    }
}
