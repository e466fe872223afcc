//! What can go wrong between us and PostgreSQL.

use tokio_postgres::error::{DbError, SqlState};

/// A failure between us and PostgreSQL.
///
/// `Display` names our own step; the cause is in `source()`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// No connection could be made.
    #[error("could not connect to the database at {place}")]
    Connect {
        /// Host, port, database and login; never the password.
        place: String,
        /// What the driver said.
        source: tokio_postgres::Error,
    },

    /// A statement failed.
    #[error("could not {doing}")]
    Statement {
        /// What we were doing, as an infinitive: `describe a table`.
        doing: &'static str,
        /// What the driver said.
        source: tokio_postgres::Error,
    },
}

impl DatabaseError {
    /// The server's own words, when it was the server that refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&DbError> {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.as_db_error(),
        }
    }

    /// The SQLSTATE, when it was the server that refused.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&SqlState> {
        self.refusal().map(DbError::code)
    }
}
