//! The cache room: answers that are given again, in memory and, where one is named, through a shared Redis.
//!
//! It knows neither the shop nor its database. Who asks and what decides which rows they see is part of the [`Key`], which
//! the services make; nothing here can turn one person's answer into another's. A cache that is down, slow or full of
//! garbage costs time and never an answer.

mod key;
mod memory;
mod seal;
mod shared;
mod stats;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use secrecy::SecretString;

pub use self::key::Key;
use self::memory::Memory;
use self::shared::Shared;
pub use self::shared::SharedState;
use self::stats::Counts;
pub use self::stats::Stats;
use crate::settings::{CacheArgs, SettingsError};

/// Answers that are kept. Clones share them.
#[derive(Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    ttl: Duration,
    queries: bool,
    memory: Memory,
    shared: Option<Shared>,
    counts: Counts,
}

/// An answer that was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What was kept.
    pub text: Arc<str>,
    /// How old it is.
    pub age: Duration,
}

impl Cache {
    /// Reads the settings. Does not connect, and takes no memory before the first answer.
    ///
    /// # Errors
    ///
    /// When the address of Redis is none.
    pub fn new(args: &CacheArgs) -> Result<Self, SettingsError> {
        let inner = Inner {
            ttl: args.ttl(),
            queries: args.cache_queries,
            memory: Memory::new(args.cache_bytes.into()),
            shared: args.cache_url.as_ref().map(Shared::new).transpose()?,
            counts: Counts::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether anything is kept at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        let inner = &self.inner;
        !inner.ttl.is_zero() && (inner.memory.is_on() || inner.shared.is_some())
    }

    /// Whether answers of queries that the assistant wrote are kept as well.
    #[must_use]
    pub fn keeps_queries(&self) -> bool {
        self.is_on() && self.inner.queries
    }

    /// Binds the shared cache to one login, once. Without a password it stays closed: nothing would keep others out.
    pub async fn bind(&self, login: &str, password: Option<&SecretString>) {
        if let Some(shared) = &self.inner.shared {
            shared.bind(login, password).await;
        }
    }

    /// Asks Redis for a sign of life: what becomes of it, or `None` where none is named.
    pub async fn knock(&self) -> Option<SharedState> {
        let shared = self.inner.shared.as_ref()?;
        shared.knock().await;
        Some(shared.state())
    }

    /// The answer to `operation` under `key`, unless it is too old.
    pub async fn get(&self, operation: &'static str, key: Key) -> Option<Kept> {
        let found = self.find(key).await;
        self.inner.counts.looked(operation, found.is_some());
        found
    }

    async fn find(&self, key: Key) -> Option<Kept> {
        let inner = &self.inner;
        if let Some((written, text)) = inner.memory.get(key)
            && let Some(age) = inner.young(written)
        {
            return Some(Kept { text, age });
        }
        let (written, text) = inner.shared.as_ref()?.get(key).await?;
        let age = inner.young(written)?;
        inner.remember(key, written, Arc::clone(&text));
        Some(Kept { text, age })
    }

    /// Keeps an answer that was made just now.
    pub async fn put(&self, key: Key, text: &str) {
        let inner = &self.inner;
        let written = SystemTime::now();
        inner.remember(key, written, text.into());
        if let Some(shared) = &inner.shared {
            shared.put(key, written, text, inner.ttl).await;
        }
    }

    /// How full it is, how often it helped, and what became of Redis.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let inner = &self.inner;
        let (entries, bytes) = inner.memory.size();
        let (hits, misses) = inner.counts.sums();
        Stats {
            ttl: inner.ttl,
            queries: self.keeps_queries(),
            entries,
            bytes,
            most_bytes: inner.memory.most(),
            hits,
            misses,
            shared: inner.shared.as_ref().map(Shared::state),
        }
    }

    /// How many answers of `operation` came from here.
    #[must_use]
    pub fn hits(&self, operation: &str) -> u64 {
        self.inner.counts.hits(operation)
    }
}

impl Inner {
    /// The age of what was written then, when that is young enough. By the wall clock: it goes on while a machine sleeps.
    /// What comes from the future was written by a clock that nobody can trust.
    fn young(&self, written: SystemTime) -> Option<Duration> {
        written.elapsed().ok().filter(|age| *age < self.ttl)
    }

    fn remember(&self, key: Key, written: SystemTime, text: Arc<str>) {
        self.memory.forget(|written| self.young(written).is_none());
        self.memory.put(key, written, text);
    }
}
