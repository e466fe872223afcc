//! `zava-mcp db`: the database from nothing to a filled shop.

mod create;
mod down;
mod protect;
mod ready;
mod reset;
pub(crate) mod rights;
mod seed;
mod status;
mod steps;
mod up;

/// The `db` commands.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Start the managed local PostgreSQL, making it first if there is none
    Up(up::Options),
    /// Stop the managed local PostgreSQL and keep its data
    Down(down::Options),
    /// Make the shop's schema, row security and roles, or bring them up to date; running it again changes nothing
    Create(create::Options),
    /// Add identities that no SQL can forge to a retail database that exists already; nothing is dropped
    Protect(protect::Options),
    /// Fill the shop with sample customers, orders and stock: the same for the same --seed, of any size
    Seed(seed::Options),
    /// Say whether the managed local PostgreSQL runs, where it is and how large
    Status(status::Options),
    /// Remove the managed local PostgreSQL with all its data
    Reset(reset::Options),
}

/// Runs one `db` command.
///
/// # Errors
///
/// Whatever stopped it, with what to do.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Up(options) => up::run(options).await,
        Command::Down(options) => down::run(options).await,
        Command::Create(options) => create::run(options).await,
        Command::Protect(options) => protect::run(options).await,
        Command::Status(options) => status::run(options).await,
        Command::Reset(options) => reset::run(options).await,
        Command::Seed(options) => seed::run(options).await,
    }
}
