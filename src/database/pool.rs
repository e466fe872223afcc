//! The one pool: lazy, small, and only with connections whose login fits the identity.
#![expect(clippy::disallowed_methods, reason = "the one file that takes connections")]

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use tokio::sync::{Mutex, OnceCell};
use tokio_postgres::Config;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::lease::Lease;
use super::opener::Opener;
use super::search::Sizes;
use super::status::Known;
use super::vet::Passed;
use super::{Credential, DatabaseError, Passwords, Target, target};
use crate::settings::{ConnectionSource, LimitArgs, LocalArgs, ServeArgs, SettingsError};

/// More than a token may take.
const TOKEN: Duration = Duration::from_secs(15);
/// How often idle connections are looked for.
const IDLE_CHECK: Duration = Duration::from_secs(15);
/// Longest wait for the last requests to cancel queries.
const SETTLE: Duration = Duration::from_millis(500);

/// The database as one identity may use it. Clones share one pool. Nothing connects before the first call.
#[derive(Clone)]
pub struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    source: ConnectionSource,
    passwords: Option<Arc<dyn Passwords>>,
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
    opener: Opener,
    pub(super) place: String,
    pub(super) credential: Credential,
    pub(super) known: Known,
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
        Self::with_passwords(args, None)
    }

    /// The same, with passwords that change.
    ///
    /// # Errors
    ///
    /// As [`Database::new`].
    pub fn with_passwords(
        args: &ServeArgs,
        passwords: Option<Arc<dyn Passwords>>,
    ) -> Result<Self, SettingsError> {
        let shared = Shared {
            source: args.connection.source()?,
            passwords,
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
        Ok((Lease::of(object, opened.opener.target.tls.clone(), self.shared.cancels.clone()), opened))
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

    /// Where connections lead and how, once something asked for one.
    #[must_use]
    pub fn where_to(&self) -> Option<&Target> {
        self.opened().map(|opened| &opened.opener.target)
    }

    /// Closes the connections that nobody is using.
    pub(super) fn forget_idle(&self) {
        if let Some(opened) = self.opened() {
            opened.pool.retain(|_, _| false);
        }
    }

    async fn target(&self) -> Result<Target, DatabaseError> {
        let shared = &self.shared;
        let target = target::resolve(&shared.source, &shared.local, shared.identity).await?;
        let mut target = target.with_passwords(shared.passwords.clone());
        // One host that does not answer must leave the next one its time.
        let hosts = u32::try_from(target.config.get_hosts().len()).unwrap_or(1).max(1);
        target
            .config
            .application_name(&shared.application_name)
            .connect_timeout(shared.limits.connect_timeout() / hosts);
        Ok(target)
    }

    async fn open(&self) -> Result<Opened, DatabaseError> {
        let target = self.target().await?;
        let place = target.place();
        let credential = Credential::of(&target, &place, self.shared.identity);
        let known = Known::of(&target);
        let opener = Opener::to(target);
        // Fast: every call rolls its transaction back itself, or throws the connection away.
        let how = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(Config::new(), opener.clone(), how);
        let limits = &self.shared.limits;
        let wait = Some(limits.connect_timeout());
        let pool = Pool::builder(manager)
            .max_size(limits.pool_max as usize)
            .wait_timeout(wait)
            .create_timeout(wait.map(|wait| wait + self.for_a_token()))
            .recycle_timeout(wait)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| DatabaseError::Pool { cause: error.to_string() })?;
        tokio::spawn(close_idle(pool.clone(), limits.pool_idle()));
        let (passed, sizes) = (Mutex::new(None), Sizes::default());
        Ok(Opened { pool, opener, place, credential, known, passed, sizes })
    }

    /// More time for a new connection where it may need a new token first, which has its own limit.
    fn for_a_token(&self) -> Duration {
        if self.shared.passwords.is_some() { TOKEN } else { Duration::ZERO }
    }

    async fn take(&self, opened: &Opened) -> Result<Object, DatabaseError> {
        opened.pool.get().await.map_err(|error| match error {
            PoolError::Backend(_) => opened.opener.failure(),
            PoolError::Timeout(kind) => DatabaseError::Timeout {
                place: opened.place.clone(),
                seconds: self.shared.limits.connect_timeout.into(),
                waiting: matches!(kind, TimeoutType::Wait),
            },
            other => DatabaseError::Pool { cause: other.to_string() },
        })
    }
}

async fn close_idle(pool: Pool, idle: Duration) {
    let mut tick = tokio::time::interval(IDLE_CHECK.min(idle));
    loop {
        tick.tick().await;
        pool.retain(|_, metrics| metrics.last_used() < idle);
    }
}
