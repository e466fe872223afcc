//! From a query that PostgreSQL refused, or that is none, to what a client may be told.

use super::caret::point_at;
use super::failure::{locked, lost, timeout};
use crate::database::{QueryError, Refusal};
use crate::error::{Reason, ToolError, chain};

const SEE_SCHEMAS: &str = "call get_multiple_table_schemas to see which tables and columns there are";
const INSTEAD_OF_SAMPLE: &str = "TABLESAMPLE is closed here, because blocks tell of other stores' rows; for a sample write \
     ORDER BY random() LIMIT n in a sub-select";

/// Why a query of the assistant has no result.
pub(super) fn of_query(sql: &str, error: QueryError) -> ToolError {
    match error {
        QueryError::Database(error) => error.into(),
        QueryError::Parameters(count) => ToolError::new(
            Reason::Parameters,
            format!("the SQL waits for {count} parameter values ($1, ...)"),
            "write the values into the SQL",
        ),
        QueryError::NotASelect => ToolError::new(
            Reason::NotASelect,
            "the SQL is not a query; one SELECT, VALUES, TABLE or WITH ... SELECT is what can be run here",
            not_a_select(sql),
        ),
        QueryError::Lost(error) => {
            tracing::warn!("the connection broke during a query: {}", chain(&error));
            lost()
        }
        QueryError::Refused(refusal) => refused(sql, refusal, Vec::new(), None),
    }
}

/// What to do instead of a statement that is no query.
fn not_a_select(sql: &str) -> &'static str {
    let first = sql.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    match first.as_str() {
        "explain" => "call explain_sales_query with the SELECT alone",
        "show" | "describe" => SEE_SCHEMAS,
        _ => "write it as one SELECT; this server only reads",
    }
}

/// PostgreSQL refused a query: its words, the place, its hint, what there is (`facts`), and what to do, for which `next`
/// replaces the general advice.
pub(super) fn refused(sql: &str, refusal: Refusal, facts: Vec<String>, next: Option<String>) -> ToolError {
    let (reason, general) = reason_of(sql, &refusal);
    match reason {
        Reason::StatementTimeout => return timeout(),
        Reason::LockTimeout => return locked(),
        _ => {}
    }
    let message = format!("{} (SQLSTATE {})", refusal.message, refusal.sqlstate);
    let mut error = ToolError::new(reason, message, next.unwrap_or_else(|| general.to_owned()));
    error.details.extend(refusal.position.and_then(|position| point_at(sql, position)).into_iter().flatten());
    error.details.extend(refusal.hint.map(|hint| format!("Hint: {hint}")));
    error.details.extend(facts);
    error
}

/// By SQLSTATE, never by the words of the message: they depend on the server's language.
fn reason_of(sql: &str, refusal: &Refusal) -> (Reason, &'static str) {
    match refusal.sqlstate.as_str() {
        "42601" if refusal.several_statements => {
            (Reason::SeveralStatements, "send one statement per call, without a semicolon between two")
        }
        "42601" => (Reason::Syntax, "correct the SQL at the caret; it is PostgreSQL's dialect"),
        "42P01" => (Reason::UnknownTable, SEE_SCHEMAS),
        "42704" if samples(sql) => (Reason::UnknownName, INSTEAD_OF_SAMPLE),
        "42703" | "42883" | "42704" | "3F000" => (Reason::UnknownName, SEE_SCHEMAS),
        "42501" => (Reason::PermissionDenied, "use the tables that get_multiple_table_schemas shows"),
        "25006" => (Reason::ReadOnly, "write it as one SELECT; this server only reads"),
        "57014" => (Reason::StatementTimeout, ""),
        "55P03" => (Reason::LockTimeout, ""),
        // What PostgreSQL got was no message of ours: something changed it on the way.
        state if state.starts_with("08") => (Reason::ConnectionLost, "call again; nothing was changed"),
        // A standby's replay needed a row version that the query was reading.
        "40001" => (Reason::QueryFailed, "call again"),
        state if state.starts_with("42") => {
            (Reason::Semantics, "correct the SQL; the hint and the caret say where")
        }
        state if state.starts_with("22") => {
            (Reason::DataException, "guard the expression, e.g. with NULLIF or a cast")
        }
        state if state.starts_with("53") || state.starts_with("54") => (
            Reason::ResourceLimit,
            "ask for less: a shorter period, fewer joins, an aggregate instead of rows",
        ),
        _ => (Reason::QueryFailed, "read PostgreSQL's message and change the SQL"),
    }
}

/// Whether a query takes samples, or says so.
fn samples(sql: &str) -> bool {
    sql.to_ascii_uppercase().contains("TABLESAMPLE")
}
