//! The command line: one enum, one match.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::audit::AuditLog;
use crate::cache::Cache;
use crate::call::{Witness, Witnesses};
use crate::database::Database;
use crate::settings::{LogArgs, ServeArgs, SettingsError};
use crate::telemetry::Accounts;
use crate::{admin, embeddings, mcp};

/// Answer a store manager's questions over MCP, from her store's rows only
///
/// `zava-mcp --rls-user UUID` serves MCP on stdin and stdout until the client hangs up. The other commands run, fill and
/// check the database. Exit codes: 0 fine, 2 usage, 3 unsafe database refused, 4 database unreachable, 1 the rest.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(flatten)]
    pub(crate) serve: ServeArgs,

    #[command(flatten)]
    log: LogArgs,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Speak MCP on stdin and stdout; the same as no command
    Serve(Box<ServeArgs>),
    /// Run, make, fill and reset the shop's database
    #[command(subcommand)]
    Db(admin::db::Command),
    /// Show, add and remove the people who may ask
    #[command(subcommand)]
    Identity(admin::identity::Command),
    /// Make the vectors of products that are missing or stale, for the search by meaning
    Embed(Box<admin::embed::Options>),
    /// Check that everything a server needs is in place, and say what to do where it is not
    Doctor(Box<admin::doctor::Options>),
    /// Check the log of calls
    #[command(subcommand)]
    Audit(admin::audit::Command),
    /// Print or write the configuration of an MCP client
    Client(admin::client::Options),
    /// Print a script that completes commands and flags in a shell
    Completions(admin::completions::Options),
    /// Print the manual page, or write one for each command
    Man(admin::man::Options),
}

/// A command that ran to its end and found something wrong.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failed {
    /// Exit code.
    pub(crate) code: u8,
    /// What was wrong.
    pub(crate) message: String,
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
        // One thread: the work is PostgreSQL's, and one client's calls do not need two.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let done = runtime.block_on(async {
            match self.command {
                None => serve(&self.serve).await,
                Some(Command::Serve(args)) => serve(&args).await,
                Some(Command::Db(command)) => admin::db::run(command).await,
                Some(Command::Identity(command)) => admin::identity::run(command).await,
                Some(Command::Embed(options)) => admin::embed::run(*options).await,
                Some(Command::Doctor(options)) => admin::doctor::run(*options, &self.log).await,
                Some(Command::Audit(command)) => admin::audit::run(command),
                Some(Command::Client(options)) => admin::client::run(&options),
                Some(Command::Completions(options)) => admin::completions::run(&options, Self::command()),
                Some(Command::Man(options)) => admin::man::run(&options, Self::command()),
            }
        });
        // A read of stdin that is still waiting must not keep the process alive.
        runtime.shutdown_background();
        done
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that starts the protocol room")]
async fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    args.audit.check()?;
    let passwords = crate::entra::passwords(&args.connection.wire)?;
    let database = Database::with_passwords(args, passwords)?;
    let who = database.clone();
    let accounts = Accounts::open(&args.telemetry, Box::new(move || who.who()));
    let options = mcp::Options {
        max_calls: args.protocol.max_calls as usize,
        max_message_bytes: args.protocol.max_message_bytes as usize,
        tools: Vec::new(),
        witnesses: witnesses(args, &database, &accounts),
    };
    // A model that cannot be had leaves every other answer as it is, and the search says so.
    let model = embeddings::open(&args.embedding()?);
    let served = mcp::serve(database, Cache::new(&args.cache)?, model, options).await;
    accounts.end();
    served
}

/// Who keeps account of calls, as it is asked for.
fn witnesses(args: &ServeArgs, database: &Database, accounts: &Accounts) -> Witnesses {
    let database = database.clone();
    let audit = AuditLog::new(&args.audit, Box::new(move || database.who()));
    // The audit log first: what must not be answered is counted all the same.
    let audit = audit.map(|audit| -> Box<dyn Witness> { Box::new(audit) });
    audit.into_iter().chain(accounts.witnesses()).collect()
}

/// Prints a failure once, with its whole chain, and picks the exit code.
#[expect(clippy::print_stderr, reason = "the one place that tells a person why the program failed")]
#[must_use]
pub fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("zava-mcp: {error:#}");
    if error.is::<SettingsError>() {
        return ExitCode::from(2);
    }
    error.downcast_ref::<Failed>().map_or(ExitCode::FAILURE, |failed| ExitCode::from(failed.code))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
