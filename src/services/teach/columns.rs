//! Columns that do not exist, or exist twice.

use super::scope::{Mention, Path, Scope, Table, clause_of};
use super::{Lesson, Place, dialect};
use crate::database::Column;
use crate::services::nearest::suggested;

/// Most columns of a table that are listed.
const MOST_LISTED: usize = 30;

/// SQLSTATE 42703.
pub(super) fn unknown(place: &Place<'_>, scope: &Scope<'_>, known: &[Table<'_>]) -> Lesson {
    let Some(path) = place.path() else { return Lesson::default() };
    let searched: Vec<&Mention<'_>> = match path.qualifier() {
        Some(qualifier) => scope.called(qualifier),
        None => scope.tables.iter().collect(),
    };
    let mut lesson = habit(place, scope, &path)
        .or_else(|| of_another(scope, &path))
        .or_else(|| of_a_query(scope, &path))
        .or_else(|| both(near(&searched, &path), elsewhere(scope, known, &path)))
        .unwrap_or_else(|| anywhere(known, &path));
    lesson.facts.extend(searched.iter().map(|mention| listed(mention)));
    lesson
}

/// SQLSTATE 42703 without a place: PostgreSQL gives none for a name in USING.
pub(super) fn nowhere(scope: &Scope<'_>) -> Lesson {
    let facts = scope.tables.iter().map(listed).collect();
    Lesson {
        facts,
        next: Some("use names that are columns on both sides, or ON with a condition".to_owned()),
    }
}

/// Whether all columns that PostgreSQL's hint names may be read: it suggests from all there are.
pub(super) fn is_readable(hint: &str, scope: &Scope<'_>) -> bool {
    let quoted = hint.split(['"', '»', '«', '„', '“', '”']).skip(1).step_by(2);
    let mut paths = quoted.filter_map(|path| path.rsplit_once('.'));
    paths.all(|(qualifier, name)| {
        scope.queries.iter().any(|query| query == qualifier)
            || scope.called(qualifier).iter().any(|mention| mention.table.column(name).is_some())
    })
}

/// What people write who come from another dialect.
fn habit(place: &Place<'_>, scope: &Scope<'_>, path: &Path<'_>) -> Option<Lesson> {
    let name = path.name();
    if let Some(function) = place.function() {
        if ["date_trunc", "date_part"].contains(&function) {
            return Some(Lesson::next(format!("write the unit as text: {function}('{name}', ...)")));
        }
        if let Some(instead) = dialect::function(function) {
            return Some(Lesson::next(instead));
        }
    }
    let clause = clause_of(place.tokens, path.first);
    if path.qualifier().is_none() && clause != "select" && scope.outputs.iter().any(|output| output == name) {
        return Some(Lesson::next(format!(
            "`{name}` is an alias of the select list; only GROUP BY and ORDER BY know it, and only alone: repeat its \
             expression here, or put the query into FROM ( ... ) AS q and use q.{name} outside"
        )));
    }
    let lower = name.to_lowercase();
    let exists = scope.tables.iter().any(|mention| mention.table.column(&lower).is_some());
    (path.quoted && !exists)
        .then(|| Lesson::next(format!("text goes into single quotes: '{name}'; double quotes are for names")))
}

/// A near name here, and the exact one in a table that can be joined.
fn both(near: Option<String>, elsewhere: Option<String>) -> Option<Lesson> {
    let all: Vec<String> = near.into_iter().chain(elsewhere).collect();
    (!all.is_empty()).then(|| Lesson::next(all.join("; or ")))
}

