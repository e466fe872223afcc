//! Where the managed local PostgreSQL lives.

use std::path::PathBuf;

use super::SettingsError;

/// Name of the database on the managed local server.
pub const LOCAL_DATABASE: &str = "zava";

/// Settings of the managed local PostgreSQL (`zava-mcp db up`).
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Managed local PostgreSQL")]
pub struct LocalArgs {
    /// Directory of the managed local PostgreSQL: its files, its socket, its passwords
    ///
    /// Default: ~/.local/share/zava-mcp, and /var/lib/zava-mcp for root. `XDG_DATA_HOME` is not looked at,
    /// because MCP clients do not pass it on and would then start a second, empty server.
    #[arg(long, env = "ZAVA_DATA_DIR", value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,

    /// Directory that holds `postgres` and `initdb` of an installed PostgreSQL 16 or newer with pgvector
    ///
    /// Default: what `scripts/install-postgres` put under the data directory.
    #[arg(long, env = "ZAVA_PG_BIN_DIR", value_name = "DIR", global = true)]
    pub pg_bin_dir: Option<PathBuf>,

    /// Operating-system user that runs PostgreSQL when zava-mcp runs as root
    ///
    /// Default: `postgres` if that user exists, else `nobody`. Ignored for everyone but root.
    #[arg(long, env = "ZAVA_SERVER_USER", value_name = "USER", global = true)]
    pub server_user: Option<String>,
}

impl LocalArgs {
    /// The absolute data directory these settings mean.
    ///
    /// # Errors
    ///
    /// When no directory was given and the environment names no home directory.
    pub fn data_dir(&self) -> Result<PathBuf, SettingsError> {
        if let Some(dir) = &self.data_dir {
            return std::path::absolute(dir).map_err(|_| SettingsError::DataDir);
        }
        if rustix::process::geteuid().is_root() {
            // Not below /root: the unprivileged user that runs PostgreSQL could not enter it.
            return Ok(PathBuf::from("/var/lib/zava-mcp"));
        }
        let home = std::env::home_dir().filter(|home| home.is_absolute()).ok_or(SettingsError::DataDir)?;
        Ok(home.join(".local/share/zava-mcp"))
    }
}
