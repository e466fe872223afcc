//! Who answered, on every result of the 2026-07-28 protocol: there is no handshake in which it was said.

use rmcp::model::{Implementation, MetaObject, ServerResult};
use serde_json::{Value, json};

const KEY: &str = "io.modelcontextprotocol/serverInfo";

/// Name and version, as they are stamped. Title and icon come with `server/discover` only.
pub(super) fn of(server: &Implementation) -> Value {
    json!({"name": server.name, "version": server.version})
}

/// Stamps a result that does not say it yet.
pub(super) fn on(result: &mut ServerResult, server: &Value) {
    if let Some(meta) = meta(result) {
        meta.get_or_insert_default().entry(KEY).or_insert_with(|| server.clone());
    }
}

fn meta(result: &mut ServerResult) -> Option<&mut Option<MetaObject>> {
    Some(match result {
        ServerResult::CallToolResult(result) => &mut result.meta,
        ServerResult::CompleteResult(result) => &mut result.meta,
        ServerResult::GetPromptResult(result) => &mut result.meta,
        ServerResult::InputRequiredResult(result) => &mut result.meta,
        ServerResult::ListPromptsResult(result) => &mut result.meta,
        ServerResult::ListResourcesResult(result) => &mut result.meta,
        ServerResult::ListResourceTemplatesResult(result) => &mut result.meta,
        ServerResult::ListToolsResult(result) => &mut result.meta,
        ServerResult::ReadResourceResult(result) => &mut result.meta,
        _ => return None,
    })
}
