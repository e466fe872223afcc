//! Settings of the cache: how long an answer may be given again, how much of it is kept, and where.

use std::time::Duration;

use secrecy::SecretString;

/// What is kept of answers.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Cache")]
pub struct CacheArgs {
    /// Longest time an answer is given again, in seconds; 0 keeps none
    #[arg(long, env = "ZAVA_CACHE_TTL", value_name = "SECONDS", default_value_t = 300,
          value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub cache_ttl: u32,

    /// Most bytes of answers kept in memory; 0 keeps none there
    #[arg(long, env = "ZAVA_CACHE_BYTES", value_name = "BYTES", default_value_t = 33_554_432,
          value_parser = clap::value_parser!(u32).range(0..=1_073_741_824))]
    pub cache_bytes: u32,

    /// Keep answers of execute_sales_query too, when nothing in the query depends on more than the shop's rows
    #[arg(long, env = "ZAVA_CACHE_QUERIES")]
    pub cache_queries: bool,

    /// Redis that processes of the same login share answers through, such as redis://127.0.0.1/0 or redis+unix:///run/redis.sock
    ///
    /// Entries are sealed with a key from the login's own password: nobody else can read or make one.
    #[arg(long, env = "ZAVA_CACHE_URL", value_name = "URL", hide_env_values = true)]
    pub cache_url: Option<SecretString>,
}

impl CacheArgs {
    /// The age up to which an answer is given again.
    #[must_use]
    pub fn ttl(&self) -> Duration {
        Duration::from_secs(self.cache_ttl.into())
    }
}
