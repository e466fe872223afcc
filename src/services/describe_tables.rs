//! Describes tables as compact DDL, the form in which models write the best SQL.

use std::fmt::Write as _;

use crate::database::{Column, Database};
use crate::error::{Reason, ToolError};

/// Most tables that are suggested for a misspelt name.
const MOST_SUGGESTIONS: usize = 3;

/// Describes the named tables, or all that the caller may read when `names` is empty.
///
/// One line per column: `name type PK NOT NULL -> referred.column {allowed|values} -- comment`. A name may leave out its
/// schema.
///
/// # Errors
///
/// [`Reason::UnknownTable`] with the nearest names; nothing is described then.
pub async fn run(database: &Database, names: &[String]) -> Result<String, ToolError> {
    let columns = database.readable_columns().await?;
    let tables: Vec<&[Column]> =
        columns.chunk_by(|a, b| a.schema == b.schema && a.table == b.table).collect();
    if names.is_empty() {
        return Ok(tables.iter().map(|table| describe(table)).collect::<Vec<_>>().join("\n"));
    }
    let mut described = Vec::new();
    for name in names {
        let table =
            tables.iter().find(|table| is_called(table, name)).ok_or_else(|| unknown(name, &tables))?;
        described.push(describe(table));
    }
    Ok(described.join("\n"))
}

/// The names of all tables that the caller may read, with their schema.
///
/// # Errors
///
/// [`ToolError`] when the database could not answer.
pub async fn names(database: &Database) -> Result<Vec<String>, ToolError> {
    let columns = database.readable_columns().await?;
    let mut names: Vec<String> = columns.iter().map(qualified).collect();
    names.dedup();
    Ok(names)
}

fn is_called(table: &[Column], name: &str) -> bool {
    let name = name.trim();
    table.first().is_some_and(|column| name == column.table || name == qualified(column))
}

fn qualified(column: &Column) -> String {
    format!("{}.{}", column.schema, column.table)
}

fn describe(table: &[Column]) -> String {
    let Some(first) = table.first() else { return String::new() };
    let mut text = qualified(first);
    if let Some(comment) = &first.table_comment {
        let _ = write!(text, " -- {comment}");
    }
    text.push('\n');
    for column in table {
        text.push_str(&line(column));
    }
    text
}

fn line(column: &Column) -> String {
    let mut text = format!("  {} {}", column.name, short(&column.kind));
    if column.primary_key {
        text.push_str(" PK");
    } else if column.not_null {
        text.push_str(" NOT NULL");
    }
    if let Some(target) = &column.refers_to {
        let _ = write!(text, " -> {target}");
    }
    if let Some(allowed) = &column.allowed {
        let _ = write!(text, " {{{}}}", allowed.join("|"));
    }
    if let Some(comment) = &column.comment {
        let _ = write!(text, " -- {comment}");
    }
    text.push('\n');
    text
}

/// The type in the words that everybody writes.
fn short(kind: &str) -> String {
    kind.replace("timestamp without time zone", "timestamp")
        .replace("timestamp with time zone", "timestamptz")
        .replace("character varying", "varchar")
        .replace("double precision", "float8")
}

fn unknown(name: &str, tables: &[&[Column]]) -> ToolError {
    let mut known: Vec<String> = tables.iter().filter_map(|table| table.first()).map(qualified).collect();
    let bare = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    known.sort_by(|a, b| nearness(b, &bare).total_cmp(&nearness(a, &bare)));
    known.truncate(MOST_SUGGESTIONS);
    let shown: String = name.chars().take(100).collect();
    ToolError::new(
        Reason::UnknownTable,
        format!("there is no table `{shown}` that you may read"),
        format!("nearest names: {}; an empty table_names describes all", known.join(", ")),
    )
}

fn nearness(qualified: &str, bare: &str) -> f64 {
    strsim::jaro_winkler(qualified.rsplit('.').next().unwrap_or(qualified), bare)
}
