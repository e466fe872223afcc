//! From settings to a driver configuration: which database, as which login.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use uuid::Uuid;

use super::DatabaseError;
use super::local::LocalServer;
use crate::settings::{ConnectionParts, ConnectionSource, LOCAL_DATABASE, LocalArgs, stored_password};

/// After this much silence the operating system asks whether the server is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Reads the settings of a connection. For the managed local server this starts it when it is down.
pub(super) async fn resolve(
    source: &ConnectionSource,
    local: &LocalArgs,
    identity: Uuid,
) -> Result<Config, DatabaseError> {
    match source {
        ConnectionSource::Url { url } => from_url(url.expose_secret(), "DATABASE_URL"),
        ConnectionSource::Parts(parts) => from_parts(parts),
        ConnectionSource::Local => {
            let server = LocalServer::at(local)?;
            let config = server.login_config(identity, LOCAL_DATABASE)?;
            server.up().await?;
            Ok(config)
        }
    }
}

/// Reads a connection string; a missing password is looked up in `~/.pgpass`.
///
/// # Errors
///
/// [`DatabaseError::Malformed`], without the string.
pub fn from_url(url: &str, variable: &'static str) -> Result<Config, DatabaseError> {
    let config = url.parse().map_err(|source| DatabaseError::Malformed { variable, source })?;
    Ok(complete(config))
}

fn from_parts(parts: &ConnectionParts) -> Result<Config, DatabaseError> {
    let mut config = Config::new();
    config.host(&parts.host).port(parts.port).dbname(&parts.database);
    if let Some(user) = &parts.user {
        config.user(user);
    }
    if let Some(password) = &parts.password {
        config.password(password.expose_secret());
    }
    if let Some(mode) = &parts.sslmode {
        // Read as a connection string, so that one place knows the words.
        let read: Config = format!("sslmode={mode}")
            .parse()
            .map_err(|source| DatabaseError::Malformed { variable: "PGSSLMODE", source })?;
        config.ssl_mode(read.get_ssl_mode());
    }
    Ok(complete(config))
}

fn complete(mut config: Config) -> Config {
    if config.get_password().is_none()
        && let Some(password) = look_up_password(&config)
    {
        config.password(password.expose_secret());
    }
    if config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite {
        // The driver looks for a server that takes writes, and by default our logins make none, on any server. This is
        // only that default: every transaction says READ ONLY itself.
        let options = config.get_options().unwrap_or_default();
        let options = format!("{options} -c default_transaction_read_only=off");
        config.options(options.trim_start());
    }
    config.keepalives_idle(KEEPALIVE);
    if config.get_ssl_mode() == SslMode::Prefer {
        // This build speaks no TLS; without this the driver would ask the server for it in vain.
        config.ssl_mode(SslMode::Disable);
    }
    config
}

fn look_up_password(config: &Config) -> Option<secrecy::SecretString> {
    let host = match config.get_hosts().first()? {
        Host::Tcp(name) => name.as_str(),
        Host::Unix(_) => "localhost",
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user()?;
    stored_password(host, port, config.get_dbname().unwrap_or(user), user)
}

#[cfg(test)]
mod tests {
    use super::from_url;

    #[test]
    fn a_connection_string_never_shows_in_its_own_error() {
        let error = from_url("postgresql://zava:hunter2@[bad", "DATABASE_URL").expect_err("malformed");
        let shown = format!("{error:?} {}", crate::error::chain(&error));
        assert!(shown.contains("DATABASE_URL") && !shown.contains("hunter2"), "{shown}");
    }
}
