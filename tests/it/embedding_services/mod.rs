//! The remote embedding services: what is asked of them, and that each of their failures is told from the others.

pub(crate) mod double;
mod failures;
mod requests;
mod settings;
mod tokens;

use std::collections::HashMap;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A key that must never be seen again.
const KEY: &str = "sk-zava-6f1c9a2e";

/// What `doctor` found out about the embedding model, and everything that it printed.
struct Report {
    outcome: String,
    detail: String,
    remedy: String,
    printed: String,
}

/// Asks the built binary, with every log line there is, and sees that no key was printed.
#[track_caller]
fn doctor(environment: &[(&str, &str)]) -> Report {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["doctor", "--json", "--log", "trace", "--data-dir", "/tmp/zava-nowhere"]);
    command.env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let printed = format!("{stdout}{}", String::from_utf8(output.stderr).expect("UTF-8"));
    assert!(!printed.contains(KEY), "a key was printed: {printed}");
    let findings: Vec<HashMap<String, Value>> = serde_json::from_str(&stdout).expect(&printed);
    let found = findings.into_iter().find(|finding| finding["name"] == "embeddings").expect("a finding");
    let text = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Report { outcome: text("outcome"), detail: text("detail"), remedy: text("remedy"), printed }
}
