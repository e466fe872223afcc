//! One verdict per case: what the server answered, held against what must come of it.

use serde_json::Value;

use super::case::{Case, Must};
use super::markers::Secrets;

/// What came back.
pub(super) struct Answer {
    pub(super) is_error: bool,
    pub(super) text: String,
    rows: Option<Vec<Value>>,
}

/// Why a case failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) id: String,
    pub(super) why: String,
    /// Another store's value was in the answer.
    pub(super) leak: bool,
}

impl Answer {
    /// From a JSON-RPC message; a protocol error is an error too.
    pub(super) fn of(message: &Value) -> Self {
        let result = &message["result"];
        let text = result["content"][0]["text"].as_str().map_or_else(|| message.to_string(), str::to_owned);
        let is_error = !message["error"].is_null() || result["isError"].as_bool().unwrap_or(false);
        let structured = result.get("structuredContent");
        let rows = structured.and_then(|answer| answer["r"].as_array()).cloned();
        Self { is_error, text, rows }
    }

    /// The only cell, as PostgreSQL would write it; `None` is NULL.
    fn cell(&self) -> Result<Option<String>, String> {
        match self.rows.as_deref() {
            Some([row]) if row.as_array().is_some_and(|row| row.len() == 1) => Ok(match &row[0] {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            }),
            _ => Err(format!("not one cell: {}", short(&self.text))),
        }
    }
}

/// Judges a case. `expected` is what the superuser's own query gave.
pub(super) fn judge(
    case: &Case,
    answer: &Answer,
    question: &str,
    expected: Option<&Option<String>>,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let shown = secrets.shown(&answer.text, question);
    if !shown.is_empty() {
        let why = format!("shows {}: {}", shown.join(", "), short(&answer.text));
        return Err(Failure { id: case.id.clone(), why, leak: true });
    }
    kept(case, answer, expected).map_err(|why| Failure { id: case.id.clone(), why, leak: false })
}

fn kept(case: &Case, answer: &Answer, expected: Option<&Option<String>>) -> Result<(), String> {
    if answer.is_error != (case.must == Must::Rejected) {
        let what = if answer.is_error { "was refused" } else { "was answered" };
        return Err(format!("{what}: {}", short(&answer.text)));
    }
    let rows = answer.rows.as_ref().map(Vec::len);
    match case.must {
        Must::Rejected => by(case, &answer.text),
        Must::Empty if rows != Some(0) => Err(format!("has rows: {}", short(&answer.text))),
        Must::OwnRows if rows == Some(0) && case.tool.is_none() => Err("has no rows".to_owned()),
        Must::Empty | Must::OwnRows => Ok(()),
        Must::Open => match expected {
            Some(expected) if answer.cell()? == *expected => Err("is stopped now: no longer open".to_owned()),
            _ => Ok(()),
        },
        Must::Value => match expected {
            Some(expected) => equal(expected, &answer.cell()?),
            None => value(case, answer),
        },
    }
}

fn by(case: &Case, text: &str) -> Result<(), String> {
    let Some(reasons) = &case.by else { return Ok(()) };
    let head = text.split("):").next().unwrap_or_default();
    let said = reasons.split('|').any(|reason| head.ends_with(&format!("({reason}")));
    if said { Ok(()) } else { Err(format!("not by {reasons}: {}", short(text))) }
}

fn value(case: &Case, answer: &Answer) -> Result<(), String> {
    match case.value.as_ref().unwrap_or(&Value::Null) {
        Value::Array(expected) => equal(&Some(expected), &answer.rows.as_ref()),
        expected => match answer.rows.as_deref() {
            Some([row]) => equal(&Some(expected), &row.get(0)),
            _ => Err(format!("not one row: {}", short(&answer.text))),
        },
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("must be {expected:?}, is {found:?}")) }
}

/// Enough of a text to see what it is.
pub(super) fn short(text: &str) -> String {
    let first: String = text.chars().take(180).collect();
    first.replace('\n', " ")
}
