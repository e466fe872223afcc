//! What is said of a call and of a database, in the words of the OpenTelemetry conventions.

use opentelemetry::KeyValue;
use sha2::{Digest as _, Sha256};

use crate::call::{Ended, Outcome, Who};

/// `{mcp.method.name} {target}`, where the target is a tool or prompt that exists.
pub(super) fn span_name(call: &Ended) -> String {
    let method = &call.asked.method;
    target(call).map_or_else(|| method.clone(), |target| format!("{method} {target}"))
}

/// The tool or prompt. A client may send any name, which would make a series of its own.
pub(super) fn target<'a>(call: &'a Ended) -> Option<&'a str> {
    let exists = !matches!(call.outcome, Outcome::ProtocolError(_));
    call.asked.name.as_deref().filter(|_| exists)
}

/// What spans and metrics of a call have in common.
pub(super) fn mcp(call: &Ended) -> Vec<KeyValue> {
    let method = call.asked.method.clone();
    let is_tool = method == "tools/call";
    let mut said = vec![KeyValue::new("mcp.method.name", method), KeyValue::new("network.transport", "pipe")];
    if let Some(version) = &call.asked.protocol {
        said.push(KeyValue::new("mcp.protocol.version", version.clone()));
    }
    if is_tool {
        said.push(KeyValue::new("gen_ai.operation.name", "execute_tool"));
    }
    if let Some(target) = target(call) {
        let key = if is_tool { "gen_ai.tool.name" } else { "gen_ai.prompt.name" };
        said.push(KeyValue::new(key, target.to_owned()));
    }
    said
}

/// What spans and metrics of a statement have in common.
pub(super) fn database(who: &Who) -> Vec<KeyValue> {
    let mut said =
        vec![KeyValue::new("db.system.name", "postgresql"), KeyValue::new("db.operation.name", "SELECT")];
    if let Some(name) = &who.database {
        said.push(KeyValue::new("db.namespace", name.clone()));
    }
    if let Some((address, port)) = &who.address {
        said.push(KeyValue::new("server.address", address.clone()));
        said.push(KeyValue::new("server.port", i64::from(*port)));
    }
    said
}

/// The class of a call's failure, as the conventions have it.
pub(super) fn error_type(call: &Ended) -> Option<String> {
    match call.outcome {
        Outcome::Answered => None,
        Outcome::ToolError => Some("tool_error".to_owned()),
        Outcome::ProtocolError(code) => Some(code.to_string()),
        Outcome::Cancelled => Some("cancelled".to_owned()),
    }
}

/// Why a statement of a call failed, as far as the call knows.
pub(super) fn why(call: &Ended) -> &'static str {
    match (&call.outcome, call.reason) {
        (Outcome::Cancelled, _) => "cancelled",
        (_, Some(reason)) => reason.as_str(),
        (_, None) => "_OTHER",
    }
}

/// SHA-256 of a text.
pub(super) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
