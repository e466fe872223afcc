//! A second and a third attempt at opening a view when the connection was at fault.
//!
//! Attempts end where PostgreSQL begins to look at what the caller wants: the BEGIN was not answered. A query that has
//! begun is never run again. It may be what brought the server down, or somebody may have ended it on purpose.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use super::{Database, DatabaseError};

/// Attempts in all, but for a server that is full: that one is asked until `--connect-timeout` is over.
const TRIES: u32 = 3;
/// The first pause is from half of this to all of it, each further one four times that.
const PAUSE: Duration = Duration::from_millis(100);

/// How often one view was tried to be opened, and since when.
pub(super) struct Attempts {
    made: u32,
    since: Instant,
}

impl Attempts {
    pub(super) fn begin() -> Self {
        Self { made: 0, since: Instant::now() }
    }

    /// Whether another attempt is worth its `pause`. A full server has room as soon as somebody else is done.
    fn are_left(&self, error: &DatabaseError, pause: Duration, patience: Duration) -> bool {
        if error.is_full() { self.since.elapsed() + pause < patience } else { self.made < TRIES }
    }
}

impl Database {
    /// Whether to try again after `error`, having waited. Connections that were open before it are not trusted either.
    pub(super) async fn again(&self, error: &DatabaseError, attempts: &mut Attempts) -> bool {
        if !error.is_connection_fault() {
            return false;
        }
        self.forget_idle();
        attempts.made += 1;
        let pause = pause(attempts.made);
        if !attempts.are_left(error, pause, self.limits().connect_timeout()) {
            return false;
        }
        if attempts.made < TRIES {
            tracing::info!("trying again: {error}");
        }
        tokio::time::sleep(pause).await;
        true
    }
}

/// A different one in every process, so that those that a restart threw out do not come back as one.
fn pause(tries: u32) -> Duration {
    let most = PAUSE * if tries == 1 { 1 } else { 4 };
    let hundredths = u32::try_from(RandomState::new().hash_one(tries) % 50).unwrap_or(0);
    most * (50 + hundredths) / 100
}
