//! How connections are made: encryption, and which of several servers. libpq's names and variables.

/// What a connection string, and a service, leave open.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Encryption and servers")]
pub struct WireArgs {
    /// Encryption: disable, prefer, require, verify-ca or verify-full [default: prefer]
    ///
    /// prefer takes what the server offers. require encrypts, and checks the server's certificate only if
    /// --sslrootcert is given; verify-ca checks who signed it, verify-full also that it is made out to the host. With
    /// --sslrootcert system the default is verify-full. A connection string's own sslmode wins. Sockets of this machine
    /// are never encrypted.
    #[arg(long, env = "PGSSLMODE", value_name = "MODE")]
    pub sslmode: Option<String>,

    /// Certificates of the authorities that may sign the server's, PEM; `system` for those that this machine trusts
    ///
    /// Default: ~/.postgresql/root.crt if it exists.
    #[arg(long, env = "PGSSLROOTCERT", value_name = "FILE")]
    pub sslrootcert: Option<String>,

    /// Client certificate, PEM [default: ~/.postgresql/postgresql.crt if it exists]
    #[arg(long, env = "PGSSLCERT", value_name = "FILE")]
    pub sslcert: Option<String>,

    /// Key of the client certificate, PEM, not encrypted, readable by its owner alone
    ///
    /// Default: ~/.postgresql/postgresql.key.
    #[arg(long, env = "PGSSLKEY", value_name = "FILE")]
    pub sslkey: Option<String>,

    /// How encryption begins: postgres (asked for first) or direct (PostgreSQL 17 or newer) [default: postgres]
    #[arg(long, env = "PGSSLNEGOTIATION", value_name = "WAY")]
    pub sslnegotiation: Option<String>,

    /// Whether the login is bound to the encrypted connection: disable, prefer or require [default: prefer]
    #[arg(long, env = "PGCHANNELBINDING", value_name = "WHEN")]
    pub channel_binding: Option<String>,

    /// Which of several servers: any, read-write, read-only, primary, standby or prefer-standby [default: any]
    #[arg(long, env = "PGTARGETSESSIONATTRS", value_name = "WHICH")]
    pub target_session_attrs: Option<String>,

    /// How to log in: `password`, or `entra`, a token of Entra ID in its place (Azure Database for PostgreSQL)
    ///
    /// The application comes from variables alone: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET
    /// (AZURE_AUTHORITY_HOST in other clouds). Tokens go over TLS only; without an sslmode the server is checked by
    /// verify-full against the authorities that this machine trusts.
    #[arg(long, env = "ZAVA_DB_AUTH", value_name = "WAY", value_enum, default_value_t)]
    pub db_auth: DbAuth,
}

/// How a login proves itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DbAuth {
    /// By what the settings say: a password, a client certificate, or nothing.
    #[default]
    Password,
    /// By a token of Entra ID.
    Entra,
}

impl WireArgs {
    /// What was given, as libpq's keyword and value.
    #[must_use]
    pub fn options(&self) -> Vec<(&'static str, &str)> {
        let given = [
            ("sslmode", &self.sslmode),
            ("sslrootcert", &self.sslrootcert),
            ("sslcert", &self.sslcert),
            ("sslkey", &self.sslkey),
            ("sslnegotiation", &self.sslnegotiation),
            ("channel_binding", &self.channel_binding),
            ("target_session_attrs", &self.target_session_attrs),
        ];
        let given = given.into_iter().filter_map(|(keyword, value)| Some((keyword, value.as_deref()?)));
        // Configurations of clients often set what they leave open to the empty string.
        given.filter(|(_, value)| !value.is_empty()).collect()
    }
}
