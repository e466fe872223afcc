//! From settings to a target: which database, as which login, over what kind of connection.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, Host, SslNegotiation, TargetSessionAttrs};
use uuid::Uuid;

use super::local::LocalServer;
use super::options::{self, Options};
use super::servers::Wanted;
use super::tls::{Tls, TlsMode};
use super::{DatabaseError, Passwords, WireError};
use crate::settings::{
    ConnectionParts, ConnectionSource, DbAuth, LOCAL_DATABASE, LocalArgs, WireArgs, stored_password,
};

/// After this much silence the operating system asks whether the server is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// What others who connect to the same server need as well.
const SHARED: [&str; 4] = ["sslmode", "sslrootcert", "sslnegotiation", "channel_binding"];

/// A database on one of some servers, a login there, and how to reach it.
#[derive(Clone)]
pub struct Target {
    pub(super) config: Config,
    pub(super) tls: Tls,
    pub(super) wanted: Wanted,
    options: Options,
    pub(super) passwords: Option<Arc<dyn Passwords>>,
}

impl From<&Config> for Target {
    /// A server of this machine, behind a socket.
    fn from(config: &Config) -> Self {
        Self {
            config: config.clone(),
            tls: Tls::none(),
            wanted: Wanted::default(),
            options: Options::default(),
            passwords: None,
        }
    }
}

impl From<&Self> for Target {
    fn from(target: &Self) -> Self {
        target.clone()
    }
}

/// Reads the settings of a connection. For the managed local server this starts it when it is down.
pub(super) async fn resolve(
    source: &ConnectionSource,
    local: &LocalArgs,
    identity: Uuid,
) -> Result<Target, DatabaseError> {
    match source {
        ConnectionSource::Url { url, wire } => from_url(url.expose_secret(), "DATABASE_URL", wire),
        ConnectionSource::Parts(parts) => from_parts(parts),
        ConnectionSource::Local => {
            let server = LocalServer::at(local)?;
            let config = server.login_config(identity, LOCAL_DATABASE)?;
            server.up().await?;
            Ok(Target::from(&config))
        }
    }
}

/// Reads a connection string, and files that it names; a missing password is looked up in `~/.pgpass`.
///
/// # Errors
///
/// [`DatabaseError::Malformed`], without the string; [`DatabaseError::Wire`] when an option or a file cannot be used.
pub fn from_url(url: &str, variable: &'static str, wire: &WireArgs) -> Result<Target, DatabaseError> {
    let (rest, ours) = options::take(url);
    let config = rest.parse().map_err(|error| options::malformed(variable, &error))?;
    options::check_password(url, &config, &ours)?;
    complete(config, ours.complete(wire), wire.db_auth)
}

fn from_parts(parts: &ConnectionParts) -> Result<Target, DatabaseError> {
    let mut config = Config::new();
    for host in parts.host.split(',') {
        config.host(host);
    }
    for port in &parts.ports {
        config.port(*port);
    }
    config.dbname(&parts.database);
    if let Some(user) = &parts.user {
        config.user(user);
    }
    if let Some(password) = &parts.password {
        config.password(password.expose_secret());
    }
    let mut options = Options::default();
    options.add(parts.service.iter().map(|(keyword, value)| (keyword.as_str(), value.as_str())));
    complete(config, options.complete(&parts.wire), parts.wire.db_auth)
}

fn complete(mut config: Config, mut options: Options, auth: DbAuth) -> Result<Target, DatabaseError> {
    if auth == DbAuth::Entra {
        // Whom a token is shown, can log in with it.
        options.check_server();
    } else if config.get_password().is_none()
        && let Some(password) = look_up_password(&config)
    {
        config.password(password.expose_secret());
    }
    let wanted = Wanted::read(options.get("target_session_attrs"), &mut config)?;
    if config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite {
        // The driver looks for a server that takes writes, and by default our logins make none, on any server. This is
        // only that default: every transaction says READ ONLY itself.
        let options = config.get_options().unwrap_or_default();
        let options = format!("{options} -c default_transaction_read_only=off");
        config.options(options.trim_start());
    }
    config.keepalives_idle(KEEPALIVE);
    let sockets = config.get_hosts().iter().filter(|host| is_socket(host)).count();
    // libpq reads neither words nor files of encryption for sockets.
    let only_sockets = sockets > 0 && sockets == config.get_hosts().len();
    let tls = if only_sockets { Tls::none() } else { Tls::new(&options)? };
    if auth == DbAuth::Entra && (sockets > 0 || tls.mode() < TlsMode::Require) {
        return Err(in_the_open(tls.mode()).into());
    }
    config.ssl_negotiation(negotiation(&options, tls.mode())?);
    config.channel_binding(channel_binding(&options)?);
    Ok(Target { config, tls, wanted, options, passwords: None })
}

