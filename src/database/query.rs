//! Runs the assistant's SQL: parsed alone by PostgreSQL, then as the sub-select of one capped SELECT.
//!
//! Two round trips: BEGIN with the parse, the wrapped statement with ROLLBACK. Being a sub-select makes everything but
//! a query a syntax error (SET, DO, COPY, COMMIT, data-changing WITH), and pushes the row cap down to where a top-N
//! sort or an early stop can use it.
#![expect(clippy::disallowed_methods, reason = "runs the wrapped query")]

use serde_json::Value;
use tokio_postgres::Statement;
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use super::error::is_fatal;
use super::rows::{Collected, collect};
use super::wrap::{Lengths, Wrapped};
use super::{Database, DatabaseError};

/// Most characters of a message of PostgreSQL that are passed on: it may quote a value as long as it likes.
const LONGEST_MESSAGE: usize = 1_000;

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
    /// How many rows were left out, where that is known.
    pub left_out: Option<usize>,
    /// How many values are only the beginning of a longer one.
    pub shortened: usize,
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

/// How one run ended.
enum Outcome {
    Answered(Answer),
    /// Answered, with values of which PostgreSQL sent only the beginning.
    Overlong(Answer),
    /// Nothing ran: the query's text ends at this byte, with a semicolon and perhaps a comment behind it.
    EndsAt(usize),
}

impl Database {
    /// Runs `sql` and returns its rows up to `cap`.
    ///
    /// # Errors
    ///
    /// [`QueryError`], which tells whether the text, the rights or the database was the cause.
    pub async fn run_query(&self, sql: &str, cap: Cap) -> Result<Answer, QueryError> {
        let mut sql = sql;
        let mut outcome = self.run_once(sql, cap, Lengths::Cut).await?;
        if let Outcome::EndsAt(end) = outcome {
            // Run from the start, as if it had come like this: what stands before the semicolon is parsed alone again.
            sql = sql.get(..end).unwrap_or(sql);
            outcome = self.run_once(sql, cap, Lengths::Cut).await?;
        }
        match outcome {
            Outcome::Answered(answer) => Ok(answer),
            Outcome::EndsAt(_) => Err(QueryError::NotASelect),
            Outcome::Overlong(answer) => match self.run_once(sql, cap, Lengths::Counted).await {
                Ok(Outcome::Answered(counted)) => Ok(counted),
                _ => Ok(answer),
            },
        }
    }

    async fn run_once(&self, sql: &str, cap: Cap, lengths: Lengths) -> Result<Outcome, QueryError> {
        let (view, parsed) = self.view_with_parsed(sql).await?;
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => return Err(refused(view, error).await),
        };
        if !parsed.params().is_empty() {
            let count = parsed.params().len();
            view.close().await?;
            return Err(QueryError::Parameters(count));
        }
        let wrapped = Wrapped::around(sql, &parsed, cap, lengths);
        let watch = self.watch("run a query", sql);
        let client = view.lease.client()?;
        let run = async {
            tokio::join!(collect(&view.lease, client, &wrapped, cap), client.batch_execute("ROLLBACK"))
        };
        let (collected, rolled_back) = self.in_time(run).await?;
        // After a cancel, which might still be under way and hit the next query, a connection is not reused.
        let cancelled = collected.as_ref().is_ok_and(|collected| collected.cancelled);
        if rolled_back.is_ok() && !cancelled {
            view.lease.give_back();
        }
        match collected {
            Ok(collected) => {
                watch.returned(collected.rows.len());
                Ok(Outcome::of(collected, &parsed))
            }
            Err(error) => match end_of_query(&error, sql, wrapped.prefix) {
                Some(end) => Ok(Outcome::EndsAt(end)),
                None => Err(classify(error, wrapped.prefix)),
            },
        }
    }
}

pub(super) async fn refused(view: super::View, error: tokio_postgres::Error) -> QueryError {
    let error = classify(error, 0);
    if !matches!(error, QueryError::Lost(_)) {
        // What was wrong with the text matters more than how the transaction ends.
        let _ = view.close().await;
    }
    error
}

impl Outcome {
    fn of(collected: Collected, parsed: &Statement) -> Self {
        let Collected { rows, cut, left_out, shortened, overlong, .. } = collected;
        let columns = parsed.columns().iter().map(|column| column.name().to_owned()).collect();
        let answer = Answer { columns, rows, cut, left_out, shortened };
        if overlong { Self::Overlong(answer) } else { Self::Answered(answer) }
    }
}

/// The byte at which PostgreSQL found a semicolon where the sub-select should go on.
///
/// The text was one statement when it was parsed alone, so nothing but blanks and comments can follow that semicolon,
/// unless nothing but those stands before it.
pub(super) fn end_of_query(error: &tokio_postgres::Error, sql: &str, prefix: u32) -> Option<usize> {
    let error = error.as_db_error().filter(|error| *error.code() == SqlState::SYNTAX_ERROR)?;
    let Some(ErrorPosition::Original(position)) = error.position() else { return None };
    let before = usize::try_from(position.checked_sub(prefix)?).ok()?.checked_sub(1)?;
    let (end, found) = sql.char_indices().nth(before)?;
    (found == ';').then_some(end)
}

/// A name that the driver gave is taken, or unknown: somebody else's statements are on this connection to the server.
const OF_A_POOLER: [SqlState; 2] = [SqlState::DUPLICATE_PSTATEMENT, SqlState::INVALID_SQL_STATEMENT_NAME];

/// Sorts a driver error into what the caller needs to know.
pub(super) fn classify(error: tokio_postgres::Error, prefix: u32) -> QueryError {
    let Some(refusal) = error.as_db_error() else { return QueryError::Lost(error) };
    // The text parsed alone. If it does not as a sub-select, it was something else than a query, or had a
    // data-changing WITH, which PostgreSQL reports as not supported there.
    let as_sub_select = prefix > 0 && refusal.position().is_some();
    if as_sub_select && [SqlState::SYNTAX_ERROR, SqlState::FEATURE_NOT_SUPPORTED].contains(refusal.code()) {
        return QueryError::NotASelect;
    }
    if is_fatal(refusal) {
        return QueryError::Lost(error);
    }
    if OF_A_POOLER.contains(refusal.code()) {
        return DatabaseError::Pooler.into();
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
            message: error.message().chars().take(LONGEST_MESSAGE).collect(),
            hint: error.hint().map(|hint| hint.chars().take(LONGEST_MESSAGE).collect()),
            position,
            // The same SQLSTATE as any syntax error; the place in PostgreSQL that raises it tells them apart.
            several_statements: error.routine() == Some("exec_parse_message"),
        }
    }
}
