//! Runs the assistant's SQL: parsed alone by PostgreSQL, then as the sub-select of one capped SELECT.
//!
//! Two round trips: BEGIN with the parse, the wrapped statement with ROLLBACK. Being a sub-select makes everything but
//! a query a syntax error (SET, DO, COPY, COMMIT, data-changing WITH), and pushes the row cap down to where a top-N
//! sort or an early stop can use it.
#![expect(clippy::disallowed_methods, reason = "runs the wrapped query")]

use std::fmt::Write as _;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use serde_json::Value;
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Statement};

use super::cell::Cell;
use super::{Database, DatabaseError};

/// How much of a result is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    /// Most rows.
    pub rows: u32,
    /// Most bytes of all cells together, about.
    pub bytes: u32,
}

/// Why a result is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// There were more rows.
    Rows,
    /// The rows were too large.
    Bytes,
}

/// The result of a query.
#[derive(Debug)]
pub struct Answer {
    /// Column names, as the query gives them: they may be empty or repeat.
    pub columns: Vec<String>,
    /// Rows; each has as many values as there are columns.
    pub rows: Vec<Vec<Value>>,
    /// Set when there was more.
    pub cut: Option<Cut>,
}

/// Why a query has no result.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// No view of the database.
    #[error(transparent)]
    Database(#[from] DatabaseError),

    /// It has parameters, which nobody could fill in.
    #[error("the SQL has {0} parameters")]
    Parameters(usize),

    /// It parses, and is not a query.
    #[error("the SQL is not one SELECT")]
    NotASelect,

    /// PostgreSQL refused it.
    #[error("PostgreSQL refused the SQL")]
    Refused(#[from] Refusal),

    /// The connection broke while it ran.
    #[error("the connection broke")]
    Lost(#[source] tokio_postgres::Error),
}

/// What PostgreSQL said about a query, without the details that can hold values of rows.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// SQLSTATE.
    pub sqlstate: String,
    /// The message.
    pub message: String,
    /// PostgreSQL's hint.
    pub hint: Option<String>,
    /// Where in the query, in characters from 1.
    pub position: Option<u32>,
    /// The text held more than one statement.
    pub several_statements: bool,
}

impl Database {
    /// Runs `sql` and returns its rows up to `cap`.
    ///
    /// # Errors
    ///
    /// [`QueryError`], which tells whether the text, the rights or the database was the cause.
    pub async fn run_query(&self, sql: &str, cap: Cap) -> Result<Answer, QueryError> {
        let (view, parsed) = self.view_with_parsed(sql).await?;
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => return Err(self.refused(view, error, 0).await),
        };
        if !parsed.params().is_empty() {
            let count = parsed.params().len();
            view.close().await?;
            return Err(QueryError::Parameters(count));
        }
        let wrapped = Wrapped::around(sql, &parsed, cap.rows);
        let client = view.lease.client()?;
        let (collected, rolled_back) =
            tokio::join!(collect(client, &wrapped, cap), client.batch_execute("ROLLBACK"));
        let (rows, cut) = match collected {
            Ok(collected) => collected,
            Err(error) => {
                let error = classify(error, wrapped.prefix);
                if rolled_back.is_ok() {
                    view.lease.give_back();
                }
                return Err(error);
            }
        };
        // After a cut by bytes a cancel is under way that might hit the next query: such a connection is not reused.
        if rolled_back.is_ok() && cut != Some(Cut::Bytes) {
            view.lease.give_back();
        }
        let columns = parsed.columns().iter().map(|column| column.name().to_owned()).collect();
        Ok(Answer { columns, rows, cut })
    }

    pub(super) async fn refused(
        &self,
        view: super::View,
        error: tokio_postgres::Error,
        prefix: u32,
    ) -> QueryError {
        match (classify(error, prefix), view.close().await) {
            (QueryError::Lost(error), _) => QueryError::Lost(error),
            (refused, _) => refused,
        }
    }
}

/// The statement that is really run.
pub(super) struct Wrapped {
    pub(super) sql: String,
    /// Characters before the query's own text.
    pub(super) prefix: u32,
    cells: Vec<Cell>,
}

impl Wrapped {
    pub(super) fn around(sql: &str, parsed: &Statement, rows: u32) -> Self {
        let cells: Vec<Cell> = parsed.columns().iter().map(|column| Cell::of(column.type_())).collect();
        let mut text = String::from("SELECT");
        for (index, cell) in cells.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let _ = write!(text, "{comma} t.c{index}{}", cell.cast());
        }
        text.push_str(" FROM (\n");
        let prefix = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        // The newline ends a comment at the end of the query. A final semicolon was fine alone and is not in here.
        text.push_str(sql.trim_end_matches(|c: char| c == ';' || c.is_whitespace()));
        text.push_str("\n) AS t");
        if !cells.is_empty() {
            let names: Vec<String> = (0..cells.len()).map(|index| format!("c{index}")).collect();
            let _ = write!(text, "({})", names.join(", "));
        }
        let _ = write!(text, " LIMIT {}", u64::from(rows) + 1);
        Self { sql: text, prefix, cells }
    }
}

type Collected = (Vec<Vec<Value>>, Option<Cut>);

async fn collect(client: &Client, wrapped: &Wrapped, cap: Cap) -> Result<Collected, tokio_postgres::Error> {
    let no_params: [(&(dyn ToSql + Sync), Type); 0] = [];
    let mut stream = pin!(client.query_typed_raw(&wrapped.sql, no_params).await?);
    let mut rows = Vec::new();
    let mut bytes = 0;
    while let Some(row) = stream.try_next().await? {
        if rows.len() == cap.rows as usize {
            return Ok((rows, Some(Cut::Rows)));
        }
        let mut values = Vec::with_capacity(wrapped.cells.len());
        for (index, cell) in wrapped.cells.iter().enumerate() {
            let (value, size) = cell.read(&row, index)?;
            bytes += size;
            values.push(value);
        }
        if bytes > cap.bytes as usize {
            let _ = client.cancel_token().cancel_query(NoTls).await;
            return Ok((rows, Some(Cut::Bytes)));
        }
        rows.push(values);
    }
    Ok((rows, None))
}

/// Sorts a driver error into what the caller needs to know.
pub(super) fn classify(error: tokio_postgres::Error, prefix: u32) -> QueryError {
    let Some(refusal) = error.as_db_error() else { return QueryError::Lost(error) };
    // The text parsed alone. If it does not as a sub-select, it was something else than a query, or had a
    // data-changing WITH, which PostgreSQL reports as not supported there.
    let as_sub_select = prefix > 0 && refusal.position().is_some();
    if as_sub_select && [SqlState::SYNTAX_ERROR, SqlState::FEATURE_NOT_SUPPORTED].contains(refusal.code()) {
        return QueryError::NotASelect;
    }
    if *refusal.code() == SqlState::ADMIN_SHUTDOWN || *refusal.code() == SqlState::CRASH_SHUTDOWN {
        return QueryError::Lost(error);
    }
    QueryError::Refused(Refusal::of(refusal, prefix))
}

impl Refusal {
    fn of(error: &DbError, prefix: u32) -> Self {
        let position = match error.position() {
            Some(ErrorPosition::Original(position)) => position.checked_sub(prefix).filter(|p| *p > 0),
            _ => None,
        };
        Self {
            sqlstate: error.code().code().to_owned(),
            message: error.message().to_owned(),
            hint: error.hint().map(str::to_owned),
            position,
            // The same SQLSTATE as any syntax error; the place in PostgreSQL that raises it tells them apart.
            several_statements: error.routine() == Some("exec_parse_message"),
        }
    }
}
