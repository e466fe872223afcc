//! The audit log: each call has its line before it is answered, and whatever happens to the lines is found.

mod entries;
mod failing;
mod tampering;
mod together;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

/// A directory that does not exist yet, in one that is gone after the test.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("audit")
    }

    fn text(&self) -> String {
        self.dir().to_str().expect("UTF-8").to_owned()
    }

    /// The one file of lines that there is.
    fn file(&self) -> PathBuf {
        let entries = std::fs::read_dir(self.dir()).expect("the directory");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.retain(|file| file.extension().is_some_and(|kind| kind == "jsonl"));
        files.sort();
        files.pop().expect("a file of lines")
    }

    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.file()).expect("UTF-8");
        assert!(text.ends_with('\n'), "{text}");
        text.lines().map(str::to_owned).collect()
    }

    fn write(&self, lines: &[String]) {
        std::fs::write(self.file(), lines.concat()).expect("written");
    }

    /// The records of calls.
    fn calls(&self) -> Vec<Value> {
        let records =
            self.lines().into_iter().map(|line| serde_json::from_str::<Value>(&line).expect("JSON"));
        records.filter(|record| record["kind"] == "call").collect()
    }

    fn serve(&self, identity: &str, flags: &[&str]) -> Client {
        let dir = self.text();
        let args = [&["--rls-user", identity, "--audit-log", &dir], flags].concat();
        Client::spawn(&args, &[("DATABASE_URL", &shop::shared().url(identity))])
    }

    /// A log with some calls in it.
    fn with_calls(queries: usize) -> Self {
        let place = Self::new();
        let mut client = place.serve(SEATTLE, &[]);
        for number in 0..queries {
            client.query(&format!("SELECT {number} AS n"));
        }
        client.hang_up();
        place
    }
}

fn verify(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["audit", "verify"]).args(args).env_clear().output().expect("it runs")
}

/// What `audit verify` says of a log that it finds intact.
#[track_caller]
fn intact(dir: &Path) -> String {
    let output = verify(&[dir.to_str().expect("UTF-8")]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success() && text.contains("intact: "), "{text}");
    text
}

/// Defects and their lines that `audit verify --json` finds.
#[track_caller]
fn defects(args: &[&str]) -> Vec<(String, u64)> {
    let output = verify(&[args, &["--json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!(output.status.code(), Some(i32::from(!findings.is_empty())), "{report}");
    let found = |finding: &Value| {
        (finding["defect"].as_str().expect("a defect").to_owned(), finding["line"].as_u64().expect("a line"))
    };
    findings.iter().map(found).collect()
}
