//! A connection that the pool lent: given back sound, or its query is cancelled and it is thrown away.
#![expect(clippy::disallowed_methods, reason = "asks a connection whether it answers again")]

use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::{CancelToken, Client};
use tokio_util::task::TaskTracker;

use super::DatabaseError;
use super::tls::Tls;

/// How often a query is told to stop, and how long it may take to.
const CANCELS: u32 = 5;
const OBEYED: Duration = Duration::from_millis(100);

/// A borrowed connection. Only [`Lease::give_back`] returns it to the pool; a lease that is dropped, by an error, a
/// panic or a cancelled call, has a doubtful state: its query is cancelled and the connection thrown away.
pub(super) struct Lease {
    object: Option<Object>,
    tls: Tls,
    cancels: TaskTracker,
}

impl Lease {
    pub(super) fn of(object: Object, tls: Tls, cancels: TaskTracker) -> Self {
        Self { object: Some(object), tls, cancels }
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
    pub(super) fn client(&self) -> Result<&Client, DatabaseError> {
        let object = self.object.as_ref().ok_or_else(|| DatabaseError::Pool { cause: "gone".to_owned() })?;
        Ok(object)
    }

    /// Tells the server to stop what runs on this connection.
    pub(super) async fn cancel(&self) {
        if let Ok(client) = self.client() {
            cancel(client.cancel_token(), &self.tls).await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let client = Object::take(object);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        self.cancels.spawn_on(stop(client, self.tls.clone()), &runtime);
    }
}

/// Stops what runs on a connection and closes it. A request to cancel is lost when it comes before its query has begun, so
/// it is repeated until the connection answers again.
async fn stop(client: ClientWrapper, tls: Tls) {
    for _ in 0..CANCELS {
        cancel(client.cancel_token(), &tls).await;
        if tokio::time::timeout(OBEYED, client.batch_execute("")).await.is_ok() {
            return;
        }
    }
}

/// Over a connection encrypted like the one that it is about.
async fn cancel(token: CancelToken, tls: &Tls) {
    if let Err(error) = token.cancel_query(tls.clone()).await {
        tracing::debug!("a query could not be cancelled: {error}");
    }
}
