//! The command line: one enum, one match.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::admin;
use crate::settings::LogArgs;

/// Answer a store manager's questions over MCP, from her store's rows only
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    #[command(flatten)]
    log: LogArgs,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run, fill and reset the shop's database
    #[command(subcommand)]
    Db(admin::db::Command),
}

impl Cli {
    /// How to log.
    #[must_use]
    pub fn log(&self) -> &LogArgs {
        &self.log
    }

    /// Runs the chosen command to its end.
    ///
    /// # Errors
    ///
    /// Whatever made the command fail, with what it was doing.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            match self.command {
                Some(Command::Db(command)) => admin::db::run(command).await,
                None => Ok(()),
            }
        })
    }
}

/// Prints a failure once, with its whole chain, and picks the exit code.
#[expect(clippy::print_stderr, reason = "the one place that tells a person why the program failed")]
#[must_use]
pub fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("zava-mcp: {error:#}");
    ExitCode::FAILURE
}
