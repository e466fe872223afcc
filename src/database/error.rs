//! What can go wrong between us and PostgreSQL.

use std::error::Error as _;

use tokio_postgres::error::{DbError, Severity, SqlState};

use super::local::LocalError;
use super::{Finding, WireError};

/// A failure between us and PostgreSQL.
///
/// `Display` names our own step; the cause is in `source()`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// A connection string that the driver cannot read. Its text is a secret and not repeated.
    #[error("{variable} is not a valid PostgreSQL connection string: {why}")]
    Malformed {
        /// Where it came from.
        variable: &'static str,
        /// What is wrong with it, never a part of it.
        why: String,
    },

    /// The managed local server could not be used.
    #[error("could not use the managed local PostgreSQL")]
    Local(#[from] LocalError),

    /// No connection could be made.
    #[error("could not connect to the database at {place}")]
    Connect {
        /// Login, host, port and database; never the password.
        place: String,
        /// What the driver said.
        source: tokio_postgres::Error,
    },

    /// The settings of the connection, its encryption, or the kind of server that answers.
    #[error(transparent)]
    Wire(#[from] WireError),

    /// No connection became free or open in time.
    #[error("no connection to the database at {place} within {seconds} s")]
    Timeout {
        /// Login, host, port and database; never the password.
        place: String,
        /// How long was waited.
        seconds: u64,
        /// True when all connections were in use; false when a new one did not open.
        waiting: bool,
    },

    /// A connection was open, and the server stayed silent for longer than any statement may run.
    #[error("the database at {place} did not answer within {seconds} s")]
    Silent {
        /// Login, host, port and database; never the password.
        place: String,
        /// How long was waited.
        seconds: u64,
    },

    /// A pooler between us and the server does not keep prepared statements apart.
    #[error("a connection pooler before the database mixes up prepared statements")]
    Pooler,

    /// The pool itself failed.
    #[error("could not use the connection pool ({cause})")]
    Pool {
        /// What the pool said.
        cause: String,
    },

    /// A statement failed.
    #[error("could not {doing}")]
    Statement {
        /// What we were doing, as an infinitive: `describe a table`.
        doing: &'static str,
        /// What the driver said.
        source: tokio_postgres::Error,
    },

    /// The login may not be used for the identity.
    #[error("the database login does not fit")]
    Identity(#[from] IdentityError),

    /// The database is not safe to serve; at least one finding refuses it.
    #[error("the database is not safe to serve")]
    Unsafe(Vec<Finding>),

    /// The database has no shop in it.
    #[error("the database at {place} has no schema `retail`")]
    NoShop {
        /// Login, host, port and database; never the password.
        place: String,
    },
}

/// Why a login may not serve the identity it was started for.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The login's RLS user id is another one. Whose, is nobody's business.
    #[error("the RLS user id is not the one of the database login")]
    Mismatch,

    /// The database has a mapping, and the login is not in it.
    #[error("the database login `{login}` has no RLS user id")]
    Unmapped {
        /// The login.
        login: String,
    },

    /// Row security does not bind this login.
    #[error("the database login `{login}` is not bound by row security ({why})")]
    Unbound {
        /// The login.
        login: String,
        /// `superuser`, `BYPASSRLS` or `owner of the tables`.
        why: &'static str,
    },

    /// Only a setting would carry the identity.
    #[error("the database knows identities only by a setting, which SQL might change")]
    OnlyAsserted,
}

/// Why a server takes no connection just now.
const PASSING: [SqlState; 4] = [
    SqlState::TOO_MANY_CONNECTIONS,
    SqlState::CANNOT_CONNECT_NOW,
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
];

/// Whether the server ended the connection with this message.
pub(super) fn is_fatal(refusal: &DbError) -> bool {
    match refusal.parsed_severity() {
        Some(severity) => matches!(severity, Severity::Fatal | Severity::Panic),
        // PgBouncer gives the word only, and never translates it.
        None => refusal.severity() == "FATAL",
    }
}

fn is_broken(error: &tokio_postgres::Error) -> bool {
    match error.as_db_error() {
        Some(refusal) => is_fatal(refusal),
        None => {
            error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        }
    }
}

impl DatabaseError {
    /// The SQLSTATE, when it was the server that refused.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        self.refusal().map(|refusal| refusal.code().code())
    }

    /// The server's message, when it was the server that refused.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.refusal().map(DbError::message)
    }

    /// Whether a connection that was open is no more: cut, closed, or ended by the server.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Statement { source, .. } if is_broken(source))
    }

    /// Whether the connection was at fault and another attempt may fare better: lost, not accepted, or one too many.
    pub(super) fn is_connection_fault(&self) -> bool {
        match self {
            Self::Connect { source, .. } => match source.code() {
                Some(state) => PASSING.contains(state),
                None => is_broken(source),
            },
            _ => self.is_lost(),
        }
    }

    /// Whether the server, or what it grants this login or database, has no connection left.
    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Connect { source, .. } if source.code() == Some(&SqlState::TOO_MANY_CONNECTIONS))
    }

    fn refusal(&self) -> Option<&DbError> {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.as_db_error(),
            _ => None,
        }
    }
}
