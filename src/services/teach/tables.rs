//! Tables that do not exist, and qualifiers that nothing in FROM has.

use super::scope::{Path, Scope, Table, names_a_table};
use super::{Lesson, Place};
use crate::services::nearest::nearest;

/// Most tables that are suggested.
const MOST_SUGGESTED: usize = 3;

/// SQLSTATE 42P01.
pub(super) fn unknown(place: &Place<'_>, scope: &Scope<'_>, known: &[Table<'_>]) -> Lesson {
    let Some(path) = place.path() else { return Lesson::default() };
    if names_a_table(place.tokens, path.first) {
        no_table(&path, scope, known)
    } else {
        no_alias(&path, scope)
    }
}

fn no_table(path: &Path<'_>, scope: &Scope<'_>, known: &[Table<'_>]) -> Lesson {
    let all: Vec<String> =
        known.iter().map(|table| table.qualified()).chain(scope.queries.iter().cloned()).collect();
    if all.is_empty() {
        return Lesson::default();
    }
    let best = nearest(all.iter(), |name| last(name), path.name(), MOST_SUGGESTED);
    let best: Vec<&str> = match best.first() {
        // The right name in the wrong schema needs no second suggestion.
        Some(first) if last(first) == path.name() => vec![first],
        _ => best.into_iter().map(String::as_str).collect(),
    };
    Lesson::next(format!("nearest name: {}; get_multiple_table_schemas shows all tables", best.join(", ")))
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// `x.name` where nothing in FROM is called x.
fn no_alias(path: &Path<'_>, scope: &Scope<'_>) -> Lesson {
    let tables =
        scope.tables.iter().map(|mention| format!("{} ({})", mention.alias, mention.table.qualified()));
    let there: Vec<String> = tables.chain(scope.queries.iter().cloned()).collect();
    if there.is_empty() {
        return Lesson::default();
    }
    let having = scope.tables.iter().find(|mention| mention.table.column(path.name()).is_some());
    let next = match having {
        Some(mention) => format!("write {}.{}", mention.alias, path.name()),
        None => "use one of those, or join the table that is meant".to_owned(),
    };
    Lesson::next(next).with(format!("FROM has: {}", there.join(", ")))
}
