//! `zava-mcp db up`.

use crate::settings::LocalArgs;

/// Options of `db up`.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    local: LocalArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    crate::admin::print::line(options.local.data_dir()?.display());
    Ok(())
}
