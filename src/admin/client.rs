//! `zava-mcp client`: the configuration of an MCP client for chosen identities.

/// The clients.
#[derive(Debug, clap::Args)]
pub struct Options {}

/// Prints or writes the configuration.
///
/// # Errors
///
/// Whatever stopped it, with what to do.
pub async fn run(_options: Options) -> anyhow::Result<()> {
    Ok(())
}
