//! How answers and failures look on the wire.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::ErrorData;
use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;

use crate::call;
use crate::error::ToolError;

/// A tool's answer as the same JSON twice: as text, and structured. Clients show a model one or the other.
pub(super) fn json(value: &impl Serialize) -> Result<CallToolResult, ToolError> {
    Ok(self::value(written(value)?))
}

/// The same for an answer that is JSON already.
pub(super) fn value(value: Value) -> CallToolResult {
    let mut result = text(value.to_string());
    result.structured_content = Some(value);
    result
}

/// The same, with a PNG after the text.
pub(super) fn picture(value: &impl Serialize, png: &[u8]) -> Result<CallToolResult, ToolError> {
    let mut result = json(value)?;
    result.content.push(ContentBlock::image(STANDARD.encode(png), "image/png"));
    Ok(result)
}

/// An answer as JSON.
pub(super) fn written(value: &impl Serialize) -> Result<Value, ToolError> {
    serde_json::to_value(value).map_err(|error| ToolError::internal("write the answer", &error))
}

/// A tool's answer as plain text.
pub(super) fn text(text: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

/// A failure that the model can mend is a tool error with text, not a protocol error: clients show it to the model.
impl IntoCallToolResult for ToolError {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        call::failed(self.reason);
        Ok(CallToolResult::error(vec![ContentBlock::text(self.to_string())]).into())
    }
}

/// A failure where MCP has no tool error: reading a resource, completing a word. The text is the same.
pub(super) fn protocol_error(error: &ToolError) -> ErrorData {
    call::failed(error.reason);
    ErrorData::internal_error(error.to_string(), None)
}
