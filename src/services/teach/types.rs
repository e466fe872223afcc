//! Values and columns whose types do not fit together.

use super::scope::{Mention, Scope, path_at, path_before};
use super::tokens::{Kind, Token};
use super::{Lesson, Place};
use crate::database::Column;

/// SQLSTATE 42883 of an operator, 42804, 42846, 22P02, 22007.
pub(super) fn mismatch(place: &Place<'_>, scope: &Scope<'_>) -> Lesson {
    let sides = sides(place, scope);
    let mut facts: Vec<String> = sides.iter().map(|(mention, column)| fact(mention, column)).collect();
    facts.dedup();
    let kinds: Vec<&str> = sides.iter().map(|(_, column)| column.kind.as_str()).collect();
    Lesson { facts, next: Some(advice(place, &kinds)) }
}

/// The columns beside an operator, or the one that a literal is compared with.
fn sides<'a, 's>(place: &Place<'_>, scope: &'s Scope<'a>) -> Vec<(&'s Mention<'a>, &'a Column)> {
    let tokens = place.tokens;
    let here = tokens.get(place.at);
    let paths = match here {
        Some(token) if token.is_name() => vec![path_at(tokens, place.at)],
        Some(token) if token.kind == Kind::Sign => {
            vec![path_before(tokens, place.at), path_at(tokens, place.at + 1)]
        }
        _ => vec![path_before(tokens, compared(tokens, place.at))],
    };
    paths.into_iter().flatten().filter_map(|path| scope.column(&path)).collect()
}

/// From a literal back over what stands between it and its column: `= ANY (`, `IN ('a', `, `BETWEEN 'a' AND`.
fn compared(tokens: &[Token], literal: usize) -> usize {
    const BETWEEN: [&str; 9] = ["in", "not", "between", "and", "any", "all", "array", "like", "ilike"];
    let skipped = |token: &Token| {
        token.kind != Kind::Word && token.kind != Kind::Quoted || BETWEEN.iter().any(|word| token.is(word))
    };
    tokens.iter().take(literal).rposition(|token| !skipped(token)).map_or(0, |column| column + 1)
}

fn fact(mention: &Mention<'_>, column: &Column) -> String {
    let allowed = column.allowed.as_ref().map(|values| format!(" with the values {}", values.join(", ")));
    format!("{}.{} is {}{}", mention.alias, column.name, column.kind, allowed.unwrap_or_default())
}

fn advice(place: &Place<'_>, kinds: &[&str]) -> String {
    const CONDITION: [&str; 7] = ["on", "where", "having", "and", "or", "not", "when"];
    if place.path().is_some() {
        let condition = place.near(-1).is_some_and(|token| CONDITION.iter().any(|word| token.is(word)));
        return if condition {
            "write a whole condition, such as a.id = b.id or is_online".to_owned()
        } else {
            "each column has one type in all parts of a UNION or CASE: cast with value::type".to_owned()
        };
    }
    let literal = place.near(0).is_some_and(|token| token.kind == Kind::Text);
    let has = |words: &[&str]| kinds.iter().any(|kind| words.iter().any(|word| kind.starts_with(word)));
    if has(&["uuid"]) {
        return "an id is compared with an id: join the table that has the name you look for and filter there, or \
                write the whole id in single quotes"
            .to_owned();
    }
    if has(&["timestamp", "date"]) {
        return "write a day as DATE '2026-06-30' and a span as INTERVAL '7 days'; add spans, not numbers"
            .to_owned();
    }
    if literal && !kinds.is_empty() {
        return "write a value of that type".to_owned();
    }
    "give both sides the same type, with value::type where they differ; get_multiple_table_schemas shows types".to_owned()
}
