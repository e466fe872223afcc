//! Looks at rows of tables as the caller sees them: how many there are, and what some columns hold.
//!
//! Always through row security, never from statistics, which count rows of everybody. Bounded in rows and time; what is
//! not known in time stays unknown. Nothing is kept.
#![expect(clippy::disallowed_methods, reason = "sets a shorter time limit inside the view")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tokio_postgres::Row;

use super::{Column, Database, DatabaseError};

/// Most rows of a table that are looked at.
pub const MOST_ROWS: i64 = 10_000;
/// A column with more different values is not listed.
pub const MOST_VALUES: usize = 12;
/// Longest value, in characters.
const LONGEST_VALUE: usize = 40;
/// Longest look at one table, and at all of them.
const TIME_LIMIT: &str = "SET LOCAL statement_timeout = '2s'";
const ALL_TIME: Duration = Duration::from_secs(5);

/// What is to be looked at.
#[derive(Clone, Debug)]
pub struct Look {
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Columns whose values are wanted; their types must have an order.
    pub columns: Vec<String>,
    /// Columns whose least and greatest day is wanted, over all rows; they should lead an index.
    pub ranges: Vec<String>,
    /// Columns of its primary key: which rows are looked at must not depend on where they lie.
    pub key: Vec<String>,
}

impl Look {
    /// A look that only counts the rows of a column's table.
    #[must_use]
    pub fn rows(column: &Column) -> Self {
        let (schema, table) = (column.schema.clone(), column.table.clone());
        Self { schema, table, columns: Vec::new(), ranges: Vec::new(), key: Vec::new() }
    }
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Rows, up to [`MOST_ROWS`].
    pub rows: i64,
    /// There are more.
    pub more: bool,
    /// For each column of the look, its different values in their order; more than [`MOST_VALUES`] are cut after one
    /// more.
    pub values: Vec<Vec<String>>,
    /// For each range of the look, its least and greatest day; `None` without rows.
    pub ranges: Vec<Option<(String, String)>>,
}

impl Database {
    /// Looks at tables, one after the other; `None` for those that took too long, or that PostgreSQL would not show.
    ///
    /// # Errors
    ///
    /// When the database went away meanwhile. What would be left of the answer then is not the truth about these rows.
    pub async fn look(&self, looks: &[Look]) -> Result<Vec<Option<Sample>>, DatabaseError> {
        let began = Instant::now();
        let mut samples = Vec::with_capacity(looks.len());
        for look in looks {
            let sample = if began.elapsed() < ALL_TIME { self.sample(look).await } else { Ok(None) };
            samples.push(match sample {
                Err(error @ DatabaseError::Statement { .. }) if !error.is_lost() => {
                    tracing::debug!("a table was not looked at: {error}");
                    None
                }
                sample => sample?,
            });
        }
        Ok(samples)
    }

    async fn sample(&self, look: &Look) -> Result<Option<Sample>, DatabaseError> {
        let doing = "look at a table";
        let view = self.view().await?;
        let limited = self.in_time(view.lease.client()?.batch_execute(TIME_LIMIT)).await?;
        limited.map_err(|source| DatabaseError::Statement { doing, source })?;
        let rows = match view.query(doing, &statement(look), &[]).await {
            // Nobody would answer the roll-back either.
            Err(silent @ DatabaseError::Silent { .. }) => return Err(silent),
            rows => rows,
        };
        view.close().await?;
        let read = |row: &Row| Sample::read(row, look);
        let sample = rows?.first().map(read).transpose();
        sample.map_err(|source| DatabaseError::Statement { doing, source })
    }
}

impl Sample {
    fn read(row: &Row, look: &Look) -> Result<Self, tokio_postgres::Error> {
        let rows: i64 = row.try_get(0)?;
        let columns = look.columns.len();
        let values = (0..columns).map(|column| row.try_get(column + 1)).collect::<Result<_, _>>()?;
        let end = |at: usize| row.try_get::<_, Option<String>>(columns + at);
        let ends = |range: usize| Ok(end(2 * range + 1)?.zip(end(2 * range + 2)?));
        let ranges = (0..look.ranges.len()).map(ends).collect::<Result<_, _>>()?;
        Ok(Self { rows: rows.min(MOST_ROWS), more: rows > MOST_ROWS, values, ranges })
    }
}

/// Names come from the catalogue and are quoted; the numbers are ours.
fn statement(look: &Look) -> String {
    let names: Vec<String> = look.columns.iter().map(|name| quoted(name)).collect();
    let mut sql = format!(
        "WITH own AS MATERIALIZED (SELECT {} FROM {}.{}",
        names.join(", "),
        quoted(&look.schema),
        quoted(&look.table)
    );
    if !look.key.is_empty() && !look.columns.is_empty() {
        let key: Vec<String> = look.key.iter().map(|name| quoted(name)).collect();
        let _ = write!(sql, " ORDER BY {}", key.join(", "));
    }
    let _ = write!(sql, " LIMIT {}) SELECT (SELECT count(*) FROM own)", MOST_ROWS + 1);
    for name in names {
        let _ = write!(
            sql,
            ", ARRAY(SELECT left(v::text, {LONGEST_VALUE}) FROM (SELECT DISTINCT {name} AS v FROM own \
             WHERE {name} IS NOT NULL ORDER BY 1 LIMIT {}) AS d)",
            MOST_VALUES + 1
        );
    }
    for name in look.ranges.iter().map(|name| quoted(name)) {
        let (schema, table) = (quoted(&look.schema), quoted(&look.table));
        for end in ["min", "max"] {
            let _ = write!(sql, ", (SELECT {end}({name})::date::text FROM {schema}.{table})");
        }
    }
    sql
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::{Look, statement};

    #[test]
    fn names_are_quoted_and_rows_bounded() {
        let look = Look {
            schema: "a\"b".to_owned(),
            table: "t; DROP".to_owned(),
            columns: vec!["x".to_owned()],
            ranges: Vec::new(),
            key: vec!["k".to_owned()],
        };
        let sql = statement(&look);
        assert!(sql.contains("FROM \"a\"\"b\".\"t; DROP\" ORDER BY \"k\" LIMIT 10001"), "{sql}");
        let bare = statement(&Look { columns: Vec::new(), ..look });
        assert!(bare.contains("SELECT  FROM") && !bare.contains("ORDER BY"), "{bare}");
    }
}
