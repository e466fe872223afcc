//! Why an answer is no chart, and what would be one.

use super::column::Column;
use super::kind::Kind;
use crate::error::{Reason, ToolError};
use crate::services::nearest::listed;

/// No rows.
pub(super) fn nothing() -> ToolError {
    refused("the query returns no rows, so there is nothing to draw", "widen its filters and call again")
}

/// A column that the answer does not have.
pub(super) fn unknown(argument: &str, name: &str, columns: &[Column]) -> ToolError {
    let names = || columns.iter().map(|column| column.name.as_str());
    ToolError::new(
        Reason::UnknownName,
        format!("{argument}: the query has no column `{}`", shown(name)),
        format!("name one of its columns; nearest: {}", listed(names(), name)),
    )
}

/// A measure that is not one.
pub(super) fn not_numbers(argument: &str, column: &Column) -> ToolError {
    let example = column.a_name().map_or("no values".to_owned(), |value| format!("`{}`", shown(value)));
    refused(
        &format!("{argument}: column `{}` holds {example}, not numbers", shown(&column.name)),
        "name a column of numbers, or make it one in the query, for example count(*) or sum(...)",
    )
}

/// No column of numbers, or nothing beside it.
pub(super) fn too_few_columns(columns: &[Column]) -> ToolError {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    refused(
        &format!(
            "a chart needs a column of numbers and one to draw it along; there is only {}",
            names.join(", ")
        ),
        "select both, for example SELECT name, sum(total_amount) AS revenue ... GROUP BY name",
    )
}

/// A heat map without its second direction.
pub(super) fn no_rows_of_map() -> ToolError {
    refused(
        "a heat map needs a column across (x), one down (series) and one of numbers (y)",
        "select three columns, for example weekday, hour and revenue, or take kind bar",
    )
}

/// Several measures that one axis cannot show.
pub(super) fn two_units(one: &str, other: &str) -> ToolError {
    refused(
        &format!("`{}` and `{}` have different units, which one axis cannot show", shown(one), shown(other)),
        "draw one chart for each",
    )
}

/// Several measures where only one is possible.
pub(super) fn one_measure(kind: Kind) -> ToolError {
    refused(
        &format!("{} takes one column as y", kind.in_words()),
        "name one column as y, or leave series out",
    )
}

/// Several rows for one place.
pub(super) fn repeated(x: &Column, place: &str, series: Option<&Column>) -> ToolError {
    let of = series.map_or(String::new(), |series| format!(" and the same `{}`", shown(&series.name)));
    let next = match series {
        None => "name the column that tells them apart as series, or GROUP BY so that each has one row",
        Some(_) => "GROUP BY both columns so that each pair has one row",
    };
    refused(&format!("several rows have `{}` as `{}`{of}", shown(place), shown(&x.name)), next)
}

/// A horizontal scale that is none.
pub(super) fn no_scale(x: &Column) -> ToolError {
    refused(
        &format!("a scatter chart needs numbers or dates as x, and `{}` holds names", shown(&x.name)),
        "name another column as x, or take kind bar",
    )
}

/// No value that can be drawn.
pub(super) fn no_values(y: &str) -> ToolError {
    refused(
        &format!("all values of `{}` are NULL, NaN or Infinity", shown(y)),
        "filter them or draw another column",
    )
}

/// A pie that would lie or be unreadable.
pub(super) fn no_pie(why: &str) -> ToolError {
    refused(
        &format!("a pie shows a few parts of a whole, and {why}"),
        "take kind bar, or merge small parts in the query",
    )
}

fn refused(what: &str, next: &str) -> ToolError {
    ToolError::new(Reason::NotChartable, what, next)
}

/// A name as it may be quoted: not longer than anybody reads.
fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}
