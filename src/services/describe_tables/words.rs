//! One table in words, at several levels of detail.

use std::fmt::Write as _;

use super::Rows;
use crate::database::{Column, Constraint, Index};
use crate::services::teach::Table;

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Level {
    /// One line with the names of columns.
    #[default]
    Names,
    /// One line for each column: type, keys, references, allowed values.
    Types,
    /// Comments too.
    Comments,
    /// Keys, checks and indexes in full too, and examples.
    Full,
}

/// What is known for the description.
#[derive(Default)]
pub(super) struct Words<'a> {
    pub(super) level: Level,
    pub(super) rows: Rows,
    pub(super) indexes: &'a [Index],
    pub(super) constraints: &'a [Constraint],
}

/// Describes a table.
pub(super) fn describe(table: Table<'_>, words: &Words<'_>) -> String {
    let Some(first) = table.columns.first() else { return String::new() };
    let mut text = table.qualified();
    if words.level == Level::Names {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let _ = writeln!(text, "({})", names.join(", "));
        return text;
    }
    if let Some(seen) = words.rows.get(&table.qualified()) {
        let _ = write!(text, " ({})", seen.count());
    }
    if let Some(comment) = first.table_comment.as_ref().filter(|_| words.level != Level::Types) {
        let _ = write!(text, " -- {}", one_line(comment));
    }
    text.push('\n');
    for column in table.columns {
        line(&mut text, table, column, words);
    }
    if words.level == Level::Full {
        extras(&mut text, table, words);
    }
    text
}

fn line(text: &mut String, table: Table<'_>, column: &Column, words: &Words<'_>) {
    let _ = write!(text, "  {} {}", column.name, short(&column.kind));
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
    let seen = words.rows.get(&table.qualified());
    text.push_str(&seen.and_then(|seen| seen.of(column, words.level == Level::Full)).unwrap_or_default());
    if let Some(comment) = column.comment.as_ref().filter(|_| words.level != Level::Types) {
        let _ = write!(text, " -- {}", one_line(comment));
    }
    text.push('\n');
}

/// Keys over several columns, checks, indexes, and who refers to it.
fn extras(text: &mut String, table: Table<'_>, words: &Words<'_>) {
    let (own, others): (Vec<&Constraint>, Vec<&Constraint>) = words
        .constraints
        .iter()
        .partition(|constraint| table.is_called(&[&constraint.schema, &constraint.table]));
    for constraint in own.into_iter().filter(|constraint| !is_list(constraint)) {
        let _ = writeln!(text, "  {}", definition(constraint));
    }
    for index in words.indexes.iter().filter(|index| table.is_called(&[&index.schema, &index.table])) {
        if !index.unique {
            let _ = writeln!(text, "  INDEX {}", index.definition);
        }
    }
    let name = table.qualified();
    for constraint in others.into_iter().filter(|constraint| constraint.target.as_ref() == Some(&name)) {
        let columns = constraint.columns.join(", ");
        let _ = writeln!(text, "  <- {}.{} ({columns})", constraint.schema, constraint.table);
    }
}

fn definition(constraint: &Constraint) -> String {
    let columns = constraint.columns.join(", ");
    match constraint.kind.as_str() {
        "p" => format!("PRIMARY KEY ({columns})"),
        "u" => format!("UNIQUE ({columns})"),
        "f" => {
            let target = constraint.target.as_deref().unwrap_or_default();
            format!("FOREIGN KEY ({columns}) -> {target} ({})", constraint.target_columns.join(", "))
        }
        _ => format!("CHECK {}", constraint.condition.as_deref().unwrap_or_default()),
    }
}

/// Whether it is shown as allowed values already.
fn is_list(constraint: &Constraint) -> bool {
    constraint.condition.as_deref().is_some_and(|condition| condition.contains("= ANY (ARRAY["))
}

/// The type in the words that everybody writes.
fn short(kind: &str) -> String {
    kind.replace("timestamp without time zone", "timestamp")
        .replace("timestamp with time zone", "timestamptz")
        .replace("character varying", "varchar")
        .replace("double precision", "float8")
}

fn one_line(comment: &str) -> String {
    comment.split_whitespace().collect::<Vec<_>>().join(" ")
}
