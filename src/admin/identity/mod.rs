//! `zava-mcp identity`: which login acts as which RLS user, for which stores.

mod add;
mod list;
mod person;
mod remove;
mod stores;

pub(crate) use self::add::{default_login, ensure};
pub(crate) use self::person::{Kind, Person, sample};
pub(crate) use self::stores::Stores;

/// Where the shop is, unless the mapping refers to another schema.
const SCHEMA: &str = "retail";

/// The `identity` commands.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show every identity: its login, RLS user id, kind and stores
    List(list::Options),
    /// Give a person a login of their own, bound to an RLS user id and its stores
    Add(add::Options),
    /// Take a person's login and all its rights away
    Remove(remove::Options),
}

/// Runs one `identity` command.
///
/// # Errors
///
/// Whatever stopped it, with what to do.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::List(options) => list::run(options).await,
        Command::Add(options) => add::run(options).await,
        Command::Remove(options) => remove::run(options).await,
    }
}
