//! The owner's connection, for admin commands only.
#![expect(clippy::disallowed_methods, reason = "the owner runs anything")]

use tokio_postgres::types::ToSql;
use tokio_postgres::{CopyInSink, Row};

use super::servers::Link;
use super::{DatabaseError, Target};

/// A connection with the owner's credentials. It may run anything, so only `admin` uses it.
pub struct Owner {
    client: Link,
}

impl Owner {
    /// Connects. The connection closes when the value is dropped.
    ///
    /// # Errors
    ///
    /// [`DatabaseError::Connect`] and [`DatabaseError::Wire`], naming the place without the password.
    pub async fn connect(target: impl Into<Target>) -> Result<Self, DatabaseError> {
        let client = target.into().connect().await?;
        Ok(Self { client })
    }

    /// Runs a script of one or more statements without parameters or results.
    ///
    /// # Errors
    ///
    /// When PostgreSQL refuses it; `doing` says what it was for, as an infinitive.
    pub async fn script(&self, doing: &'static str, sql: &str) -> Result<(), DatabaseError> {
        self.client.batch_execute(sql).await.map_err(|source| DatabaseError::Statement { doing, source })
    }

    /// Runs one statement and returns its rows.
    ///
    /// # Errors
    ///
    /// As [`Owner::script`].
    pub async fn query(
        &self,
        doing: &'static str,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DatabaseError> {
        self.client.query(sql, params).await.map_err(|source| DatabaseError::Statement { doing, source })
    }

    /// Runs one statement and returns its only row.
    ///
    /// # Errors
    ///
    /// As [`Owner::script`]; also when there is not exactly one row.
    pub async fn query_one(
        &self,
        doing: &'static str,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, DatabaseError> {
        self.client.query_one(sql, params).await.map_err(|source| DatabaseError::Statement { doing, source })
    }

    /// Runs one statement and returns how many rows it changed.
    ///
    /// # Errors
    ///
    /// As [`Owner::script`].
    pub async fn execute(
        &self,
        doing: &'static str,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, DatabaseError> {
        self.client.execute(sql, params).await.map_err(|source| DatabaseError::Statement { doing, source })
    }

    /// Starts a `COPY … FROM STDIN`; what is sent into the sink becomes rows.
    ///
    /// # Errors
    ///
    /// As [`Owner::script`].
    pub async fn copy_in<T>(&self, doing: &'static str, sql: &str) -> Result<CopyInSink<T>, DatabaseError>
    where
        T: bytes::Buf + 'static + Send,
    {
        self.client.copy_in(sql).await.map_err(|source| DatabaseError::Statement { doing, source })
    }
}
