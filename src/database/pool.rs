//! The one pool: lazy, small, and only with connections whose login fits the identity.
#![expect(clippy::disallowed_methods, reason = "the one file that takes connections")]

use std::sync::{Arc, Once};
use std::time::Duration;

use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use tokio::sync::OnceCell;
use tokio_postgres::{Config, NoTls};
use uuid::Uuid;

use super::identity::{self, Standing};
use super::owner::place;
use super::{DatabaseError, Identity, target};
use crate::settings::{ConnectionSource, LimitArgs, LocalArgs, ServeArgs, SettingsError};

/// How often idle connections are looked for.
const IDLE_CHECK: Duration = Duration::from_secs(15);

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
}

/// What is known once the target is.
struct Opened {
    pool: Pool,
    place: String,
    announced: Once,
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
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The limits of a call.
    #[must_use]
    pub fn limits(&self) -> &LimitArgs {
        &self.shared.limits
    }

    pub(super) fn identity(&self) -> Uuid {
        self.shared.identity
    }

    /// Takes a connection whose login was checked against the identity when it was opened.
    pub(super) async fn lease(&self) -> Result<Lease, DatabaseError> {
        let opened = self.shared.opened.get_or_try_init(|| self.open()).await?;
        let object = match self.take(opened).await {
            // The local server is ours to start again; a database elsewhere is not.
            Err(DatabaseError::Connect { .. }) if matches!(self.shared.source, ConnectionSource::Local) => {
                self.target().await?;
                self.take(opened).await?
            }
            taken => taken?,
        };
        let fresh = Object::metrics(&object).recycle_count == 0;
        let lease = Lease { object: Some(object) };
        if fresh {
            let standing = identity::check(&lease, self.shared.identity, &opened.place).await?;
            self.admit(&standing)?;
            opened.announced.call_once(|| {
                tracing::info!(identity = %standing.proof(), "connected to {}", opened.place);
            });
        }
        Ok(lease)
    }

    fn admit(&self, standing: &Standing) -> Result<(), DatabaseError> {
        match standing.identity {
            Identity::Proven => Ok(()),
            Identity::Asserted if self.shared.allow_asserted => Ok(()),
            Identity::Asserted => Err(super::IdentityError::OnlyAsserted.into()),
        }
    }

    async fn target(&self) -> Result<Config, DatabaseError> {
        let shared = &self.shared;
        let mut config = target::resolve(&shared.source, &shared.local, shared.identity).await?;
        config.application_name(&shared.application_name).connect_timeout(shared.limits.connect_timeout());
        Ok(config)
    }

    async fn open(&self) -> Result<Opened, DatabaseError> {
        let config = self.target().await?;
        let place = place(&config);
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
        Ok(Opened { pool, place, announced: Once::new() })
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
}

impl Lease {
    /// Returns the connection to the pool. The caller vouches that no transaction is open and nothing is pending.
    pub(super) fn give_back(mut self) {
        self.object = None;
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
        runtime.spawn(async move {
            // The client must outlive the request: a closed connection has nothing to cancel.
            let _ = client.cancel_token().cancel_query(NoTls).await;
        });
    }
}
