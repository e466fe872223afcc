//! The plan of a query, by shape alone.
//!
//! PostgreSQL plans with statistics over all rows of a table, also those that nobody may see here. Costs, row counts and
//! widths come from them, so they are not even asked for; and [`Plan`] names the fields that may leave this room, so that
//! nothing else can. The shape itself (which index, which join) still follows from those statistics.
#![expect(clippy::disallowed_methods, reason = "explains the wrapped query")]

use serde::{Deserialize, Deserializer};
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql, Type};

use super::query::{classify, end_of_query, refused};
use super::wrap::{Lengths, Wrapped};
use super::{Cap, Database, DatabaseError, QueryError};

/// No costs, and nothing is run.
const EXPLAIN: &str = "EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) ";

/// One step of a plan, with the steps that give it rows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// `Seq Scan`, `Hash Join`, ...
    #[serde(rename = "Node Type")]
    pub kind: String,
    /// How the step above uses it: `Outer`, `Inner`, `InitPlan`, `SubPlan`, ...
    #[serde(rename = "Parent Relationship")]
    pub role: String,
    /// `CTE name`, `SubPlan 1`, ...
    #[serde(rename = "Subplan Name")]
    pub subplan: Option<String>,
    /// Schema of the table.
    #[serde(rename = "Schema")]
    pub schema: Option<String>,
    /// Table that is read.
    #[serde(rename = "Relation Name")]
    pub table: Option<String>,
    /// The table's name in the query.
    #[serde(rename = "Alias")]
    pub alias: Option<String>,
    /// Index that is read.
    #[serde(rename = "Index Name")]
    pub index: Option<String>,
    /// WITH query that is read.
    #[serde(rename = "CTE Name")]
    pub cte: Option<String>,
    /// Function that gives rows.
    #[serde(rename = "Function Name")]
    pub function: Option<String>,
    /// What the index is searched for. Conditions hold constants, of policies too.
    #[serde(rename = "Index Cond", deserialize_with = "bounded")]
    pub index_condition: Option<String>,
    /// What each row is held against.
    #[serde(rename = "Filter", deserialize_with = "bounded")]
    pub filter: Option<String>,
    /// What a join compares by hash.
    #[serde(rename = "Hash Cond", deserialize_with = "bounded")]
    pub hash_condition: Option<String>,
    /// What a join compares in order.
    #[serde(rename = "Merge Cond", deserialize_with = "bounded")]
    pub merge_condition: Option<String>,
    /// What a join compares pair by pair.
    #[serde(rename = "Join Filter", deserialize_with = "bounded")]
    pub join_filter: Option<String>,
    /// Expressions that rows are sorted by.
    #[serde(rename = "Sort Key", deserialize_with = "all_bounded")]
    pub sort_keys: Vec<String>,
    /// Expressions that rows are grouped by.
    #[serde(rename = "Group Key", deserialize_with = "all_bounded")]
    pub group_keys: Vec<String>,
    /// Steps that give rows to this one.
    #[serde(rename = "Plans")]
    pub steps: Vec<Plan>,
}

/// Longest expression that is kept, in characters: a constant in it may be as long as it likes.
const LONGEST: usize = 20_000;

fn bounded<'de, D: Deserializer<'de>>(expression: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(expression)?;
    Ok(text.map(|text| text.chars().take(LONGEST).collect()))
}

fn all_bounded<'de, D: Deserializer<'de>>(expressions: D) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<String>::deserialize(expressions)?;
    Ok(texts.into_iter().map(|text| text.chars().take(LONGEST).collect()).collect())
}

/// What planning came to.
enum Planned {
    As(Box<Plan>),
    /// The query's text ends at this byte, with a semicolon and perhaps a comment behind it.
    EndsAt(usize),
}

#[derive(Deserialize)]
struct Explained {
    #[serde(rename = "Plan")]
    plan: Plan,
}

impl Database {
    /// Plans `sql` as [`run_query`](Self::run_query) would run it for `cap`. Runs nothing.
    ///
    /// # Errors
    ///
    /// As [`run_query`](Self::run_query).
    pub async fn explain_query(&self, sql: &str, cap: Cap) -> Result<Plan, QueryError> {
        let end = match self.explain_once(sql, cap).await? {
            Planned::As(plan) => return Ok(*plan),
            Planned::EndsAt(end) => end,
        };
        match self.explain_once(sql.get(..end).unwrap_or(sql), cap).await? {
            Planned::As(plan) => Ok(*plan),
            Planned::EndsAt(_) => Err(QueryError::NotASelect),
        }
    }

    async fn explain_once(&self, sql: &str, cap: Cap) -> Result<Planned, QueryError> {
        let (view, parsed) = self.view_with_parsed(sql).await?;
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => return Err(refused(view, error).await),
        };
        if !parsed.params().is_empty() {
            view.close().await?;
            return Err(QueryError::Parameters(parsed.params().len()));
        }
        let wrapped = Wrapped::around(sql, &parsed, cap, Lengths::Cut);
        let prefix = u32::try_from(EXPLAIN.len()).unwrap_or(0) + wrapped.prefix;
        let text = format!("{EXPLAIN}{}", wrapped.sql);
        let watch = self.watch("explain a query", sql);
        let client = view.lease.client()?;
        let no_params: [(&(dyn ToSql + Sync), Type); 0] = [];
        let run =
            async { tokio::join!(client.query_typed(&text, &no_params), client.batch_execute("ROLLBACK")) };
        let (rows, rolled_back) = self.in_time(run).await?;
        if rolled_back.is_ok() {
            view.lease.give_back();
        }
        match rows {
            Ok(rows) => {
                watch.returned(rows.len());
                Ok(Planned::As(Box::new(Plan::read(&rows)?)))
            }
            Err(error) => match end_of_query(&error, sql, prefix) {
                Some(end) => Ok(Planned::EndsAt(end)),
                None => Err(classify(error, prefix)),
            },
        }
    }
}

impl Plan {
    /// Reads the one row of EXPLAIN.
    fn read(rows: &[Row]) -> Result<Self, DatabaseError> {
        let row = rows.first().ok_or(DatabaseError::Pool { cause: "no plan".to_owned() })?;
        let Json(explained): Json<Vec<Explained>> =
            row.try_get(0).map_err(|source| DatabaseError::Statement { doing: "read a plan", source })?;
        Ok(explained.into_iter().next().map(|explained| explained.plan).unwrap_or_default())
    }
}
