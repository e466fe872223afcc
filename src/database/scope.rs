//! Under what an answer may be kept: who asks, as PostgreSQL knows them now, and what they may see.

use jiff::civil::DateTime;
use secrecy::SecretString;
use tokio_postgres::Row;

use super::{Database, DatabaseError, Target, statements};

/// Who asks, and everything that decides what they see.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Equal for two calls that see the same rows.
    pub who: String,
    /// What time it is in the shop.
    pub now: DateTime,
}

/// The login of this process and its password, which nothing prints.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Login, RLS user id, and where the database is.
    pub login: String,
    /// Its password; `None` where PostgreSQL trusts it without one.
    pub password: Option<SecretString>,
}

impl Credential {
    pub(super) fn of(target: &Target, place: &str, identity: uuid::Uuid) -> Self {
        let config = &target.config;
        let password = config.get_password().map(String::from_utf8_lossy);
        Self {
            login: format!("{} {identity} {place}", config.get_user().unwrap_or_default()),
            password: password.map(|password| password.into_owned().into()),
        }
    }
}

impl Database {
    /// The login of this process, once it has connected.
    #[must_use]
    pub fn credential(&self) -> Option<&Credential> {
        self.opened().map(|opened| &opened.credential)
    }

    /// Asks PostgreSQL who this is. A connection that was not checked before is checked first, as for any call: whoever has
    /// lost a login, a store or a right gets an error or another scope.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, refuses, or has no such shop.
    pub async fn scope(&self) -> Result<Scope, DatabaseError> {
        let row = self.only_row("ask who this is", statements::CACHE_SCOPE).await?;
        let read = |row: &Row| Ok(Scope { who: row.try_get("scope")?, now: row.try_get("now")? });
        read(&row).map_err(|source| DatabaseError::Statement { doing: "read who this is", source })
    }
}
