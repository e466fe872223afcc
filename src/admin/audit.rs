//! `zava-mcp audit verify`: whether the audit log is the one that was written.

use std::path::PathBuf;

use anyhow::bail;

use crate::admin::print;
use crate::audit::verify::{Report, verify};

/// Commands of `zava-mcp audit`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Read an audit log again and say which lines were removed, changed, moved, doubled or cut
    Verify(Options),
}

/// Options of `audit verify`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Directory of an audit log, or some of its files in their order
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Hash of a record that must be there: the head that an earlier verify printed, kept where nobody changes it
    ///
    /// Lines that were cut off the end are noticed by it even where audit.head was changed with them.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    expect_head: Option<String>,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

fn hash(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    let fits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits { Ok(text) } else { Err("a hash has 64 hexadecimal digits".to_owned()) }
}

/// Runs a command.
///
/// # Errors
///
/// When something is wrong with the log, or it cannot be read.
pub fn run(command: Command) -> anyhow::Result<()> {
    let Command::Verify(options) = command;
    let report = verify(&options.paths, options.expect_head.as_deref())?;
    if options.json {
        print::line(serde_json::to_string_pretty(&report)?);
    } else {
        told(&report);
    }
    let count = report.findings.len();
    if count == 0 {
        return Ok(());
    }
    let message = format!("MCP_ERROR (audit_broken): {count} defects in the audit log");
    bail!(crate::cli::Failed { code: 1, message })
}

fn told(report: &Report) {
    for note in &report.notes {
        print::line(format!("note: {note}"));
    }
    for finding in &report.findings {
        print::line(format!("BROKEN {finding}"));
    }
    let number = |seq: Option<u64>| seq.map_or("none".to_owned(), |seq| seq.to_string());
    print::line(format!(
        "{}: {} calls in {} lines of {} files, records {} to {}",
        if report.findings.is_empty() { "intact" } else { "NOT INTACT" },
        report.calls,
        report.lines,
        report.files.len(),
        number(report.first),
        number(report.last),
    ));
    if let Some(head) = &report.head {
        print::line(format!("head {head}"));
    }
}
