//! Tools that say something to the client, or ask it something, before they answer. Protocols up to 2025-11-25.

use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ContentBlock, ProtocolVersion,
    ServerNotification, ServerRequest,
};
use serde_json::{Value, json};

use crate::handler::{Context, typed};

const PAUSE: Duration = Duration::from_millis(50);

/// The tool's answer; none for a tool of another name.
pub(crate) async fn answer(
    request: &CallToolRequestParams,
    context: &Context,
) -> Result<Option<CallToolResult>, ErrorData> {
    let argument = |name: &str| request.arguments.as_ref().and_then(|all| all.get(name)).cloned();
    let said = match &*request.name {
        "test_tool_with_logging" | "test_logging_tool" => log(context).await,
        "test_tool_with_progress" => progress(context).await,
        "test_sampling" => sample(context, argument("prompt").unwrap_or_default()).await?,
        "test_elicitation" => {
            let answer = elicit(context, argument("message").unwrap_or_default(), two_words()).await?;
            format!("User response: {answer}")
        }
        "test_elicitation_sep1034_defaults" => completed(context, defaults()).await?,
        "test_elicitation_sep1330_enums" => completed(context, enums()).await?,
        "test_missing_capability" => {
            needs_sampling(context)?;
            "The client can sample.".to_owned()
        }
        _ => return Ok(None),
    };
    Ok(Some(CallToolResult::success(vec![ContentBlock::text(said)])))
}

pub(crate) fn is_modern(context: &Context) -> bool {
    context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

async fn notify(context: &Context, notification: Value) {
    let notification: ServerNotification = typed(notification);
    let _ = context.peer.send_notification(notification).await;
}

/// Log messages, where the client has asked for them.
async fn log(context: &Context) -> String {
    let wanted = !is_modern(context) || context.meta.get("io.modelcontextprotocol/logLevel").is_some();
    for text in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
        if wanted {
            let params = json!({"level": "info", "data": text});
            notify(context, json!({"method": "notifications/message", "params": params})).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
    "Said three things.".to_owned()
}

async fn progress(context: &Context) -> String {
    for progress in [0, 50, 100] {
        if let Some(token) = context.meta.get_progress_token() {
            let params = json!({"progressToken": token, "progress": progress, "total": 100});
            notify(context, json!({"method": "notifications/progress", "params": params})).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
    "Came to the end.".to_owned()
}

fn needs_sampling(context: &Context) -> Result<(), ErrorData> {
    let can = context.client_capabilities().is_some_and(|can| can.sampling.is_some());
    let needed = || ClientCapabilities::builder().enable_sampling().build();
    if can { Ok(()) } else { Err(ErrorData::missing_required_client_capability(needed())) }
}

/// Asks the client and waits for its answer.
async fn ask(context: &Context, request: Value) -> Result<Value, ErrorData> {
    let request: ServerRequest = typed(request);
    let answer = context.peer.send_request(request).await;
    let answer = answer.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    serde_json::to_value(answer).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

async fn sample(context: &Context, prompt: Value) -> Result<String, ErrorData> {
    let message = json!({"role": "user", "content": {"type": "text", "text": prompt}});
    let params = json!({"messages": [message], "maxTokens": 100});
    let answer = ask(context, json!({"method": "sampling/createMessage", "params": params})).await?;
    Ok(format!("LLM response: {}", answer["content"]["text"].as_str().unwrap_or_default()))
}

async fn elicit(context: &Context, message: Value, schema: Value) -> Result<String, ErrorData> {
    let params = json!({"message": message, "requestedSchema": schema});
    let answer = ask(context, json!({"method": "elicitation/create", "params": params})).await?;
    Ok(format!("action={}, content={}", answer["action"].as_str().unwrap_or_default(), answer["content"]))
}

async fn completed(context: &Context, schema: Value) -> Result<String, ErrorData> {
    Ok(format!("Elicitation completed: {}", elicit(context, json!("Fill this in"), schema).await?))
}

fn two_words() -> Value {
    json!({
        "type": "object",
        "properties": {
            "username": {"type": "string", "description": "User's response"},
            "email": {"type": "string", "description": "User's email address"},
        },
        "required": ["username", "email"],
    })
}

fn defaults() -> Value {
    json!({"type": "object", "properties": {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": true},
    }})
}

fn enums() -> Value {
    let titled = |words: [&str; 3], kind: &str| -> Vec<Value> {
        let both = words.iter().enumerate();
        both.map(|(at, word)| json!({"const": format!("value{}", at + 1), "title": format!("{word} {kind}")}))
            .collect()
    };
    let words = ["First", "Second", "Third"];
    let options = ["option1", "option2", "option3"];
    json!({"type": "object", "properties": {
        "untitledSingle": {"type": "string", "enum": options},
        "titledSingle": {"type": "string", "oneOf": titled(words, "Option")},
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled(words, "Choice")}},
    }})
}
