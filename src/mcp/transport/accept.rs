//! From one line to a message for rmcp, or to the refusal that its sender gets at once.

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientRequest, CompleteRequestParams, ErrorData, Extensions,
    GetPromptRequestParams, InitializeRequestParams, JsonRpcMessage, PaginatedRequestParams,
    ReadResourceRequestParams, RequestId, SubscribeRequestParams,
};
use rmcp::service::RxJsonRpcMessage;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::recover::IdScanner;

/// What a line is.
pub(super) enum Accepted {
    /// A message.
    Message(Box<RxJsonRpcMessage<RoleServer>>),
    /// Something that gets an error, with its id as JSON text where it has one.
    Refused(Option<String>, ErrorData),
    /// Nothing to answer: a blank line, a notification or an answer that makes no sense.
    Ignored,
}

/// Reads one line.
pub(super) fn accept(line: &[u8]) -> Accepted {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
    if line.is_empty() {
        return Accepted::Ignored;
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return refused(line, ErrorData::parse_error("Parse error: the message is not valid UTF-8", None));
    };
    if let Some(call) = tool_call(text) {
        return Accepted::Message(Box::new(call));
    }
    match serde_json::from_str::<RxJsonRpcMessage<RoleServer>>(text) {
        Ok(message) => match misfit(&message) {
            Some(error) => refused(line, error),
            None => Accepted::Message(Box::new(message)),
        },
        Err(_) => diagnose(text),
    }
}

fn refused(line: &[u8], error: ErrorData) -> Accepted {
    Accepted::Refused(IdScanner::scan(line), error)
}

/// The usual message, read without the detour over every other kind. Anything odd is left to rmcp's own reading.
fn tool_call(text: &str) -> Option<RxJsonRpcMessage<RoleServer>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Call<'a> {
        jsonrpc: &'a str,
        id: RequestId,
        method: &'a str,
        params: CallToolRequestParams,
    }
    let mut call: Call = serde_json::from_str(text).ok()?;
    if call.jsonrpc != "2.0" || call.method != "tools/call" {
        return None;
    }
    let meta = call.params.meta.take();
    let mut request = CallToolRequest::new(call.params);
    if let Some(meta) = meta {
        request.extensions = Extensions::new();
        request.extensions.insert(meta);
    }
    Some(JsonRpcMessage::request(ClientRequest::CallToolRequest(request), call.id))
}

/// rmcp takes a known method whose parameters do not fit for an unknown method.
fn misfit(message: &RxJsonRpcMessage<RoleServer>) -> Option<ErrorData> {
    let JsonRpcMessage::Request(message) = message else { return None };
    let ClientRequest::CustomRequest(request) = &message.request else { return None };
    let params = request.params.clone().unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    let reason = match request.method.as_str() {
        "initialize" => reason::<InitializeRequestParams>(params),
        "tools/call" => reason::<CallToolRequestParams>(params),
        "prompts/get" => reason::<GetPromptRequestParams>(params),
        "resources/read" => reason::<ReadResourceRequestParams>(params),
        "resources/subscribe" | "resources/unsubscribe" => reason::<SubscribeRequestParams>(params),
        "completion/complete" => reason::<CompleteRequestParams>(params),
        "logging/setLevel" => {
            "level must be one of debug, info, notice, warning, error, critical, alert, emergency".to_owned()
        }
        "tools/list" | "prompts/list" | "resources/list" | "resources/templates/list" => {
            reason::<PaginatedRequestParams>(params)
        }
        "ping" | "server/discover" | "subscriptions/listen" => "its params do not fit".to_owned(),
        _ => return None,
    };
    Some(ErrorData::invalid_params(format!("Invalid params for {}: {reason}", request.method), None))
}

fn reason<P: DeserializeOwned>(params: Value) -> String {
    match serde_path_to_error::deserialize::<_, P>(params) {
        Ok(_) => "its params do not fit".to_owned(),
        Err(error) => match error.path().to_string().as_str() {
            "." => error.inner().to_string(),
            path => format!("{path}: {}", error.inner()),
        },
    }
}

/// Says what is wrong with a line that is no message.
fn diagnose(text: &str) -> Accepted {
    let invalid = |why: &str| {
        let error = ErrorData::invalid_request(format!("Invalid request: {why}"), None);
        refused(text.as_bytes(), error)
    };
    let object = match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        Ok(Value::Array(_)) => return invalid("batches are not supported; send one message per line"),
        Ok(_) => return invalid("a message is a JSON object"),
        Err(error) => {
            return refused(text.as_bytes(), ErrorData::parse_error(format!("Parse error: {error}"), None));
        }
    };
    let has = |key| object.contains_key(key);
    if !has("method") && (has("result") || has("error")) || has("method") && !has("id") {
        return Accepted::Ignored;
    }
    match (object.get("jsonrpc"), object.get("method"), object.get("id"), object.get("params")) {
        (Some(Value::String(version)), ..) if version != "2.0" => invalid("jsonrpc must be \"2.0\""),
        (None, ..) => invalid("jsonrpc: \"2.0\" is missing"),
        (_, None | Some(Value::Null), ..) => invalid("method is missing"),
        (_, Some(method), ..) if !method.is_string() => invalid("method must be a string"),
        (_, _, Some(id), _) if serde_json::from_value::<RequestId>(id.clone()).is_err() => {
            invalid("id must be a string or an integer")
        }
        (_, _, _, Some(params)) if !params.is_object() => refused(
            text.as_bytes(),
            ErrorData::invalid_params("Invalid params: params must be an object", None),
        ),
        _ => invalid("it is no JSON-RPC 2.0 request"),
    }
}
