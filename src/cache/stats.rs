//! How full the cache is and how often it helped.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::SharedState;

/// What there is to know about a cache.
#[derive(Clone, Debug)]
pub struct Stats {
    /// Longest time an answer is given again; zero when nothing is kept.
    pub ttl: Duration,
    /// Whether answers of the assistant's own queries are kept too.
    pub queries: bool,
    /// Answers in memory.
    pub entries: usize,
    /// Bytes of them.
    pub bytes: u64,
    /// Most bytes of them.
    pub most_bytes: u64,
    /// Answers that were found, here or in Redis.
    pub hits: u64,
    /// Answers that were looked for and not found.
    pub misses: u64,
    /// What became of Redis; `None` where none is named.
    pub shared: Option<SharedState>,
}

/// Hits and misses of each operation.
#[derive(Default)]
pub(super) struct Counts {
    of: Mutex<BTreeMap<&'static str, (u64, u64)>>,
}

impl Counts {
    pub(super) fn looked(&self, operation: &'static str, found: bool) {
        let mut of = self.lock();
        let (hits, misses) = of.entry(operation).or_default();
        *(if found { hits } else { misses }) += 1;
    }

    pub(super) fn hits(&self, operation: &str) -> u64 {
        self.lock().get(operation).map_or(0, |(hits, _)| *hits)
    }

    pub(super) fn sums(&self) -> (u64, u64) {
        self.lock().values().fold((0, 0), |(hits, misses), (hit, missed)| (hits + hit, misses + missed))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, (u64, u64)>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
