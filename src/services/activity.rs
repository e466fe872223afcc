//! What the tools of this process were asked: how often, how long it took, how it ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counts of every tool. Clones share them.
#[derive(Clone)]
pub struct Activity {
    inner: Arc<Inner>,
}

struct Inner {
    since: Instant,
    slow: Duration,
    of: Mutex<BTreeMap<String, Count>>,
}

/// Calls of one tool that have ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub calls: u64,
    /// Ended with an error.
    pub errors: u64,
    /// Given up: by the client, or because this process ends.
    pub cancelled: u64,
    /// Took as long as a slow query or longer.
    pub slow: u64,
    /// All of them together.
    pub total: Duration,
    /// The shortest.
    pub least: Duration,
    /// The longest.
    pub most: Duration,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With an answer.
    Answered,
    /// With an error.
    Failed,
    /// Dropped before it could.
    Cancelled,
}

/// A call that is under way. Dropped without [`Call::end`], it was cancelled, or it crashed.
pub struct Call<'a> {
    activity: &'a Activity,
    tool: String,
    since: Instant,
    ended: Ended,
}

impl Activity {
    /// Begins to count. What takes `slow` or longer is slow.
    #[must_use]
    pub fn new(slow: Duration) -> Self {
        Self { inner: Arc::new(Inner { since: Instant::now(), slow, of: Mutex::default() }) }
    }

    /// How long it has counted.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.inner.since.elapsed()
    }

    /// A call of `tool` begins.
    #[must_use]
    pub fn begin(&self, tool: &str) -> Call<'_> {
        Call { activity: self, tool: tool.to_owned(), since: Instant::now(), ended: Ended::Cancelled }
    }

    /// Counts by tool.
    #[must_use]
    pub fn counts(&self) -> Vec<(String, Count)> {
        self.lock().iter().map(|(tool, count)| (tool.clone(), *count)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Count>> {
        self.inner.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Count {
    /// Adds one call.
    fn add(&mut self, took: Duration, ended: Ended, slow: bool) {
        self.least = if self.calls == 0 { took } else { self.least.min(took) };
        self.most = self.most.max(took);
        self.total += took;
        self.calls += 1;
        self.slow += u64::from(slow);
        self.errors += u64::from(ended == Ended::Failed);
        self.cancelled += u64::from(ended == Ended::Cancelled);
    }

    /// The time a call took on average.
    #[must_use]
    pub fn mean(&self) -> Duration {
        u32::try_from(self.calls).ok().and_then(|calls| self.total.checked_div(calls)).unwrap_or_default()
    }
}

impl Call<'_> {
    /// It ended by itself.
    pub fn end(mut self, ended: Ended) {
        self.ended = ended;
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        let ended = if std::thread::panicking() { Ended::Failed } else { self.ended };
        let slow = took >= self.activity.inner.slow;
        self.activity.lock().entry(std::mem::take(&mut self.tool)).or_default().add(took, ended, slow);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Activity, Count, Ended};

    #[test]
    fn sums_extremes_and_ends_are_counted() {
        let mut count = Count::default();
        for (millis, ended) in [(4, Ended::Answered), (2, Ended::Failed), (9, Ended::Cancelled)] {
            count.add(Duration::from_millis(millis), ended, millis == 9);
        }
        assert_eq!((count.calls, count.errors, count.cancelled, count.slow), (3, 1, 1, 1));
        let millis = [count.least, count.mean(), count.most].map(|time| time.as_millis());
        assert_eq!(millis, [2, 5, 9]);
    }

    #[test]
    fn a_call_that_is_dropped_was_cancelled_and_one_that_panics_failed() {
        let activity = Activity::new(Duration::from_secs(1));
        activity.begin("a").end(Ended::Answered);
        drop(activity.begin("a"));
        let crashed = std::panic::catch_unwind(|| {
            let _call = activity.begin("b");
            panic!("on purpose");
        });
        assert!(crashed.is_err());
        let counts = activity.counts();
        let [(a, of_a), (b, of_b)] = &counts[..] else { panic!("{counts:?}") };
        assert_eq!((a.as_str(), of_a.calls, of_a.errors, of_a.cancelled), ("a", 2, 0, 1));
        assert_eq!((b.as_str(), of_b.calls, of_b.errors, of_b.cancelled), ("b", 1, 1, 0));
    }
}
