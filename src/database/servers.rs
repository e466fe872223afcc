//! Opens connections: one server after the other until one is of the kind that is asked for.
#![expect(clippy::disallowed_methods, reason = "the one place that connects")]

use std::hash::{BuildHasher as _, RandomState};
use std::ops::Deref;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::JoinHandle;
use tokio_postgres::config::{Host, LoadBalanceHosts, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, SimpleQueryMessage};
use tokio_util::task::AbortOnDropHandle;

use super::tls::Tls;
use super::{DatabaseError, Target, WireError, WireFault};

/// Which of several servers will do: libpq's `target_session_attrs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The first that answers; or what the driver knows how to look for: one that takes writes, one that does not.
    #[default]
    ByDriver,
    Primary,
    Standby,
    /// A standby if there is one, else the first that answers.
    PreferStandby,
}

impl Wanted {
    /// Reads `target_session_attrs`; what the driver looks for by itself is set there.
    pub(super) fn read(word: Option<&str>, config: &mut Config) -> Result<Self, WireError> {
        let attributes = match word {
            None | Some("any") => TargetSessionAttrs::Any,
            Some("read-write") => TargetSessionAttrs::ReadWrite,
            Some("read-only") => TargetSessionAttrs::ReadOnly,
            Some("primary") => return Ok(Self::Primary),
            Some("standby") => return Ok(Self::Standby),
            Some("prefer-standby") => return Ok(Self::PreferStandby),
            Some(word) => {
                let word: String = word.chars().take(40).collect();
                return Err(WireError::setting(
                    format!("target_session_attrs `{word}` is not known here"),
                    "use any, read-write, read-only, primary, standby or prefer-standby",
                ));
            }
        };
        config.target_session_attrs(attributes);
        Ok(Self::ByDriver)
    }

    /// Whether a server that is a standby, or is none, will do.
    fn takes(self, is_standby: bool) -> bool {
        match self {
            Self::ByDriver => true,
            Self::Primary => !is_standby,
            Self::Standby | Self::PreferStandby => is_standby,
        }
    }
}

/// An open connection. It closes when the value is dropped.
pub(super) struct Link {
    client: Client,
    /// What moves its messages.
    task: AbortOnDropHandle<()>,
}

impl Link {
    /// The connection for the pool, which closes it by itself.
    pub(super) fn into_parts(self) -> (Client, JoinHandle<()>) {
        (self.client, self.task.detach())
    }
}

impl Deref for Link {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Target {
    /// Opens a connection to the first server that will do.
    ///
    /// # Errors
    ///
    /// What kept the last one from doing.
    pub(super) async fn connect(&self) -> Result<Link, DatabaseError> {
        let password = match &self.passwords {
            Some(passwords) => Some(passwords.password().await?),
            None => None,
        };
        let (mut spare, mut failed) = (None, None);
        for number in self.order() {
            match self.connect_to(number, password.as_ref()).await {
                Ok((link, true)) => return Ok(link),
                Ok((link, false)) if self.wanted == Wanted::PreferStandby && spare.is_none() => {
                    spare = Some(link);
                }
                Ok(_) => {}
                Err(error) => failed = Some(error),
            }
        }
        if let (Some(passwords), Some(error)) = (&self.passwords, &failed)
            && error.sqlstate() == Some(SqlState::INVALID_PASSWORD.code())
        {
            passwords.refused().await;
        }
        spare.ok_or_else(|| failed.unwrap_or_else(|| self.none_will_do()))
    }

    /// The servers as they are tried.
    fn order(&self) -> Vec<usize> {
        let servers = self.config.get_hosts().len().max(self.config.get_hostaddrs().len());
        let mut order: Vec<usize> = (0..servers).collect();
        if self.config.get_load_balance_hosts() == LoadBalanceHosts::Random {
            let chance = RandomState::new();
            order.sort_by_cached_key(|number| chance.hash_one(number));
        }
        order
    }