/// Names that are spelt much like it, in the tables it can come from.
fn near(searched: &[&Mention<'_>], path: &Path<'_>) -> Option<String> {
    let all =
        searched.iter().flat_map(|mention| mention.table.columns.iter().map(move |column| (mention, column)));
    let best = suggested(all, |(_, column)| column.name.as_str(), path.name());
    let best: Vec<String> =
        best.into_iter().map(|(mention, column)| format!("{}.{}", mention.alias, column.name)).collect();
    (!best.is_empty()).then(|| format!("nearest name: {}", best.join(", ")))
}

/// Another table of the query has it.
fn of_another(scope: &Scope<'_>, path: &Path<'_>) -> Option<Lesson> {
    let having: Vec<&Mention<'_>> =
        scope.tables.iter().filter(|mention| mention.table.column(path.name()).is_some()).collect();
    let first = having.first()?;
    Some(Lesson::next(format!(
        "write {}.{}: it is a column of {}",
        first.alias,
        path.name(),
        first.table.qualified()
    )))
}

/// A table that the query does not read has it.
fn elsewhere(scope: &Scope<'_>, known: &[Table<'_>], path: &Path<'_>) -> Option<String> {
    let having: Vec<&Table<'_>> = known.iter().filter(|table| table.column(path.name()).is_some()).collect();
    let joined = having.iter().find_map(|table| Some((*table, join(scope, **table)?)));
    let (table, on) = match joined {
        Some((table, on)) => (table, format!(" ON {on}")),
        None => (*having.first()?, String::new()),
    };
    Some(format!("for {} join {}{on}", path.name(), table.qualified()))
}

/// How a table is joined to one of the query, by a foreign key in either direction.
fn join(scope: &Scope<'_>, table: Table<'_>) -> Option<String> {
    let leads = |from: &Column, to: Table<'_>| {
        let target = from.refers_to.as_deref()?.strip_prefix(&format!("{}.", to.qualified()))?;
        Some(target.to_owned())
    };
    scope.tables.iter().find_map(|mention| {
        let there = mention.table.columns.iter().find_map(|column| {
            Some(format!("{}.{} = {}.{}", table.name(), leads(column, table)?, mention.alias, column.name))
        });
        there.or_else(|| {
            table.columns.iter().find_map(|column| {
                let target = leads(column, mention.table)?;
                Some(format!("{}.{} = {}.{target}", table.name(), column.name, mention.alias))
            })
        })
    })
}

/// It is qualified with a sub-select, whose columns only its author knows.
fn of_a_query(scope: &Scope<'_>, path: &Path<'_>) -> Option<Lesson> {
    let qualifier = path.qualifier()?;
    scope.queries.iter().any(|query| query == qualifier).then(|| {
        Lesson::next(format!(
            "`{qualifier}` is a query of yours: add {} to its select list, or use a name from there",
            path.name()
        ))
    })
}

fn anywhere(known: &[Table<'_>], path: &Path<'_>) -> Lesson {
    let all = known.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let best = suggested(all, |(_, column)| column.name.as_str(), path.name());
    let best: Vec<String> =
        best.into_iter().map(|(table, column)| format!("{}.{}", table.qualified(), column.name)).collect();
    if best.is_empty() {
        return Lesson::default();
    }
    Lesson::next(format!("nearest names in all tables: {}", best.join(", ")))
}

fn listed(mention: &Mention<'_>) -> String {
    let columns = mention.table.columns;
    let mut names: Vec<&str> = columns.iter().take(MOST_LISTED).map(|column| column.name.as_str()).collect();
    if columns.len() > MOST_LISTED {
        names.push("...");
    }
    let alias = &mention.alias;
    let alias = if alias == mention.table.name() { String::new() } else { format!(" ({alias})") };
    format!("{}{alias} has: {}", mention.table.qualified(), names.join(", "))
}

/// SQLSTATE 42702.
pub(super) fn ambiguous(place: &Place<'_>, scope: &Scope<'_>) -> Lesson {
    let Some(path) = place.path() else { return Lesson::default() };
    let choices: Vec<String> = scope
        .tables
        .iter()
        .filter(|mention| mention.table.column(path.name()).is_some())
        .map(|mention| format!("{}.{} ({})", mention.alias, path.name(), mention.table.qualified()))
        .collect();
    match choices.as_slice() {
        [] | [_] => Lesson::next(format!("say which: put the table's alias before {}", path.name())),
        _ => Lesson::next(format!("say which: {}", choices.join(" or "))),
    }
}
