//! Tools and a prompt that answer with a question first: `input_required` of the protocol of 2026-07-28.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::ErrorData;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, GetPromptRequestParams,
    GetPromptResponse, InputRequiredResult,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::handler::{Context, typed};

pub(crate) const TOOLS: [&str; 9] = [
    "test_input_required_result_elicitation",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_request_state",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_multi_round",
    "test_input_required_result_tampered_state",
    "test_input_required_result_capabilities",
    "test_streaming_elicitation",
];

/// A question with its key.
type Question = (&'static str, Value);

fn elicit(message: &str, field: &str, kind: &str) -> Value {
    let schema = json!({"type": "object", "properties": {field: {"type": kind}}, "required": [field]});
    json!({"method": "elicitation/create", "params": {"message": message, "requestedSchema": schema}})
}

fn sample(prompt: &str) -> Value {
    let message = json!({"role": "user", "content": {"type": "text", "text": prompt}});
    json!({"method": "sampling/createMessage", "params": {"messages": [message], "maxTokens": 100}})
}

fn your_name() -> Question {
    ("user_name", elicit("What is your name?", "name", "string"))
}

fn roots() -> Question {
    ("client_roots", json!({"method": "roots/list", "params": {}}))
}

fn ask(questions: &[Question], state: Option<&str>) -> InputRequiredResult {
    let requests: serde_json::Map<String, Value> =
        questions.iter().map(|(key, question)| ((*key).to_owned(), question.clone())).collect();
    InputRequiredResult::new(Some(typed(requests.into())), state.map(sealed))
}

/// The state with a tag that only this program can make.
fn sealed(state: &str) -> String {
    let tag = STANDARD.encode(Sha256::digest(format!("only a test: {state}")));
    format!("{state}.{tag}")
}

/// The state of an earlier round; an error for one that this program did not seal.
fn opened(state: Option<&String>) -> Result<Option<&str>, ErrorData> {
    let Some(state) = state else { return Ok(None) };
    match state.split_once('.') {
        Some((bare, _)) if sealed(bare) == *state => Ok(Some(bare)),
        _ => Err(ErrorData::invalid_params("requestState is not one of ours", None)),
    }
}

fn done(text: String) -> CallToolResponse {
    CallToolResult::success(vec![ContentBlock::text(text)]).into()
}

/// The tool's answer or question; none for a tool of another name.
pub(crate) fn answer(
    request: &CallToolRequestParams,
    context: &Context,
) -> Result<Option<CallToolResponse>, ErrorData> {
    if !TOOLS.contains(&&*request.name) {
        return Ok(None);
    }
    let state = opened(request.request_state.as_ref())?;
    let given = |key: &str| request.input_responses.as_ref().and_then(|all| all.get(key));
    let (questions, keep) = match request.name.trim_start_matches("test_input_required_result_") {
        "sampling" => (vec![("capital_question", sample("What is the capital of France?"))], None),
        "list_roots" => (vec![roots()], None),
        "request_state" | "tampered_state" => {
            (vec![("confirm", elicit("Please confirm", "ok", "boolean"))], Some("asked"))
        }
        "multiple_inputs" => {
            (vec![your_name(), ("greeting", sample("Generate a greeting")), roots()], Some("asked"))
        }
        "multi_round" if state.is_none() => {
            (vec![("step1", elicit("Step 1: What is your name?", "name", "string"))], Some("named"))
        }
        "multi_round" if state == Some("named") && given("step1").is_some() => {
            let second = elicit("Step 2: What is your favorite color?", "color", "string");
            return Ok(Some(ask(&[("step2", second)], Some("coloured")).into()));
        }
        "multi_round" => (vec![("step2", elicit("Which color?", "color", "string"))], Some("coloured")),
        "capabilities" => (allowed(context), None),
        _ => (vec![your_name()], None),
    };
    let answered =
        questions.iter().all(|(key, question)| given(key).is_some_and(|given| fits(question, given)));
    if !answered || (keep.is_some() && state.is_none()) {
        return Ok(Some(ask(&questions, keep).into()));
    }
    let given = serde_json::to_string(&request.input_responses).unwrap_or_default();
    Ok(Some(done(format!("state-ok: {given}"))))
}

/// Whether the client answered what was asked.
fn fits(question: &Value, given: &Value) -> bool {
    match question["method"].as_str() {
        Some("elicitation/create") => given["action"].is_string() && given["content"].is_object(),
        Some("sampling/createMessage") => given["content"].is_object() || given["content"].is_array(),
        _ => given["roots"].is_array(),
    }
}

/// Only what the client says it can do.
fn allowed(context: &Context) -> Vec<Question> {
    let Some(can) = context.client_capabilities() else { return Vec::new() };
    let sampling = can.sampling.is_some().then(|| ("greeting", sample("Generate a greeting")));
    sampling.into_iter().chain(can.elicitation.is_some().then(your_name)).collect()
}

/// A prompt that asks first.
pub(crate) fn prompt(request: &GetPromptRequestParams) -> Option<GetPromptResponse> {
    if request.name != "test_input_required_result_prompt" {
        return None;
    }
    let given = request.input_responses.as_ref().and_then(|all| all.get("user_context"));
    let Some(given) = given else {
        let question = elicit("What context should the prompt use?", "context", "string");
        return Some(ask(&[("user_context", question)], None).into());
    };
    let text = format!("Use this context: {}", given["content"]["context"]);
    let message = json!({"role": "user", "content": {"type": "text", "text": text}});
    Some(GetPromptResponse::Complete(typed(json!({"resultType": "complete", "messages": [message]}))))
}
