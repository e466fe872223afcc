//! The one pool: lazy, small, and only with connections whose login fits the identity.
#![expect(clippy::disallowed_methods, reason = "the one file that takes connections")]

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use tokio::sync::{Mutex, OnceCell};
use tokio_postgres::{Config, NoTls};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::owner::place;
use super::search::Sizes;
use super::vet::Passed;
use super::{Credential, DatabaseError, target};
use crate::settings::{ConnectionSource, LimitArgs, LocalArgs, ServeArgs, SettingsError};

/// How often idle connections are looked for.
const IDLE_CHECK: Duration = Duration::from_secs(15);
/// How often a query is told to stop, and how long it may take to.
const CANCELS: u32 = 5;
const OBEYED: Duration = Duration::from_millis(100);
/// Longest wait for the last requests to cancel queries.
const SETTLE: Duration = Duration::from_millis(500);

/// The database as one identity may use it. Clones share one pool. Nothing connects before the first call.
#[derive(Clone)]
pub struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    source: ConnectionSource,
    local: LocalArgs,
    identity: Uuid,
    allow_asserted: bool,
    application_name: String,
    limits: LimitArgs,
    opened: OnceCell<Opened>,
    /// Requests to cancel queries that are under way.
    cancels: TaskTracker,
}

/// What is known once the target is.
pub(super) struct Opened {
    pub(super) pool: Pool,
    pub(super) place: String,
    pub(super) credential: Credential,
    /// Set when a connection has passed every check.
    pub(super) passed: Mutex<Option<Passed>>,
    /// What product search has counted.
    pub(super) sizes: Sizes,
}

