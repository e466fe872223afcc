//! What there is to say about the connection: as whom, to what, how busy, and which tables row security guards.

use std::sync::OnceLock;

use jiff::Timestamp;
use tokio_postgres::Row;

use super::{Database, DatabaseError, Identity, Target, statements};
use crate::call::Who;

/// What the login is connected to, and as what.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The login that PostgreSQL authenticated.
    pub login: String,
    /// `head_office`, `regional` or `store`; `None` where the database has no such groups.
    pub kind: Option<String>,
    /// Name of the database.
    pub database: String,
    /// Version of PostgreSQL.
    pub version: String,
    /// Whether it is a standby.
    pub standby: bool,
    /// The server's clock.
    pub now: Timestamp,
    /// Extensions with their versions.
    pub extensions: Vec<String>,
}

/// One table of the shop.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// Its name.
    pub name: String,
    /// Whether row security is on and binds its owner too.
    pub forced: bool,
    /// Row policies on it.
    pub policies: i64,
}

/// How busy the connections of this process are.
#[derive(Clone, Copy, Debug)]
pub struct PoolStatus {
    /// Most connections.
    pub most: u32,
    /// Open ones.
    pub open: usize,
    /// Open ones that nobody is using.
    pub idle: usize,
    /// Calls that wait for one.
    pub waiting: usize,
}

/// What is asked for, and what was found out once.
pub(super) struct Known {
    login: Option<String>,
    name: Option<String>,
    address: Option<(String, u16)>,
    /// How sure the identity is, once a connection was admitted; it does not change then.
    pub(super) proof: OnceLock<Identity>,
}

impl Known {
    pub(super) fn of(target: &Target) -> Self {
        let config = &target.config;
        let [login, name] = [config.get_user(), config.get_dbname()].map(|text| text.map(str::to_owned));
        let address = match (config.get_hosts(), config.get_ports()) {
            ([_only], ports) => Some((target.hosts(), ports.first().copied().unwrap_or(5432))),
            _ => None,
        };
        Self { login, name, address, proof: OnceLock::new() }
    }
}

impl PoolStatus {
    pub(super) fn of(most: u32, status: Option<deadpool_postgres::Status>) -> Self {
        let (open, idle, waiting) = status
            .map_or((0, 0, 0), |status| (status.size, status.available.min(status.size), status.waiting));
        Self { most, open, idle, waiting }
    }
}

impl Database {
    /// Host or socket of the database, once it is known.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.opened().map(|opened| opened.place.as_str())
    }

    /// Whose calls these are, as far as it is known by now.
    #[must_use]
    pub fn who(&self) -> Who {
        let opened = self.opened();
        Who {
            identity: self.identity().to_string(),
            proof: opened.and_then(|opened| opened.known.proof.get()).map(ToString::to_string),
            login: opened.and_then(|opened| opened.known.login.clone()),
            address: opened.and_then(|opened| opened.known.address.clone()),
            database: opened.and_then(|opened| opened.known.name.clone()),
        }
    }

    /// How busy the connections are.
    #[must_use]
    pub fn pool_status(&self) -> PoolStatus {
        PoolStatus::of(self.limits().pool_max, self.opened().map(|opened| opened.pool.status()))
    }

    /// Asks what this is connected to.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or is not served.
    pub async fn connected(&self) -> Result<Connected, DatabaseError> {
        let row = self.only_row("ask what this is", statements::STATUS).await?;
        let read = |row: &Row| {
            Ok(Connected {
                login: row.try_get("login")?,
                kind: row.try_get("kind")?,
                database: row.try_get("database")?,
                version: row.try_get("version")?,
                standby: row.try_get("standby")?,
                now: row.try_get("now")?,
                extensions: row.try_get("extensions")?,
            })
        };
        read(&row).map_err(|source| DatabaseError::Statement { doing: "read what this is", source })
    }

    /// The tables of the shop, by name.
    ///
    /// # Errors
    ///
    /// As [`Database::connected`].
    pub async fn guarded_tables(&self) -> Result<Vec<Guarded>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("look at row security", statements::ROW_SECURITY, &[]).await?;
        view.close().await?;
        let read = |row: &Row| {
            Ok(Guarded {
                name: row.try_get("name")?,
                forced: row.try_get("forced")?,
                policies: row.try_get("policies")?,
            })
        };
        let failed = |source| DatabaseError::Statement { doing: "read a table's row security", source };
        rows.iter().map(|row| read(row).map_err(failed)).collect()
    }
}
