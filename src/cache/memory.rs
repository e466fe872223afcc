//! Answers in this process, bounded by their bytes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use quick_cache::Weighter;
use quick_cache::unsync::Cache;

use super::Key;

/// What an entry takes besides its text, about.
const OVERHEAD: u64 = 256;
/// Entries that room is made for at first.
const FEW: usize = 16;

type Entry = (SystemTime, Arc<str>);

pub(super) struct Memory {
    most: u64,
    /// `None` until the first answer is kept.
    kept: Mutex<Option<Cache<Key, Entry, Bytes>>>,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Entry> for Bytes {
    fn weight(&self, _: &Key, (_, text): &Entry) -> u64 {
        weight(text)
    }
}

fn weight(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_add(OVERHEAD)
}

impl Memory {
    pub(super) fn new(most: u64) -> Self {
        Self { most, kept: Mutex::default() }
    }

    pub(super) fn is_on(&self) -> bool {
        self.most > 0
    }

    pub(super) fn most(&self) -> u64 {
        self.most
    }

    pub(super) fn get(&self, key: Key) -> Option<Entry> {
        self.lock().as_ref()?.get(&key).cloned()
    }

    /// Keeps an answer, and lets go of others for it. One larger than all the room is not kept.
    pub(super) fn put(&self, key: Key, written: SystemTime, text: Arc<str>) {
        if weight(&text) <= self.most {
            let mut kept = self.lock();
            let cache = kept.get_or_insert_with(|| Cache::with_weighter(FEW, self.most, Bytes));
            cache.insert(key, (written, text));
        }
    }

    /// Lets go of what is too old.
    pub(super) fn forget(&self, too_old: impl Fn(SystemTime) -> bool) {
        if let Some(cache) = self.lock().as_mut() {
            cache.retain(|_, (written, _)| !too_old(*written));
        }
    }

    /// Entries and bytes.
    pub(super) fn size(&self) -> (usize, u64) {
        self.lock().as_ref().map_or((0, 0), |cache| (cache.len(), cache.weight()))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Cache<Key, Entry, Bytes>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::{Key, Memory};

    #[test]
    fn it_never_holds_more_than_its_bytes_and_nothing_larger_than_all_of_them() {
        let memory = Memory::new(10_000);
        assert_eq!(memory.size(), (0, 0));
        let (now, text) = (SystemTime::now(), "x".repeat(1_000));
        for name in 0..100 {
            memory.put(Key::of([name.to_string().as_str()]), now, text.as_str().into());
            assert!(memory.size().1 <= 10_000, "{:?}", memory.size());
        }
        assert!(memory.size().0 >= 5, "{:?}", memory.size());
        let large = Key::of(["large"]);
        memory.put(large, now, "x".repeat(10_000).into());
        assert!(memory.get(large).is_none());
        assert!(memory.size().0 >= 5, "the others stayed: {:?}", memory.size());
    }
}
