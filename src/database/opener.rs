//! Opens the pool's connections where a target says, and keeps the reason when it cannot.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deadpool_postgres::Connect;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config};

use super::servers::Link;
use super::{DatabaseError, Target};

/// Opens connections for the pool. It passes on errors of the driver alone, so ours are kept aside, one for each failure.
#[derive(Clone)]
pub(super) struct Opener {
    pub(super) target: Target,
    failures: Arc<Mutex<VecDeque<DatabaseError>>>,
}

type Opening<'a> =
    Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>> + Send + 'a>>;

impl Connect for Opener {
    fn connect(&self, _: &Config) -> Opening<'_> {
        Box::pin(async {
            let opened = self.target.connect().await;
            opened.map(Link::into_parts).map_err(|error| self.keep(error))
        })
    }
}

impl Opener {
    pub(super) fn to(target: Target) -> Self {
        Self { target, failures: Arc::default() }
    }

    fn failures(&self) -> MutexGuard<'_, VecDeque<DatabaseError>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a failure for [`Opener::failure`], and gives an error of the driver in its place.
    fn keep(&self, error: DatabaseError) -> tokio_postgres::Error {
        self.failures().push_back(error);
        match "no settings".parse::<Config>() {
            Err(error) => error,
            Ok(_) => unreachable!("an equals sign is missing"),
        }
    }

    /// What kept a connection from being opened.
    pub(super) fn failure(&self) -> DatabaseError {
        let kept = self.failures().pop_front();
        kept.unwrap_or_else(|| DatabaseError::Pool { cause: "no connection".to_owned() })
    }
}
