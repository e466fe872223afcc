//! Describes tables as compact DDL, the form in which models write the best SQL.
//!
//! All tables in one answer of at most 8 KB, or chosen tables in full. What is shown of rows, how many there are and which
//! values a column has, is read through row security for this answer; [`kept`] gives one identity's answer again to it.

mod rows;
mod words;

use self::rows::{Rows, look};
use self::words::{Level, Words, describe};
use super::kept::{Aged, Asking};
use super::nearest::nearest;
use super::teach::Table;
use crate::database::{Column, Database};
use crate::error::{Reason, ToolError};

/// Most bytes of the description of all tables.
const WHOLE: usize = 8 * 1024;
/// Of more tables rows are not looked at, unless they are chosen.
const MOST_LOOKED_AT: usize = 30;
/// Most tables that are suggested for a misspelt name.
const MOST_SUGGESTIONS: usize = 3;

/// Describes the named tables in full, or all that the caller may read in at most 8 KB when `names` is empty.
///
/// A name may leave out its schema. Chosen tables that do not fit into the byte limit of an answer are named at its end.
///
/// # Errors
///
/// [`Reason::UnknownTable`] with the nearest names; nothing is described then.
pub async fn run(database: &Database, names: &[String]) -> Result<String, ToolError> {
    let columns = database.readable_columns().await?;
    let tables = Table::all(&columns);
    if names.is_empty() { whole(database, &tables).await } else { chosen(database, names, &tables).await }
}

/// What [`run`] answers, or answered a while ago.
///
/// # Errors
///
/// As [`run`].
#[expect(clippy::disallowed_methods, reason = "keeps what this service itself answers")]
pub async fn kept(asking: Asking<'_>, names: &[String]) -> Result<Aged, ToolError> {
    let parts = || {
        let most = asking.database.limits().max_bytes.to_string();
        names.iter().map(|name| name.trim().to_owned()).chain([most]).collect()
    };
    let make = Box::pin(run(asking.database, names));
    asking.answer("get_multiple_table_schemas", |_| Some(parts()), make).await
}

/// The names of all tables that the caller may read, with their schema.
///
/// # Errors
///
/// [`ToolError`] when the database could not answer.
pub async fn names(database: &Database) -> Result<Vec<String>, ToolError> {
    let columns = database.readable_columns().await?;
    Ok(Table::all(&columns).iter().map(|table| table.qualified()).collect())
}

/// All tables, in as many words as fit.
async fn whole(database: &Database, tables: &[Table<'_>]) -> Result<String, ToolError> {
    let bare = |level| Words { level, ..Words::default() };
    let plain = all(tables, &bare(Level::Comments));
    if plain.len() <= WHOLE && tables.len() <= MOST_LOOKED_AT {
        let indexes = database.readable_indexes().await?;
        let words = Words { rows: look(database, tables, &indexes, false).await?, ..bare(Level::Comments) };
        let rich = all(tables, &words);
        return Ok(if rich.len() <= WHOLE { rich } else { plain });
    }
    let shorter = [Level::Comments, Level::Types, Level::Names].map(|level| all(tables, &bare(level)));
    let fitting = shorter.into_iter().find(|text| text.len() + HINT.len() <= WHOLE);
    let text = fitting.unwrap_or_else(|| list(tables));
    Ok(if text == plain { text } else { format!("{text}{HINT}") })
}

const HINT: &str = "\nShortened to fit: call again with the table_names you need to see them in full.\n";

fn all(tables: &[Table<'_>], words: &Words<'_>) -> String {
    let blank = if words.level == Level::Names { "" } else { "\n" };
    tables.iter().map(|table| describe(*table, words)).collect::<Vec<_>>().join(blank)
}

/// Names of tables, as many as fit.
fn list(tables: &[Table<'_>]) -> String {
    let mut text = String::new();
    for (done, table) in tables.iter().enumerate() {
        let line = format!("{}\n", table.qualified());
        if text.len() + line.len() + HINT.len() + 40 > WHOLE {
            return format!("{text}... and {} more tables\n", tables.len() - done);
        }
        text.push_str(&line);
    }
    text
}

async fn chosen(database: &Database, names: &[String], tables: &[Table<'_>]) -> Result<String, ToolError> {
    let mut found: Vec<Table<'_>> = Vec::new();
    for name in names {
        let path: Vec<&str> = name.trim().split('.').collect();
        let table =
            tables.iter().find(|table| table.is_called(&path)).ok_or_else(|| unknown(name, tables))?;
        if !found.iter().any(|known| known.qualified() == table.qualified()) {
            found.push(*table);
        }
    }
    let indexes = database.readable_indexes().await?;
    let constraints = database.readable_constraints().await?;
    let rows = look(database, &found, &indexes, true).await?;
    let words = Words { level: Level::Full, rows, indexes: &indexes, constraints: &constraints };
    Ok(within(database.limits().max_bytes as usize, &found, &words))
}

/// As many tables as fit, at least one, and the names of the others.
fn within(most: usize, tables: &[Table<'_>], words: &Words<'_>) -> String {
    let (mut text, mut left_out) = (String::new(), Vec::new());
    for table in tables {
        let described = describe(*table, words);
        if text.is_empty() {
            text = described;
        } else if left_out.is_empty() && text.len() + described.len() < most {
            text = format!("{text}\n{described}");
        } else {
            left_out.push(table.qualified());
        }
    }
    if left_out.is_empty() {
        return text;
    }
    format!("{text}\nLeft out for size, call again with these: {}\n", left_out.join(", "))
}

fn unknown(name: &str, tables: &[Table<'_>]) -> ToolError {
    let bare = name.trim().rsplit('.').next().unwrap_or(name);
    let near = nearest(tables.iter(), |table| table.name(), bare, MOST_SUGGESTIONS);
    let near: Vec<String> = near.into_iter().map(|table| table.qualified()).collect();
    let shown: String = name.chars().take(100).collect();
    ToolError::new(
        Reason::UnknownTable,
        format!("there is no table `{shown}` that you may read"),
        format!("nearest names: {}; an empty table_names describes all", near.join(", ")),
    )
}

/// Whether a column is an id, of which examples say nothing.
fn is_key(column: &Column) -> bool {
    column.primary_key || column.refers_to.is_some()
}
