//! Answers a question that the assistant wrote as SQL.

use serde::Serialize;
use serde_json::Value;

use super::kept::{Aged, Asking, Found};
use super::teach::teach;
use crate::database::{Answer, Cap, Cut, Database};
use crate::error::{Reason, ToolError};

/// Rows of an answer when the caller does not say.
pub const DEFAULT_ROWS: u32 = 200;
/// Most rows of an answer.
pub const MOST_ROWS: u32 = 10_000;

/// Rows in the compact shape of the original sample.
#[derive(Debug, Serialize)]
pub struct Rows {
    /// Column names.
    pub c: Vec<String>,
    /// Rows of values.
    pub r: Vec<Vec<Value>>,
    /// Number of rows in `r`.
    pub n: usize,
    /// There was more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// What to know about the answer, and the next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg: Option<String>,
}

impl Rows {
    /// All rows of a list that is never cut.
    pub(super) fn of(columns: &[&str], rows: impl Iterator<Item = Vec<Value>>) -> Self {
        let r: Vec<Vec<Value>> = rows.collect();
        let c = columns.iter().map(|&name| name.to_owned()).collect();
        Self { c, n: r.len(), r, truncated: false, msg: None }
    }

    /// What serializing it gives, without a copy of every value: an answer may have 100,000.
    fn into_json(self) -> Value {
        let Self { c, r, n, truncated, msg } = self;
        let rows = r.into_iter().map(Value::Array).collect();
        let fields = [("c", c.into()), ("r", Value::Array(rows)), ("n", n.into())];
        let notes = [truncated.then(|| ("truncated", true.into())), msg.map(|msg| ("msg", msg.into()))];
        let fields = fields.into_iter().chain(notes.into_iter().flatten());
        Value::Object(fields.map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect())
    }
}

/// Runs one SELECT and returns at most `max_rows` rows, as far as the byte limit of an answer allows.
///
/// # Errors
///
/// [`ToolError`] with what was wrong in the SQL, or why the database could not answer.
pub async fn run(database: &Database, sql: &str, max_rows: u32) -> Result<Rows, ToolError> {
    within(database, sql, Cap { rows: max_rows, bytes: database.limits().max_bytes }).await
}

/// Runs one SELECT and returns as much as the cap allows.
pub(super) async fn within(database: &Database, sql: &str, cap: Cap) -> Result<Rows, ToolError> {
    refuse_unusable(sql)?;
    let answer = match database.run_query(sql, cap).await {
        Ok(answer) => answer,
        Err(error) => return Err(teach(database, sql, error).await),
    };
    let msg = note(&answer, cap);
    Ok(Rows { n: answer.rows.len(), c: answer.columns, r: answer.rows, truncated: answer.cut.is_some(), msg })
}

/// What [`run`] answers, or answered a while ago where answers of queries are kept. Only that of a query which depends on
/// nothing but rows is.
///
/// # Errors
///
/// As [`run`].
#[expect(clippy::disallowed_methods, reason = "keeps what this service itself answers")]
pub async fn kept(asking: Asking<'_>, sql: &str, max_rows: u32) -> Result<Aged, ToolError> {
    if !asking.cache.keeps_queries() {
        return Ok(Aged::made(run(asking.database, sql, max_rows).await?.into_json()));
    }
    Box::pin(looked_for(asking, sql, max_rows)).await
}

#[expect(clippy::disallowed_methods, reason = "keeps what this service itself answers")]
async fn looked_for(asking: Asking<'_>, sql: &str, max_rows: u32) -> Result<Aged, ToolError> {
    let database = asking.database;
    let parts = || vec![sql.to_owned(), max_rows.to_string(), database.limits().max_bytes.to_string()];
    match Box::pin(asking.look("execute_sales_query", |_| Some(parts()))).await? {
        Found::Kept(answer) => Ok(answer),
        Found::Missing(key) => {
            let answer = Aged::made(run(database, sql, max_rows).await?.into_json());
            if key.is_some() && Box::pin(database.depends_on_rows_alone(sql)).await {
                asking.keep(key, &answer).await;
            }
            Ok(answer)
        }
    }
}

/// What to know about the answer, and the next step.
fn note(answer: &Answer, cap: Cap) -> Option<String> {
    let shown = answer.rows.len();
    let rows = match answer.cut {
        Some(Cut::Rows) => Some(format!(
            "There are more than these {} rows. Aggregate, filter, or raise max_rows (at most {MOST_ROWS}).",
            cap.rows
        )),
        Some(Cut::Bytes) => {
            let rest = match answer.left_out {
                Some(left_out) => format!("{left_out} of {} rows were", shown + left_out),
                None => "The rest was".to_owned(),
            };
            Some(format!(
                "{rest} left out: an answer holds {} bytes of rows. Select fewer or shorter columns, or aggregate.",
                cap.bytes
            ))
        }
        None if shown == 0 => Some("No rows".to_owned()),
        None => None,
    };
    let values = match answer.shortened {
        0 => None,
        1 => Some("1 value was shortened; substr(column, from, count) reads on.".to_owned()),
        many => Some(format!("{many} values were shortened; substr(column, from, count) reads on.")),
    };
    let notes: Vec<String> = rows.into_iter().chain(values).collect();
    (!notes.is_empty()).then(|| notes.join(" "))
}

/// What PostgreSQL need not be asked about.
pub(super) fn refuse_unusable(sql: &str) -> Result<(), ToolError> {
    let example = "send one SELECT, for example SELECT name FROM retail.stores";
    if sql.chars().all(|c| c.is_whitespace() || c == ';') {
        return Err(ToolError::new(Reason::EmptySql, "the SQL is empty", example));
    }
    if sql.contains('\0') {
        return Err(ToolError::new(Reason::Syntax, "the SQL contains a NUL character", "remove it"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Rows;

    #[test]
    fn rows_are_written_as_they_are_serialized() {
        let rows = |truncated, msg: Option<&str>| Rows {
            c: vec!["a".to_owned(), "a".to_owned()],
            r: vec![vec![json!(1), json!(null)], vec![json!("x"), json!(0.5)]],
            n: 2,
            truncated,
            msg: msg.map(str::to_owned),
        };
        for (truncated, msg) in [(false, None), (true, Some("There are more.")), (false, Some("No rows"))] {
            let serialized = serde_json::to_string(&rows(truncated, msg)).expect("JSON");
            assert_eq!(rows(truncated, msg).into_json().to_string(), serialized);
        }
    }
}
