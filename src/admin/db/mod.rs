//! `zava-mcp db`: the database from nothing to a filled shop.

mod seed;
mod up;

/// The `db` commands.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Start the managed local PostgreSQL, making it first if there is none
    Up(up::Options),

    /// Fill the shop's tables with a sample shop
    Seed(seed::Options),
}

/// Runs one `db` command.
///
/// # Errors
///
/// Whatever stopped it, with what to do.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Up(options) => up::run(options).await,
        Command::Seed(options) => seed::run(options).await,
    }
}
