//! A connection that the pool lent: given back sound, or its query is cancelled and it is thrown away.
#![expect(clippy::disallowed_methods, reason = "asks a connection whether it answers again")]

use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::DatabaseError;
use super::pool::Object;
use super::servers::Link;

/// How often a query is told to stop, and how long it may take to.
const CANCELS: u32 = 5;
const OBEYED: Duration = Duration::from_millis(100);

/// A borrowed connection. Only [`Lease::give_back`] returns it to the pool; a lease that is dropped, by an error, a
/// panic or a cancelled call, has a doubtful state: its query is cancelled and the connection thrown away.
pub(super) struct Lease {
    object: Option<Object>,
    cancels: TaskTracker,
}

impl Lease {
    pub(super) fn of(object: Object, cancels: TaskTracker) -> Self {
        Self { object: Some(object), cancels }
    }

    /// Returns the connection to the pool. The caller vouches that no transaction is open and nothing is pending.
    pub(super) fn give_back(mut self) {
        self.object = None;
    }

    /// Closes a connection that was looked at and not admitted: in the pool it would count as checked.
    pub(super) fn close(mut self) {
        drop(self.object.take().map(Object::take));
    }

    /// Whether this connection was never used before.
    pub(super) fn is_fresh(&self) -> bool {
        self.object.as_ref().is_some_and(|object| Object::metrics(object).recycle_count == 0)
    }

    /// The connection.
    pub(super) fn client(&self) -> Result<&Link, DatabaseError> {
        let object = self.object.as_ref().ok_or_else(|| DatabaseError::Pool { cause: "gone".to_owned() })?;
        Ok(object)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let client = Object::take(object);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        self.cancels.spawn_on(stop(client), &runtime);
    }
}

/// Stops what runs on a connection and closes it. A request to cancel is lost when it comes before its query has begun, so
/// it is repeated until the connection answers again.
async fn stop(client: Link) {
    for _ in 0..CANCELS {
        client.cancel().await;
        if tokio::time::timeout(OBEYED, client.batch_execute("")).await.is_ok() {
            return;
        }
    }
}
