//! The only way to a row: one read-only transaction of one identity, always rolled back.
#![expect(clippy::disallowed_methods, reason = "the only way to a row")]

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Statement};

use super::lease::Lease;
use super::retry::Attempts;
use super::{Database, DatabaseError};

/// Session settings of every transaction. They give one stable text form to every value, a search path on which nobody
/// but the owner can put anything, and the look-out for a process of ours that was killed. SET LOCAL in the BEGIN: the only
/// form that survives a pooler and cannot outlive the call.
const SETTINGS: &str = "SET LOCAL search_path = retail, public, pg_temp; SET LOCAL jit = off; SET LOCAL TimeZone = 'UTC'; \
     SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex'; \
     SET LOCAL extra_float_digits = 1; SET LOCAL lock_timeout = '5s'; \
     SET LOCAL client_connection_check_interval = '1s'";

/// An open read-only transaction. Dropping it instead of [closing](View::close) throws the connection away.
pub struct View {
    pub(super) lease: Lease,
    database: Database,
}

/// What PostgreSQL says about a text, parsed alone.
pub(super) type Parsed = Result<Statement, tokio_postgres::Error>;

fn not_opened(source: tokio_postgres::Error) -> DatabaseError {
    DatabaseError::Statement { doing: "open a read-only view", source }
}

impl Database {
    /// Opens a view.
    ///
    /// # Errors
    ///
    /// When no connection can be had or the login does not fit the identity.
    pub async fn view(&self) -> Result<View, DatabaseError> {
        let begin = self.begin();
        let mut attempts = Attempts::begin();
        loop {
            match self.view_once(&begin).await {
                Err(error) if self.again(&error, &mut attempts).await => {}
                opened => return opened,
            }
        }
    }

    async fn view_once(&self, begin: &str) -> Result<View, DatabaseError> {
        let lease = self.lease().await?;
        let opened = self.in_time(lease.client()?.batch_execute(begin)).await?;
        opened.map_err(not_opened)?;
        Ok(View { lease, database: self.clone() })
    }

    /// Opens a view and, in the same round trip, has PostgreSQL parse `sql` alone.
    ///
    /// The driver's statement is the proof that the text is one complete statement by PostgreSQL's own grammar: the
    /// extended protocol takes no second one, and an unclosed quote, comment or parenthesis does not parse.
    pub(super) async fn view_with_parsed(&self, sql: &str) -> Result<(View, Parsed), DatabaseError> {
        let begin = self.begin();
        let mut attempts = Attempts::begin();
        loop {
            match self.view_with_parsed_once(&begin, sql).await {
                Err(error) if self.again(&error, &mut attempts).await => {}
                opened => return opened,
            }
        }
    }

    async fn view_with_parsed_once(&self, begin: &str, sql: &str) -> Result<(View, Parsed), DatabaseError> {
        let lease = self.lease().await?;
        let client = lease.client()?;
        let both = async { tokio::join!(client.batch_execute(begin), client.prepare(sql)) };
        let (opened, parsed) = self.in_time(both).await?;
        opened.map_err(not_opened)?;
        Ok((View { lease, database: self.clone() }, parsed))
    }

    /// Has PostgreSQL parse one of our own statements, without running it.
    ///
    /// # Errors
    ///
    /// When it does not fit this database.
    pub async fn prepares(&self, statement: &str) -> Result<(), DatabaseError> {
        let (view, parsed) = self.view_with_parsed(statement).await?;
        view.close().await?;
        parsed.map(drop).map_err(|source| DatabaseError::Statement { doing: "prepare a statement", source })
    }

    /// The text that opens every transaction. Nothing enters it but a number and the hexadecimal form of a UUID.
    fn begin(&self) -> String {
        format!(
            "BEGIN READ ONLY; {SETTINGS}; SET LOCAL statement_timeout = '{}s'; \
             SET LOCAL app.current_rls_user_id = '{}'",
            self.limits().statement_timeout,
            self.identity().hyphenated(),
        )
    }
}

impl View {
    /// Runs one of our own [`statements`](super::statements), in one round trip.
    ///
    /// # Errors
    ///
    /// When PostgreSQL refuses it; `doing` says what it was for, as an infinitive.
    pub(super) async fn query(
        &self,
        doing: &'static str,
        statement: &str,
        params: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, DatabaseError> {
        let watch = self.database.watch(doing, statement);
        let rows = self.database.in_time(self.lease.client()?.query_typed(statement, params)).await?;
        let rows = rows.map_err(|source| DatabaseError::Statement { doing, source })?;
        watch.returned(rows.len());
        Ok(rows)
    }

    /// Rolls back and returns the connection to the pool.
    ///
    /// # Errors
    ///
    /// When the roll-back fails; the connection is thrown away then.
    pub async fn close(self) -> Result<(), DatabaseError> {
        let rolled_back = self.database.in_time(self.lease.client()?.batch_execute("ROLLBACK")).await?;
        rolled_back.map_err(|source| DatabaseError::Statement { doing: "close a read-only view", source })?;
        self.lease.give_back();
        Ok(())
    }
}
