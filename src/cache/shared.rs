//! Answers in a Redis that processes of one login share. It may be down, slow or hold garbage: then it is left alone for a
//! while, and nobody waits for it.
#![expect(clippy::disallowed_methods, reason = "the one file that speaks to Redis")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::OnceCell;

use super::Key;
use super::seal::Seal;
use crate::settings::SettingsError;

/// Longest wait for a connection, and for an answer on one.
const CONNECT: Duration = Duration::from_millis(500);
const ANSWER: Duration = Duration::from_millis(250);
/// How long a Redis that failed is left alone.
const REST: Duration = Duration::from_secs(10);
/// Most bytes of one sealed answer. More is not asked for, whatever lies there.
const MOST: usize = 4 * 1024 * 1024;

type Entry = (SystemTime, Arc<str>);

pub(super) struct Shared {
    client: Client,
    seal: OnceCell<Option<Arc<Seal>>>,
    link: tokio::sync::Mutex<Link>,
    state: Mutex<SharedState>,
}

/// What became of the shared Redis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedState {
    /// Nothing was asked of it yet.
    Unused,
    /// It answers.
    Up,
    /// It failed, and is left alone until ten seconds have passed; the kind of failure.
    Down(String),
    /// The login has no password to seal answers with, so it is not used.
    NoPassword,
}

enum Link {
    None,
    Open(MultiplexedConnection),
    Resting(Instant),
}

impl Shared {
    pub(super) fn new(url: &SecretString) -> Result<Self, SettingsError> {
        let client = Client::open(url.expose_secret()).map_err(|_| SettingsError::Options {
            reason: "cache_url_malformed",
            text: "--cache-url is no address of a Redis that this build can reach; write redis://HOST:PORT/DATABASE or \
                   redis+unix:///PATH"
                .to_owned(),
        })?;
        Ok(Self {
            client,
            seal: OnceCell::new(),
            link: tokio::sync::Mutex::new(Link::None),
            state: Mutex::new(SharedState::Unused),
        })
    }

    pub(super) fn state(&self) -> SharedState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: SharedState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Makes the seal, off this thread: other calls go on.
    pub(super) async fn bind(&self, login: &str, password: Option<&SecretString>) {
        let make = async || {
            let Some(password) = password.cloned() else {
                self.set(SharedState::NoPassword);
                tracing::warn!("--cache-url is not used: the login has no password to seal answers with");
                return None;
            };
            let login = login.to_owned();
            let seal = tokio::task::spawn_blocking(move || Seal::new(&login, &password));
            seal.await.ok().map(Arc::new)
        };
        self.seal.get_or_init(make).await;
    }

    /// Whether it answers at all, which its state tells then.
    pub(super) async fn knock(&self) {
        let _: Option<String> = self.ask(&redis::cmd("PING")).await;
    }

    /// What lies under `key`, when this login sealed it.
    pub(super) async fn get(&self, key: Key) -> Option<Entry> {
        let seal = self.seal.get()?.as_ref()?;
        let mut read = redis::cmd("GETRANGE");
        read.arg(seal.name(key)).arg(0).arg(MOST);
        let sealed: Vec<u8> = self.ask(&read).await?;
        if sealed.is_empty() || sealed.len() > MOST {
            return None;
        }
        let opened = seal.open(key, &sealed);
        if opened.is_none() {
            tracing::warn!("an entry of the shared cache is not this login's, and was not used");
        }
        opened.map(|(written, text)| (written, text.into()))
    }

    /// Writes what was answered at `written`; gone after `ttl`.
    pub(super) async fn put(&self, key: Key, written: SystemTime, text: &str, ttl: Duration) {
        let Some(Some(seal)) = self.seal.get() else { return };
        let Some(sealed) = seal.close(key, written, text).filter(|sealed| sealed.len() <= MOST) else {
            return;
        };
        let mut write = redis::cmd("SET");
        write.arg(seal.name(key)).arg(sealed).arg("PX").arg(u64::try_from(ttl.as_millis()).unwrap_or(1));
        let _: Option<()> = self.ask(&write).await;
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let mut connection = self.connection().await?;
        match tokio::time::timeout(ANSWER, command.query_async(&mut connection)).await {
            Ok(Ok(answer)) => Some(answer),
            // Somebody put something else there. That says nothing about Redis.
            Ok(Err(error)) if error.code() == Some("WRONGTYPE") => None,
            Ok(Err(error)) => self.failed(&failure(&error)).await,
            Err(_) => self.failed("no answer in time").await,
        }
    }

    /// The one connection; calls that come while it is opened wait for it together.
    async fn connection(&self) -> Option<MultiplexedConnection> {
        let mut link = self.link.lock().await;
        match &*link {
            Link::Open(connection) => return Some(connection.clone()),
            Link::Resting(since) if since.elapsed() < REST => return None,
            Link::None | Link::Resting(_) => {}
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER));
        let open = self.client.get_multiplexed_async_connection_with_config(&config);
        let why = match tokio::time::timeout(CONNECT, open).await {
            Ok(Ok(connection)) => {
                *link = Link::Open(connection.clone());
                self.set(SharedState::Up);
                return Some(connection);
            }
            Ok(Err(error)) => failure(&error),
            Err(_) => "no connection in time".to_owned(),
        };
        drop(link);
        self.failed(&why).await
    }

    async fn failed<T>(&self, why: &str) -> Option<T> {
        *self.link.lock().await = Link::Resting(Instant::now());
        tracing::warn!("the shared cache is left alone for {} s: {why}", REST.as_secs());
        self.set(SharedState::Down(why.to_owned()));
        None
    }
}

/// The kind of failure; the text itself might hold an address with a password.
fn failure(error: &RedisError) -> String {
    error.code().map_or_else(|| error.category().to_owned(), str::to_owned)
}