    /// Opens a connection to one server; whether it will do.
    async fn connect_to(
        &self,
        number: usize,
        password: Option<&SecretString>,
    ) -> Result<(Link, bool), DatabaseError> {
        let mut config = self.only(number);
        if let Some(password) = password {
            config.password(password.expose_secret());
        }
        let tls = if is_socket(&config) { Tls::none() } else { self.tls.clone() };
        let open = async {
            let (client, connection) =
                Box::pin(config.connect(tls)).await.map_err(|source| self.failed(source))?;
            let task = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!("a connection ended: {error}");
                }
            });
            let link = Link { client, task: AbortOnDropHandle::new(task) };
            let will_do = match self.wanted {
                Wanted::ByDriver => true,
                wanted => wanted.takes(self.is_standby(&link).await?),
            };
            Ok((link, will_do))
        };
        // The driver's own limit ends when the server has taken the connection, and the next server waits.
        match config.get_connect_timeout().filter(|_| self.config.get_hosts().len() > 1) {
            Some(limit) => {
                tokio::time::timeout(*limit, open).await.unwrap_or_else(|_| Err(self.silent(*limit)))
            }
            None => open.await,
        }
    }

    async fn is_standby(&self, link: &Link) -> Result<bool, DatabaseError> {
        let asked = link.simple_query("SELECT pg_catalog.pg_is_in_recovery()").await;
        let answer = asked.map_err(|source| self.failed(source))?;
        Ok(answer.iter().any(
            |message| matches!(message, SimpleQueryMessage::Row(row) if row.try_get(0).ok().flatten() == Some("t")),
        ))
    }

    fn failed(&self, source: tokio_postgres::Error) -> DatabaseError {
        match WireError::of(&source, &self.place()) {
            Some(error) => error.into(),
            None => DatabaseError::Connect { place: self.place(), source },
        }
    }

    fn silent(&self, limit: Duration) -> DatabaseError {
        DatabaseError::Timeout { place: self.place(), seconds: limit.as_secs().max(1), waiting: false }
    }

    fn none_will_do(&self) -> DatabaseError {
        let what = match self.wanted {
            Wanted::Standby => "no server that answers is a standby",
            Wanted::Primary => "no server that answers is the primary",
            Wanted::ByDriver | Wanted::PreferStandby => "the settings name no server",
        };
        WireError::new(WireFault::NoServer, format!("{what} (looked at {})", self.place())).into()
    }

    /// The configuration of one of several servers.
    fn only(&self, number: usize) -> Config {
        let all = &self.config;
        let mut one = Config::new();
        match (all.get_hosts().get(number), all.get_hostaddrs().get(number)) {
            (Some(Host::Tcp(name)), address) => {
                one.host(name);
                address.map(|address| one.hostaddr(*address));
            }
            (Some(Host::Unix(path)), _) => {
                one.host_path(path);
            }
            // The address is the name that its certificate has to be made out to.
            (None, Some(address)) => {
                one.host(address.to_string());
            }
            (None, None) => {}
        }
        let ports = all.get_ports();
        ports.get(number).or_else(|| ports.first()).map(|port| one.port(*port));
        self.as_whom(&mut one);
        one.ssl_mode(if is_socket(&one) { Tls::none().driver_mode() } else { self.tls.driver_mode() });
        one
    }

    /// What is the same for all servers.
    fn as_whom(&self, one: &mut Config) {
        let all = &self.config;
        all.get_user().map(|user| one.user(user));
        all.get_password().map(|password| one.password(password));
        all.get_dbname().map(|name| one.dbname(name));
        all.get_options().map(|options| one.options(options));
        all.get_application_name().map(|name| one.application_name(name));
        all.get_connect_timeout().map(|limit| one.connect_timeout(*limit));
        all.get_tcp_user_timeout().map(|limit| one.tcp_user_timeout(*limit));
        one.keepalives(all.get_keepalives()).keepalives_idle(all.get_keepalives_idle());
        all.get_keepalives_interval().map(|interval| one.keepalives_interval(interval));
        all.get_keepalives_retries().map(|retries| one.keepalives_retries(retries));
        one.ssl_negotiation(all.get_ssl_negotiation());
        one.channel_binding(all.get_channel_binding());
        one.target_session_attrs(all.get_target_session_attrs());
        one.load_balance_hosts(all.get_load_balance_hosts());
    }
}

fn is_socket(config: &Config) -> bool {
    matches!(config.get_hosts().first(), Some(Host::Unix(_)))
}
