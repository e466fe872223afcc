//! `zava-mcp doctor`: every check against the real thing, one line each, with what to do.

mod around;
mod checks;
mod embeddings;
mod encryption;
mod finding;
mod posture;

use anyhow::bail;

use self::finding::Outcome;
use crate::admin::print;
use crate::settings::{LogArgs, ServeArgs};

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Print the findings as JSON, an array of objects with name, outcome, detail and remedy
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    serve: ServeArgs,
}

/// Checks everything and prints one line per check.
///
/// # Errors
///
/// When a check failed; the exit code is 3 for an unsafe database, 4 for an unreachable one, else 1.
pub async fn run(options: Options, log: &LogArgs) -> anyhow::Result<()> {
    let findings = checks::run(&options.serve, log).await?;
    if options.json {
        print::line(serde_json::to_string_pretty(&findings)?);
    } else {
        for finding in &findings {
            print::line(finding);
        }
    }
    let failed = findings.iter().filter(|finding| finding.outcome == Outcome::Fail).count();
    if failed == 0 {
        return Ok(());
    }
    let code = findings.iter().filter_map(finding::Finding::exit_code).min().unwrap_or(1);
    bail!(crate::cli::Failed { code, message: format!("{failed} of {} checks failed", findings.len()) })
}
