//! Which columns a condition of a plan uses, and how; never the constants in it.

use crate::services::teach::scope::{Path, path_at};
use crate::services::teach::tokens::{Kind, Token, tokens};

/// One column in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says one independent thing about the condition")]
pub(super) struct Use {
    /// The table's name in the query.
    pub(super) alias: String,
    pub(super) column: String,
    /// What is computed from it before it is compared: `date_trunc()`, `a cast to date`, `arithmetic`.
    pub(super) inside: Option<String>,
    /// Compared with a pattern.
    pub(super) pattern: bool,
    /// Compared with what a sub-select gave, as row security does.
    pub(super) with_query: bool,
    /// Part of an OR.
    pub(super) either: bool,
    /// Beside a day or a moment with time zone; of a timestamp these are other types.
    pub(super) with_day: bool,
}

/// All columns of a condition, in their order.
pub(super) fn uses(condition: &str) -> Vec<Use> {
    let all = tokens(condition);
    conjuncts(&all).into_iter().flat_map(of_conjunct).collect()
}

/// What each part of a condition compares its columns with: the part without them.
pub(super) fn compared(condition: &str) -> Vec<String> {
    let all = tokens(condition);
    let parts = conjuncts(&all).into_iter().map(|part| {
        let part = without_brackets(part).unwrap_or(part);
        let mut text = String::new();
        let mut at = 0;
        while let Some(token) = part.get(at) {
            if let Some(path) = path_at(part, at).filter(|path| path.parts.len() > 1) {
                at = path.end;
            } else {
                text.push_str(&token.text);
                text.push(' ');
                at += 1;
            }
        }
        text
    });
    // Nothing is left of a comparison of two columns but its sign.
    parts.filter(|text| text.len() > 6).collect()
}

/// The parts of a condition that AND joins.
fn conjuncts(mut all: &[Token]) -> Vec<&[Token]> {
    while let Some(inner) = without_brackets(all) {
        all = inner;
    }
    let mut depth = 0;
    all.split(|token| {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        depth == 0 && token.is("and")
    })
    .collect()
}

/// What is in the brackets that are around all of it.
fn without_brackets(all: &[Token]) -> Option<&[Token]> {
    let (first, rest) = all.split_first()?;
    let (last, inner) = rest.split_last()?;
    let mut depth = 0;
    let closed = inner.iter().all(|token| {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        depth >= 0
    });
    (first.is("(") && last.is(")") && closed).then_some(inner)
}

fn of_conjunct(part: &[Token]) -> Vec<Use> {
    let has = |test: &dyn Fn(&Token) -> bool| part.iter().any(test);
    let pattern = has(&|token| token.kind == Kind::Sign && token.text.contains('~'));
    let with_query = has(&|token| token.is("initplan") || token.is("subplan"));
    let either = has(&|token| token.is("or"));
    let with_day = has(&|token| ["date", "current_date", "zone", "now"].iter().any(|word| token.is(word)));
    let mut found = Vec::new();
    let mut functions: Vec<Option<&str>> = Vec::new();
    let mut at = 0;
    while let Some(token) = part.get(at) {
        if token.is("(") {
            functions.push(function_before(part, at));
        } else if token.is(")") {
            functions.pop();
        }
        let path = path_at(part, at);
        if let Some((path, alias)) = path.as_ref().and_then(|path| Some((path, path.qualifier()?)))
            && !part.get(path.end).is_some_and(|next| next.is("("))
        {
            let inside = computed(part, path, functions.iter().rev().find_map(|function| *function));
            let (alias, column) = (alias.to_owned(), path.name().to_owned());
            found.push(Use { alias, column, inside, pattern, with_query, either, with_day });
        }
        at = path.map_or(at + 1, |path| path.end);
    }
    found
}

/// The function whose arguments the bracket opens.
fn function_before(part: &[Token], bracket: usize) -> Option<&str> {
    const NONE: [&str; 13] =
        ["and", "or", "not", "in", "any", "all", "when", "then", "else", "case", "is", "array", "row"];
    let before = part.get(bracket.checked_sub(1)?)?;
    (before.is_name() && !NONE.contains(&before.text.as_str())).then_some(before.text.as_str())
}

fn computed(part: &[Token], path: &Path<'_>, function: Option<&str>) -> Option<String> {
    const SIGNS: [&str; 6] = ["+", "-", "*", "/", "%", "||"];
    if let Some(function) = function {
        return Some(format!("{function}()"));
    }
    let is_sign = |at: Option<usize>| {
        at.and_then(|at| part.get(at)).is_some_and(|token| SIGNS.iter().any(|sign| token.is(sign)))
    };
    if is_sign(path.first.checked_sub(1)) || is_sign(Some(path.end)) {
        return Some("arithmetic".to_owned());
    }
    let after = if part.get(path.end).is_some_and(|token| token.is(")")) { path.end + 1 } else { path.end };
    let cast = part.get(after).filter(|token| token.is("::")).and_then(|_| part.get(after + 1));
    // Between kinds of text nothing is computed.
    cast.filter(|kind| !kind.is("text")).map(|kind| format!("a cast to {}", kind.text))
}

#[cfg(test)]
mod tests {
    use super::{compared, uses};

    fn shown(condition: &str) -> Vec<String> {
        let all = uses(condition).into_iter();
        all.map(|u| {
            let flags: String = [(u.pattern, " ~"), (u.with_query, " q"), (u.either, " or")]
                .iter()
                .filter_map(|(is, text)| is.then_some(*text))
                .collect();
            format!("{}.{} {}{flags}", u.alias, u.column, u.inside.unwrap_or_default()).trim_end().to_owned()
        })
        .collect()
    }

    #[test]
    fn columns_are_found_with_what_is_done_to_them() {
        let condition = "((o.store_id = (InitPlan 2).col1) AND (date_trunc('month'::text, o.order_date) = \
            '2026-05-01 00:00:00'::timestamp without time zone) AND ((o.order_date)::date > '2026-01-01'::date) AND (o.status = 'AND x.y'::text))";
        assert_eq!(
            shown(condition),
            ["o.store_id  q", "o.order_date date_trunc()", "o.order_date a cast to date", "o.status"]
        );
        assert_eq!(shown("(o.order_id = i.order_id)"), ["o.order_id", "i.order_id"]);
        assert_eq!(
            shown("((c.first_name || ''::text) = d.last_name)"),
            ["c.first_name arithmetic", "d.last_name"]
        );
        assert_eq!(shown("(lower(c.email) ~~ '%x%'::text)"), ["c.email lower() ~"]);
        assert_eq!(shown("((c.status)::text = ANY ('{a,b}'::text[]))"), ["c.status"]);
        assert_eq!(shown("((a.x = 1) OR (b.y = 2))"), ["a.x  or", "b.y  or"]);
        assert_eq!(shown("(EXTRACT(year FROM o.order_date) = '2026'::numeric)"), ["o.order_date extract()"]);
        assert_eq!(
            compared("((s.store_id = (InitPlan 1).col1) AND (a.x = b.y))"),
            compared("(i.store_id = (InitPlan 1).col1)")
        );
        assert_ne!(
            compared("(s.store_id = (InitPlan 1).col1)"),
            compared("(i.store_id = (InitPlan 2).col1)")
        );
        assert!(shown("(InitPlan 1).col1").is_empty() && shown("").is_empty());
    }
}
