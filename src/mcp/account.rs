//! What the witnesses of a call are told of a request and of its answer.

use rmcp::model::{
    CallToolResult, ClientRequest, ContentBlock, ErrorData, JsonObject, RequestId, ResourceContents,
    ServerResult,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, model::CompleteRequestParams};
use serde_json::Value;

use crate::call::{Asked, Input, Outcome};

/// Most characters that are kept of a name or an address: a client may send any.
const LONGEST_NAME: usize = 256;
/// The argument that is a query.
const SQL: &str = "postgresql_query";

/// What is known of a request when it comes.
pub(super) fn asked(request: &ClientRequest, context: &RequestContext<RoleServer>) -> Asked {
    let mut asked = Asked {
        method: request.method().to_owned(),
        id: written(&context.id),
        protocol: context.protocol_version().map(|version| version.to_string()),
        trace: [context.meta.get_traceparent(), context.meta.get_tracestate()]
            .map(|text| text.map(str::to_owned)),
        ..Asked::default()
    };
    match request {
        ClientRequest::CallToolRequest(call) => {
            asked.name = Some(short(&call.params.name));
            asked.input = input(call.params.arguments.as_ref());
        }
        ClientRequest::GetPromptRequest(get) => {
            asked.name = Some(short(&get.params.name));
            asked.input = input(get.params.arguments.as_ref());
        }
        ClientRequest::ReadResourceRequest(read) => asked.uri = Some(short(&read.params.uri)),
        ClientRequest::CompleteRequest(complete) => asked.input = completed(&complete.params),
        _ => {}
    }
    asked
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}

fn written(id: &RequestId) -> String {
    match id {
        RequestId::Number(number) => number.to_string(),
        RequestId::String(text) => short(text),
    }
}

fn input(arguments: Option<&JsonObject>) -> Option<Input> {
    let arguments = arguments?;
    Some(match arguments.get(SQL).and_then(Value::as_str) {
        Some(sql) => Input::Sql(sql.to_owned()),
        None => Input::Arguments(serde_json::to_string(arguments).ok()?),
    })
}

fn completed(params: &CompleteRequestParams) -> Option<Input> {
    serde_json::to_string(&params.argument).ok().map(Input::Arguments)
}

/// How a call ended, the rows that its answer counts, and the bytes in it.
pub(super) fn ended(answer: &Result<ServerResult, ErrorData>) -> (Outcome, Option<u64>, u64) {
    match answer {
        Ok(ServerResult::CallToolResult(result)) => of_tool(result),
        Ok(ServerResult::ReadResourceResult(read)) => {
            let bytes = read.contents.iter().map(|content| match content {
                ResourceContents::TextResourceContents { text, .. } => text.len(),
                ResourceContents::BlobResourceContents { blob, .. } => blob.len(),
                _ => 0,
            });
            (Outcome::Answered, None, sum(bytes))
        }
        Ok(ServerResult::GetPromptResult(prompt)) => {
            (Outcome::Answered, None, sum(prompt.messages.iter().map(|message| bytes(&message.content))))
        }
        Ok(_) => (Outcome::Answered, None, 0),
        Err(error) => (Outcome::ProtocolError(error.code.0), None, error.message.len() as u64),
    }
}

fn of_tool(result: &CallToolResult) -> (Outcome, Option<u64>, u64) {
    let bytes = sum(result.content.iter().map(bytes));
    if result.is_error == Some(true) {
        return (Outcome::ToolError, None, bytes);
    }
    let rows =
        result.structured_content.as_ref().and_then(|content| content.get("n")).and_then(Value::as_u64);
    (Outcome::Answered, rows, bytes)
}

fn bytes(content: &ContentBlock) -> usize {
    match content {
        ContentBlock::Text(text) => text.text.len(),
        ContentBlock::Image(image) => image.data.len(),
        _ => 0,
    }
}

fn sum(bytes: impl Iterator<Item = usize>) -> u64 {
    bytes.map(|bytes| bytes as u64).sum()
}
