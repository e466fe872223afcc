//! What a line says of a call, and of the process that writes it.

use serde_json::{Map, Value, json};

use super::book::object;
use super::line::fingerprint;
use crate::call::{Ended, Input, Outcome, Who};
use crate::settings::AuditArgs;

/// Whether a call has a line: each of a tool, and what else asked the database or failed.
pub(super) fn belongs(call: &Ended) -> bool {
    match call.asked.method.as_str() {
        "tools/call" => true,
        "resources/read" | "prompts/get" | "completion/complete" => {
            call.touched_the_database() || call.outcome != Outcome::Answered
        }
        _ => false,
    }
}

/// The process, before its first line.
pub(super) fn start(args: &AuditArgs) -> Map<String, Value> {
    let start = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "required": args.audit_required,
        "text_kept": args.audit_sql,
    });
    object(start).unwrap_or_default()
}

/// One call.
pub(super) fn of(call: &Ended, who: &Who, keep_text: bool) -> Map<String, Value> {
    let millis = (call.took.as_secs_f64() * 1e6).round() / 1e3;
    let mut fields = Map::new();
    let mut say = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    say("pid", std::process::id().into());
    say("identity", json!(who.identity));
    say("proof", json!(who.proof));
    say("login", json!(who.login));
    say("method", json!(call.asked.method));
    if let Some(name) = &call.asked.name {
        say(if call.asked.method == "tools/call" { "tool" } else { "name" }, json!(name));
    }
    if let Some(uri) = &call.asked.uri {
        say("uri", json!(uri));
    }
    if let Some(input) = &call.asked.input {
        let (kind, text) = match input {
            Input::Sql(text) => ("sql", text),
            Input::Arguments(text) => ("arguments", text),
        };
        say(&format!("{kind}_sha256"), json!(fingerprint(text)));
        if keep_text {
            say(kind, json!(text));
        }
    }
    say("rows", call.rows.into());
    say("bytes", call.bytes.into());
    say("ms", json!(millis));
    say("outcome", call.word().into());
    if let Some(reason) = call.reason {
        say("code", reason.code().as_str().into());
        say("reason", reason.as_str().into());
    }
    if let Outcome::ProtocolError(code) = call.outcome {
        say("rpc_code", code.into());
    }
    say("cached", call.kept.into());
    fields
}
