//! `zava-mcp db down`: stops the managed local PostgreSQL.

use crate::admin::print;
use crate::database::local::LocalServer;
use crate::settings::LocalArgs;

/// Options of `db down`.
#[derive(Debug, clap::Args)]
#[command(long_about = "Stop the managed local PostgreSQL and keep its data.\n\n\
        Open connections are closed and their transactions rolled back. `zava-mcp db up`, or the next tool call of a \
        running zava-mcp, starts it again. It is no error when it was not running.")]
pub struct Options {
    #[command(flatten)]
    local: LocalArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let was_running = LocalServer::at(&options.local)?.down().await?;
    print::line(if was_running { "PostgreSQL stopped." } else { "PostgreSQL was not running." });
    Ok(())
}
