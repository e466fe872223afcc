//! A second and a third attempt at opening a view when the connection was at fault.
//!
//! Attempts end where PostgreSQL begins to look at what the caller wants: the BEGIN was not answered. A query that has
//! begun is never run again. It may be what brought the server down, or somebody may have ended it on purpose.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use super::{Database, DatabaseError};

/// Attempts in all.
const TRIES: u32 = 3;
/// The first pause is from half of this to all of it, the next four times that.
const PAUSE: Duration = Duration::from_millis(100);

impl Database {
    /// Whether to try again after `error`, having waited. Connections that were open before it are not trusted either.
    pub(super) async fn again(&self, error: &DatabaseError, tries: &mut u32) -> bool {
        if !error.is_connection_fault() {
            return false;
        }
        self.forget_idle();
        *tries += 1;
        if *tries >= TRIES {
            return false;
        }
        tracing::info!("trying again: {error}");
        tokio::time::sleep(pause(*tries)).await;
        true
    }
}

/// A different one in every process, so that those that a restart threw out do not come back as one.
fn pause(tries: u32) -> Duration {
    let most = PAUSE * 4_u32.pow(tries - 1);
    let hundredths = u32::try_from(RandomState::new().hash_one(tries) % 50).unwrap_or(0);
    most * (50 + hundredths) / 100
}