fn in_the_open(mode: TlsMode) -> WireError {
    WireError::setting(
        format!(
            "a token of Entra ID goes over TLS only, and with sslmode={mode}, or to a socket, it might not"
        ),
        "leave sslmode out, which means verify-full here, or set it to require or above",
    )
}

fn is_socket(host: &Host) -> bool {
    matches!(host, Host::Unix(_))
}

fn negotiation(options: &Options, mode: TlsMode) -> Result<SslNegotiation, WireError> {
    match options.get("sslnegotiation") {
        None | Some("postgres") => Ok(SslNegotiation::Postgres),
        Some("direct") if mode >= TlsMode::Require => Ok(SslNegotiation::Direct),
        Some("direct") => Err(WireError::setting(
            format!("sslmode={mode} is too weak for sslnegotiation=direct, which asks nothing first"),
            "use sslmode=require or above",
        )),
        Some(_) => Err(WireError::setting("sslnegotiation is not known here", "use postgres or direct")),
    }
}

fn channel_binding(options: &Options) -> Result<ChannelBinding, WireError> {
    match options.get("channel_binding") {
        None | Some("prefer") => Ok(ChannelBinding::Prefer),
        Some("require") => Ok(ChannelBinding::Require),
        Some("disable") => Ok(ChannelBinding::Disable),
        Some(_) => {
            Err(WireError::setting("channel_binding is not known here", "use disable, prefer or require"))
        }
    }
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

impl Target {
    /// Name of the database, where one is named.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        self.config.get_dbname()
    }

    /// The same, with a password that is asked for before each connection.
    #[must_use]
    pub fn with_passwords(mut self, passwords: Option<Arc<dyn Passwords>>) -> Self {
        self.passwords = passwords;
        self
    }

    /// The same servers and login with another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.dbname(name);
        other
    }

    /// Where it leads, without its password: `login@host:port/database`.
    #[must_use]
    pub fn place(&self) -> String {
        format!(
            "{}@{}:{}/{}",
            self.config.get_user().unwrap_or("?"),
            self.hosts(),
            self.ports(),
            self.config.get_dbname().unwrap_or("?"),
        )
    }

    /// Hosts or socket directories, comma between them.
    #[must_use]
    pub fn hosts(&self) -> String {
        let names = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        });
        names.collect::<Vec<_>>().join(",")
    }

    /// Ports, comma between them.
    #[must_use]
    pub fn ports(&self) -> String {
        let ports: Vec<String> = self.config.get_ports().iter().map(u16::to_string).collect();
        if ports.is_empty() { "5432".to_owned() } else { ports.join(",") }
    }

    /// The options of encryption that another login on these servers needs as well, as of a connection string.
    #[must_use]
    pub fn shared_options(&self) -> String {
        let given = SHARED.iter().filter_map(|keyword| Some((keyword, self.options.get(keyword)?)));
        given.fold(String::new(), |text, (keyword, value)| {
            let value = value.replace('\\', r"\\").replace('\'', r"\'");
            format!("{text} {keyword}='{value}'")
        })
    }

    /// Whether nothing that is sent leaves this machine.
    #[must_use]
    pub fn stays_here(&self) -> bool {
        let here = |host: &Host| match host {
            Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
            Host::Unix(_) => true,
        };
        self.config.get_hosts().iter().all(here)
            && self.config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
    }

    /// How its connections are encrypted.
    #[must_use]
    pub fn tls(&self) -> &Tls {
        &self.tls
    }
}

#[cfg(test)]
mod tests {
    use super::from_url;
    use crate::settings::WireArgs;

    fn refusal(url: &str) -> String {
        let error = from_url(url, "DATABASE_URL", &WireArgs::default()).err().expect("refused");
        format!("{error:?} {}", crate::error::chain(&error))
    }

    #[test]
    fn a_connection_string_never_shows_in_its_own_error() {
        let shown = refusal("postgresql://zava:hunter2@[bad");
        assert!(shown.contains("DATABASE_URL") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_password_that_was_not_quoted_shows_nowhere() {
        for url in [
            "postgresql://zava:one@hunter2@localhost/zava",
            "postgresql://zava:one@/hunter2@localhost/zava",
            "host=localhost user=zava password=one hunter2=two",
            "host=localhost user= password=hunter2",
            "host= password=hunter2 user=zava",
            "host=localhost user=zava dbname= password=hunter2",
            "host=localhost target_session_attrs= password=hunter2",
            "host=localhost sslmode= password=hunter2",
            "host=localhost sslcert= password=hunter2",
        ] {
            let shown = refusal(url);
            assert!(!shown.contains("hunter2"), "{url}: {shown}");
        }
    }

    #[test]
    fn a_login_with_an_escaped_at_is_fine() {
        let url = "postgresql://zava%40server:one@localhost/zava";
        let target = from_url(url, "DATABASE_URL", &WireArgs::default()).expect("accepted");
        assert_eq!(target.place(), "zava@server@localhost:5432/zava");
    }
}
