//! Settings of `zava-mcp serve`: whose rows, which database, which limits.

use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use super::{
    AuditArgs, CacheArgs, ConnectionArgs, EmbeddingArgs, EmbeddingSettings, LocalArgs, SettingsError,
    TelemetryArgs,
};

/// Everything `zava-mcp --rls-user UUID` understands.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// RLS user id of the person whose rows are shown; must belong to the database login
    ///
    /// Fixed for the life of the process. There is no default: `zava-mcp identity list` shows the ids.
    #[arg(long, env = "RLS_USER_ID", value_name = "UUID", value_parser = rls_user)]
    pub rls_user: Option<Uuid>,

    /// Serve a database in which only a setting carries the identity, knowing that SQL might change it
    ///
    /// Needed for databases with the original sample's policies. `zava-mcp db protect` removes the need.
    #[arg(long, env = "ZAVA_ALLOW_ASSERTED_IDENTITY")]
    pub allow_asserted_identity: bool,

    /// Where the database is.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// How much a call may take.
    #[command(flatten)]
    pub limits: LimitArgs,

    /// What is kept of answers.
    #[command(flatten)]
    pub cache: CacheArgs,

    /// How much a client may ask at once.
    #[command(flatten)]
    pub protocol: ProtocolArgs,

    /// The log of calls.
    #[command(flatten)]
    pub audit: AuditArgs,

    /// What goes to collectors.
    #[command(flatten)]
    pub telemetry: TelemetryArgs,

    /// The model that compares meanings.
    #[command(flatten)]
    pub embedding: EmbeddingArgs,

    /// The managed local server.
    #[command(flatten)]
    pub local: LocalArgs,
}

/// Limits of one tool call.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Longest time one statement may run, in seconds
    #[arg(long, env = "ZAVA_STATEMENT_TIMEOUT", value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub statement_timeout: u32,

    /// Longest wait for a free or new database connection, in seconds
    #[arg(long, env = "ZAVA_CONNECT_TIMEOUT", value_name = "SECONDS", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..=300))]
    pub connect_timeout: u32,

    /// Most database connections of this process
    #[arg(long, env = "ZAVA_POOL_MAX", value_name = "CONNECTIONS", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=64))]
    pub pool_max: u32,

    /// Seconds after which an idle database connection is closed
    #[arg(long, env = "ZAVA_POOL_IDLE", value_name = "SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub pool_idle: u32,

    /// Most bytes of rows in one answer; the rest is cut off and said so
    #[arg(long, env = "ZAVA_MAX_BYTES", value_name = "BYTES", default_value_t = 32_768,
          value_parser = clap::value_parser!(u32).range(1_024..=8_388_608))]
    pub max_bytes: u32,

    /// Seconds from which a query or call counts as slow and is logged, without its text
    #[arg(long, env = "ZAVA_SLOW_QUERY_SECONDS", value_name = "SECONDS", default_value_t = 1.0,
          value_parser = seconds)]
    pub slow_query_seconds: f64,
}

/// Limits of what a client sends.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Protocol")]
pub struct ProtocolArgs {
    /// Most calls that run at once; further ones wait in order
    #[arg(long, env = "ZAVA_MAX_CALLS", value_name = "CALLS", default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(1..=256))]
    pub max_calls: u32,

    /// Longest message that is read, in bytes; a longer one is refused
    #[arg(long, env = "ZAVA_MAX_MESSAGE_BYTES", value_name = "BYTES", default_value_t = 8_388_608,
          value_parser = clap::value_parser!(u32).range(1_024..=268_435_456))]
    pub max_message_bytes: u32,
}

impl LimitArgs {
    /// The wait for a connection as a duration.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_secs(self.connect_timeout.into())
    }

    /// From how long on a query is slow.
    #[must_use]
    pub fn slow(&self) -> Duration {
        Duration::try_from_secs_f64(self.slow_query_seconds).unwrap_or(Duration::MAX)
    }

    /// How long an open connection may stay silent: longer than any statement may run.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.statement_timeout) + u64::from(self.connect_timeout))
    }

    /// The age at which an idle connection is closed.
    #[must_use]
    pub fn pool_idle(&self) -> Duration {
        Duration::from_secs(self.pool_idle.into())
    }
}

impl ServeArgs {
    /// The identity this process serves.
    ///
    /// # Errors
    ///
    /// [`SettingsError::NoIdentity`] when none was given: head office is never a default.
    pub fn identity(&self) -> Result<Uuid, SettingsError> {
        self.rls_user.ok_or(SettingsError::NoIdentity)
    }

    /// The embedding model that is meant.
    ///
    /// # Errors
    ///
    /// Those of [`EmbeddingArgs::settings`].
    pub fn embedding(&self) -> Result<EmbeddingSettings, SettingsError> {
        self.embedding.settings(&self.local)
    }
}

/// How log lines look, and where they go besides stderr.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Logging")]
pub struct LogArgs {
    /// Directory for a log file a day, in addition to stderr
    #[arg(long, env = "ZAVA_LOG_DIR", value_name = "DIR", global = true)]
    pub log_dir: Option<PathBuf>,

    /// Days of log files that are kept, today's included; older ones are removed at the start and at midnight UTC
    #[arg(long, env = "ZAVA_LOG_KEEP_DAYS", value_name = "DAYS", default_value_t = 14, global = true,
          value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub log_keep_days: u16,

    /// Which log lines: `error`, `warn`, `info`, `debug`, or a tracing filter such as `zava_mcp=debug`
    #[arg(
        long,
        env = "ZAVA_LOG",
        value_name = "FILTER",
        default_value = "warn,zava_mcp=info",
        global = true
    )]
    pub log: String,
}

/// Reads an RLS user id, for clap.
pub(crate) fn rls_user(text: &str) -> Result<Uuid, String> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        "VALIDATION_ERROR (rls_user_malformed): an RLS user id is a UUID such as \
         f47ac10b-58cc-4372-a567-0e02b2c3d479; `zava-mcp identity list` shows them"
            .to_owned()
    })
}

/// Reads a number of seconds that may have a fraction, for clap.
fn seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=3600.0).contains(seconds))
        .ok_or_else(|| "a number of seconds from 0 to 3600, such as 0.5".to_owned())
}
