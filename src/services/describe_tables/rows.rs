//! What the caller's rows tell of a table: how many there are, which values its columns have.

use std::collections::BTreeMap;

use super::is_key;
use crate::database::{Column, Database, DatabaseError, Index, Look, MOST_ROWS, MOST_VALUES, Sample};
use crate::services::teach::Table;

/// By qualified table name.
pub(super) type Rows = BTreeMap<String, Seen>;

/// What was seen of one table.
#[derive(Debug)]
pub(super) struct Seen {
    look: Look,
    sample: Sample,
}

/// Looks at tables. For chosen ones at columns with many values too, of which some become examples.
pub(super) async fn look(
    database: &Database,
    tables: &[Table<'_>],
    indexes: &[Index],
    chosen: bool,
) -> Result<Rows, DatabaseError> {
    let looks: Vec<Look> = tables.iter().filter_map(|table| look_at(*table, indexes, chosen)).collect();
    let samples = database.look(&looks).await?;
    let seen = looks.into_iter().zip(samples).filter_map(|(look, sample)| {
        let name = format!("{}.{}", look.schema, look.table);
        Some((name, Seen { look, sample: sample? }))
    });
    Ok(seen.collect())
}

fn look_at(table: Table<'_>, indexes: &[Index], chosen: bool) -> Option<Look> {
    let wanted = |column: &&Column| !is_key(column) && column.allowed.is_none() && has_values(column, chosen);
    let names = |columns: Vec<&Column>| columns.into_iter().map(|column| column.name.clone()).collect();
    // The ends of a column that leads no index would cost a pass over the table.
    let leads_index = |column: &&Column| {
        indexes.iter().any(|index| {
            table.is_called(&[&index.schema, &index.table])
                && index.columns.first().is_some_and(|name| name.as_ref() == Some(&column.name))
        })
    };
    let mut look = Look::rows(table.columns.first()?);
    look.columns = names(table.columns.iter().filter(wanted).collect());
    look.ranges =
        names(table.columns.iter().filter(|column| is_moment(column)).filter(leads_index).collect());
    look.key = names(table.columns.iter().filter(|column| column.primary_key).collect());
    Some(look)
}

/// Types that have an order and short values.
fn has_values(column: &Column, chosen: bool) -> bool {
    let few = ["text", "character", "smallint", "integer"];
    let many = ["numeric", "bigint", "real", "double", "date", "timestamp", "interval"];
    few.iter().any(|kind| column.kind.starts_with(kind)) && !column.kind.ends_with("[]")
        || chosen && many.iter().any(|kind| column.kind.starts_with(kind)) && !column.kind.ends_with("[]")
}

fn is_moment(column: &Column) -> bool {
    column.kind == "date" || column.kind.starts_with("timestamp")
}

impl Seen {
    /// `937 rows`, or `10,000+ rows`.
    pub(super) fn count(&self) -> String {
        match (self.sample.rows, self.sample.more) {
            (_, true) => format!("{},000+ rows", MOST_ROWS / 1_000),
            (1, false) => "1 row".to_owned(),
            (rows, false) => format!("{rows} rows"),
        }
    }

    /// What a column holds: all its values where they are few, its ends, or examples where these are wanted.
    pub(super) fn of(&self, column: &Column, chosen: bool) -> Option<String> {
        if let Some(at) = self.look.ranges.iter().position(|name| *name == column.name) {
            return self.sample.ranges.get(at)?.as_ref().map(|(least, most)| format!(" {least}..{most}"));
        }
        let at = self.look.columns.iter().position(|name| *name == column.name)?;
        let values: Vec<String> = self.sample.values.get(at)?.iter().map(|value| shown(value)).collect();
        match values.as_slice() {
            [] => None,
            few if few.len() <= MOST_VALUES && !self.sample.more => Some(format!(" {{{}}}", few.join("|"))),
            few if few.len() <= MOST_VALUES => Some(format!(" e.g. {}", few.join("|"))),
            [first, second, ..] if chosen => Some(format!(" e.g. {first}|{second}")),
            _ => None,
        }
    }
}

/// A value on one line.
fn shown(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
