//! `zava-mcp db`: the database from nothing to a filled shop.

mod create;
mod steps;
mod up;

/// The `db` commands.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Start the managed local PostgreSQL, making it first if there is none
    Up(up::Options),
    /// Make the shop's schema, row security and roles, or bring them up to date; running it again changes nothing
    Create(create::Options),
}

/// Runs one `db` command.
///
/// # Errors
///
/// Whatever stopped it, with what to do.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Up(options) => up::run(options).await,
        Command::Create(options) => create::run(options).await,
    }
}