impl Database {
    /// Reads the settings. Does not connect.
    ///
    /// # Errors
    ///
    /// When the settings name no identity or an unknown service.
    pub fn new(args: &ServeArgs) -> Result<Self, SettingsError> {
        let shared = Shared {
            source: args.connection.source()?,
            local: args.local.clone(),
            identity: args.identity()?,
            allow_asserted: args.allow_asserted_identity,
            application_name: args.connection.application_name.clone(),
            limits: args.limits.clone(),
            opened: OnceCell::new(),
            cancels: TaskTracker::new(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The limits of a call.
    #[must_use]
    pub fn limits(&self) -> &LimitArgs {
        &self.shared.limits
    }

    /// Waits until the queries of all calls that were dropped have been cancelled. The last thing a process does.
    pub async fn settle(&self) {
        self.shared.cancels.close();
        if tokio::time::timeout(SETTLE, self.shared.cancels.wait()).await.is_err() {
            tracing::warn!(
                "not every query could be cancelled in time; PostgreSQL ends them by its own limits"
            );
        }
    }

    /// The RLS user id that is served.
    #[must_use]
    pub fn identity(&self) -> Uuid {
        self.shared.identity
    }

    pub(super) fn allows_asserted(&self) -> bool {
        self.shared.allow_asserted
    }

    /// Takes a connection that was checked when it was opened: the first one to a server for everything, further ones for
    /// whose they are.
    pub(super) async fn lease(&self) -> Result<Lease, DatabaseError> {
        let (lease, opened) = self.borrow().await?;
        if lease.is_fresh() {
            self.in_time(self.vet(&lease, opened)).await??;
        }
        Ok(lease)
    }

    /// Takes a connection that nothing is known of, and where it leads. Only for checking it.
    pub(super) async fn unchecked(&self) -> Result<(Lease, String), DatabaseError> {
        let (lease, opened) = self.borrow().await?;
        Ok((lease, opened.place.clone()))
    }

    async fn borrow(&self) -> Result<(Lease, &Opened), DatabaseError> {
        let opened = self.shared.opened.get_or_try_init(|| self.open()).await?;
        let object = match self.take(opened).await {
            // The local server is ours to start again; a database elsewhere is not.
            Err(DatabaseError::Connect { .. }) if matches!(self.shared.source, ConnectionSource::Local) => {
                self.target().await?;
                self.take(opened).await?
            }
            taken => taken?,
        };
        Ok((Lease { object: Some(object), cancels: self.shared.cancels.clone() }, opened))
    }

    /// Waits for an answer on an open connection. PostgreSQL ends what takes too long by itself; this is for a server, or
    /// a network, that fell silent.
    pub(super) async fn in_time<T>(&self, answer: impl Future<Output = T>) -> Result<T, DatabaseError> {
        let patience = self.limits().patience();
        tokio::time::timeout(patience, answer).await.map_err(|_| DatabaseError::Silent {
            place: self.opened().map(|opened| opened.place.clone()).unwrap_or_default(),
            seconds: patience.as_secs(),
        })
    }

    /// What is known of the target, once something asked for it.
    pub(super) fn opened(&self) -> Option<&Opened> {
        self.shared.opened.get()
    }

    /// Closes the connections that nobody is using.
    pub(super) fn forget_idle(&self) {
        if let Some(opened) = self.opened() {
            opened.pool.retain(|_, _| false);
        }
    }

    async fn target(&self) -> Result<Config, DatabaseError> {
        let shared = &self.shared;
        let mut config = target::resolve(&shared.source, &shared.local, shared.identity).await?;
        // One host that does not answer must leave the next one its time.
        let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(1).max(1);
        config
            .application_name(&shared.application_name)
            .connect_timeout(shared.limits.connect_timeout() / hosts);
        Ok(config)
    }

    async fn open(&self) -> Result<Opened, DatabaseError> {
        let config = self.target().await?;
        let place = place(&config);
        let credential = Credential::of(&config, &place, self.shared.identity);
        // Fast: every call rolls its transaction back itself, or throws the connection away.
        let manager =
            Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let limits = &self.shared.limits;
        let wait = Some(limits.connect_timeout());
        let pool = Pool::builder(manager)
            .max_size(limits.pool_max as usize)
            .wait_timeout(wait)
            .create_timeout(wait)
            .recycle_timeout(wait)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| unreachable_pool(&error))?;
        tokio::spawn(close_idle(pool.clone(), limits.pool_idle()));
        Ok(Opened { pool, place, credential, passed: Mutex::new(None), sizes: Sizes::default() })
    }

    async fn take(&self, opened: &Opened) -> Result<Object, DatabaseError> {
        opened.pool.get().await.map_err(|error| match error {
            PoolError::Backend(source) => DatabaseError::Connect { place: opened.place.clone(), source },
            PoolError::Timeout(kind) => DatabaseError::Timeout {
                place: opened.place.clone(),
                seconds: self.shared.limits.connect_timeout.into(),
                waiting: matches!(kind, TimeoutType::Wait),
            },
            other => unreachable_pool(&other),
        })
    }
}

fn unreachable_pool(error: &dyn std::error::Error) -> DatabaseError {
    DatabaseError::Pool { cause: error.to_string() }
}

async fn close_idle(pool: Pool, idle: Duration) {
    let mut tick = tokio::time::interval(IDLE_CHECK.min(idle));
    loop {
        tick.tick().await;
        pool.retain(|_, metrics| metrics.last_used() < idle);
    }
}

/// A borrowed connection. Only [`Lease::give_back`] returns it to the pool; a lease that is dropped, by an error, a
/// panic or a cancelled call, has a doubtful state: its query is cancelled and the connection thrown away.
pub(super) struct Lease {
    object: Option<Object>,
    cancels: TaskTracker,
}

impl Lease {
    /// Returns the connection to the pool. The caller vouches that no transaction is open and nothing is pending.
    pub(super) fn give_back(mut self) {
        self.object = None;
    }

    /// Closes a connection that was looked at and not admitted: in the pool it would count as checked.
    pub(super) fn close(mut self) {
        drop(self.object.take().map(Object::take));
    }

    /// Whether this connection was never used before.
    fn is_fresh(&self) -> bool {
        self.object.as_ref().is_some_and(|object| Object::metrics(object).recycle_count == 0)
    }

    /// The connection.
    pub(super) fn client(&self) -> Result<&tokio_postgres::Client, DatabaseError> {
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
async fn stop(client: deadpool_postgres::ClientWrapper) {
    for _ in 0..CANCELS {
        let _ = client.cancel_token().cancel_query(NoTls).await;
        if tokio::time::timeout(OBEYED, client.batch_execute("")).await.is_ok() {
            return;
        }
    }
}
