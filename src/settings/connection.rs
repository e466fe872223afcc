//! Which database: the flags and variables, in the order in which they win.

use secrecy::SecretString;

use super::{WireArgs, service_file};

/// What can be wrong with the settings themselves.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// No `--rls-user`.
    #[error(
        "VALIDATION_ERROR (rls_user_missing): no identity was given, and there is no default one; \
         start with --rls-user UUID or set RLS_USER_ID (`zava-mcp identity list` shows the ids)"
    )]
    NoIdentity,

    /// No home directory to derive the data directory from.
    #[error("VALIDATION_ERROR (data_dir_unknown): HOME is not set; give --data-dir DIR or ZAVA_DATA_DIR")]
    DataDir,

    /// A service that no service file defines.
    #[error(
        "VALIDATION_ERROR (service_unknown): PGSERVICE names `{0}`, which PGSERVICEFILE and ~/.pg_service.conf \
         do not define; add the section [{0}] or unset PGSERVICE"
    )]
    UnknownService(String),

    /// No home directory to find a client's configuration in.
    #[error("VALIDATION_ERROR (home_unknown): HOME is not set; set it, or name the file: --write PATH")]
    NoHome,

    /// Options of a command that do not fit each other.
    #[error("VALIDATION_ERROR ({reason}): {text}")]
    Options {
        /// The stable reason.
        reason: &'static str,
        /// What was wrong; what to do next.
        text: String,
    },

    /// A port that is not a number.
    #[error("VALIDATION_ERROR (port_malformed): {0} must be a port number such as 5432")]
    Port(&'static str),
}

/// Where the database is. Nothing given: the managed local server.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Database")]
pub struct ConnectionArgs {
    /// PostgreSQL URL or key=value string of the identity's own login
    ///
    /// Looked for in this order: this; POSTGRES_DB_HOST and its companions below; PGHOST, PGPORT, PGDATABASE, PGUSER,
    /// PGPASSWORD or PGSERVICE; the managed local server. A missing password is looked up in ~/.pgpass.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Host name, address or socket directory of the database
    #[arg(long, env = "POSTGRES_DB_HOST", value_name = "HOST")]
    pub db_host: Option<String>,

    /// Port of the database [default: 5432]
    #[arg(long, env = "POSTGRES_DB_PORT", value_name = "PORT")]
    pub db_port: Option<u16>,

    /// Name of the database [default: zava]
    #[arg(long, env = "POSTGRES_DB", value_name = "NAME")]
    pub db_name: Option<String>,

    /// Login of the identity
    #[arg(long, env = "POSTGRES_USER", value_name = "LOGIN")]
    pub db_user: Option<String>,

    /// Password of that login; a variable or ~/.pgpass keeps it out of the process list
    #[arg(long, env = "POSTGRES_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    pub db_password: Option<SecretString>,

    /// Name under which connections show up in the database
    #[arg(long, env = "POSTGRES_APPLICATION_NAME", value_name = "NAME", default_value = "zava-mcp")]
    pub application_name: String,

    /// How connections are made.
    #[command(flatten)]
    pub wire: WireArgs,
}

/// The database that the settings mean, and which of them said so.
#[derive(Clone, Debug)]
pub enum ConnectionSource {
    /// A connection string.
    Url {
        /// The string; never printed.
        url: SecretString,
        /// What it leaves open.
        wire: WireArgs,
    },
    /// Single values.
    Parts(ConnectionParts),
    /// The managed local server, with the login and password it keeps for the identity.
    Local,
}

/// Single values of a connection.
#[derive(Clone, Debug)]
pub struct ConnectionParts {
    /// The variables that were looked at, for messages.
    pub from: &'static str,
    /// Host name, address or absolute socket directory; several with commas between them.
    pub host: String,
    /// TCP port, or number of the socket; one for all hosts, or one for each.
    pub ports: Vec<u16>,
    /// Database name.
    pub database: String,
    /// Login; PostgreSQL's own default (the operating-system user) when absent.
    pub user: Option<String>,
    /// Password; `~/.pgpass` is asked when absent.
    pub password: Option<SecretString>,
    /// The service that `PGSERVICE` names, as key and value; passwords are not among them, because this prints.
    pub service: Vec<(String, String)>,
    /// What the service leaves open.
    pub wire: WireArgs,
}

impl ConnectionArgs {
    /// Decides which database is meant.
    ///
    /// # Errors
    ///
    /// When a service or port is named that does not exist.
    pub fn source(&self) -> Result<ConnectionSource, SettingsError> {
        if let Some(url) = &self.database_url {
            return Ok(ConnectionSource::Url { url: url.clone(), wire: self.wire.clone() });
        }
        if let Some(host) = &self.db_host {
            return Ok(ConnectionSource::Parts(self.named_parts(host)));
        }
        Ok(libpq_parts(&self.wire)?.map_or(ConnectionSource::Local, ConnectionSource::Parts))
    }

    fn named_parts(&self, host: &str) -> ConnectionParts {
        ConnectionParts {
            from: "POSTGRES_DB_HOST",
            host: host.to_owned(),
            ports: vec![self.db_port.unwrap_or(5432)],
            database: self.db_name.clone().unwrap_or_else(|| super::LOCAL_DATABASE.to_owned()),
            user: self.db_user.clone(),
            password: self.db_password.clone(),
            service: Vec::new(),
            wire: self.wire.clone(),
        }
    }
}

/// What libpq's own variables say; `None` when neither PGHOST nor PGSERVICE is set.
fn libpq_parts(wire: &WireArgs) -> Result<Option<ConnectionParts>, SettingsError> {
    let service = match std::env::var("PGSERVICE") {
        Ok(name) => service_file::read(&name).ok_or(SettingsError::UnknownService(name))?,
        Err(_) => Vec::new(),
    };
    let value = |variable: &str, key: &str| {
        std::env::var(variable)
            .ok()
            .or_else(|| service.iter().find(|(found, _)| found == key).map(|(_, value)| value.clone()))
    };
    let Some(host) = value("PGHOST", "host") else { return Ok(None) };
    let user = value("PGUSER", "user");
    let ports = value("PGPORT", "port").unwrap_or_else(|| "5432".to_owned());
    let ports: Result<Vec<u16>, _> = ports.split(',').map(str::parse).collect();
    Ok(Some(ConnectionParts {
        from: "PGHOST or PGSERVICE",
        host,
        ports: ports.map_err(|_| SettingsError::Port("PGPORT"))?,
        database: value("PGDATABASE", "dbname")
            .or_else(|| user.clone())
            .unwrap_or_else(|| super::LOCAL_DATABASE.to_owned()),
        user,
        password: value("PGPASSWORD", "password").map(SecretString::from),
        service: without_passwords(service.clone()),
        wire: wire.clone(),
    }))
}

fn without_passwords(mut service: Vec<(String, String)>) -> Vec<(String, String)> {
    service.retain(|(key, _)| !key.contains("password"));
    service
}

#[cfg(test)]
mod tests {
    use super::without_passwords;

    #[test]
    fn a_service_is_kept_without_its_passwords() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let service = vec![pair("password", "one"), pair("sslmode", "require"), pair("sslpassword", "two")];
        assert_eq!(without_passwords(service), [pair("sslmode", "require")]);
    }
}
