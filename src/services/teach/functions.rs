//! Functions that do not exist, or not for these types.

use super::{Lesson, Place, dialect};
use crate::database::Database;
use crate::services::nearest::suggested;

/// Most signatures and names that are shown.
const MOST_SHOWN: usize = 6;

/// Functions that are part of PostgreSQL's grammar and in no list.
const GRAMMAR: [&str; 6] = ["coalesce", "extract", "greatest", "grouping", "least", "nullif"];

/// Whether a call is at the place, not an operator.
pub(super) fn is_call(place: &Place<'_>) -> bool {
    place.path().is_some_and(|path| place.tokens.get(path.end).is_some_and(|token| token.is("(")))
}

/// SQLSTATE 42883 of a function.
pub(super) async fn unknown(database: &Database, place: &Place<'_>) -> Lesson {
    let Some(path) = place.path() else { return Lesson::default() };
    let name = path.name();
    if let Some(instead) = dialect::function(name) {
        return Lesson::next(instead);
    }
    let Ok(found) = database.callable_functions(name).await else { return Lesson::default() };
    let same: Vec<&str> = found
        .iter()
        .filter(|function| function.name == name)
        .map(|function| function.signature.as_str())
        .take(MOST_SHOWN)
        .collect();
    if !same.is_empty() {
        let next = format!("cast the arguments to one of these: {}", same.join(", "));
        return Lesson::next(match dialect::cast(name) {
            Some(example) => format!("{next}; {example}"),
            None => next,
        });
    }
    let mut names: Vec<&str> = found.iter().map(|function| function.name.as_str()).collect();
    names.extend(GRAMMAR);
    names.dedup();
    let best = suggested(names, |name| *name, name);
    if best.is_empty() {
        return Lesson::next(format!("PostgreSQL has no {name}: write it with other functions or CASE"));
    }
    Lesson::next(format!("nearest name: {}", best.join(", ")))
}
