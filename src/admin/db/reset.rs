//! `zava-mcp db reset`: removes the managed local PostgreSQL.

use std::io::IsTerminal as _;

use anyhow::bail;

use crate::admin::print;
use crate::database::local::LocalServer;
use crate::settings::LocalArgs;

/// Options of `db reset`.
#[derive(Debug, clap::Args)]
#[command(long_about = "Remove the managed local PostgreSQL with all its data.\n\n\
        Stops the server and removes its cluster, its log and the passwords of all identities. The installed \
        binaries stay, so that `zava-mcp db up` can start over at once.")]
pub struct Options {
    /// Do not ask; needed where nobody can answer
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    local: LocalArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let server = LocalServer::at(&options.local)?;
    let data = options.local.data_dir()?;
    if !options.yes && !std::io::stdin().is_terminal() {
        bail!(
            "VALIDATION_ERROR (not_confirmed): this would remove all data in {}, and nobody can be asked here; \
             repeat it with --yes",
            data.display()
        );
    }
    if !options.yes && !print::confirmed(&format!("This removes all data in {}.", data.display())) {
        bail!("VALIDATION_ERROR (not_confirmed): nothing was removed");
    }
    let removed = server.reset().await?;
    print::line(if removed { "Removed the cluster and its passwords." } else { "There was no cluster." });
    print::line("next: zava-mcp db up");
    Ok(())
}
