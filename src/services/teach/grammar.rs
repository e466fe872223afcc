//! Grammar: what does not parse, what may not stand where it stands, and what failed while it ran.

use super::scope::clause_of;
use super::tokens::{Kind, Token};
use super::{Lesson, Place};

/// SQLSTATE 42601.
pub(super) fn syntax(place: &Place<'_>) -> Lesson {
    let tokens = place.tokens;
    let here = place.near(0);
    let at = |step: isize, text: &str| place.near(step).is_some_and(|token| token.is(text));
    let any = |text: &str| tokens.iter().any(|token| token.is(text));
    let next = if tokens.iter().any(|token| token.kind == Kind::Sign && token.text.contains('`')) {
        "PostgreSQL has no backticks: write names bare, or in double quotes"
    } else if tokens.windows(2).any(|pair| matches!(pair, [a, b] if a.is("top") && b.kind == Kind::Number)) {
        "PostgreSQL has no TOP: end the query with LIMIT 10"
    } else if any("qualify") {
        "PostgreSQL has no QUALIFY: put the window function into FROM ( ... ) AS q and filter outside"
    } else if at(0, "[") || at(-1, "[") || at(-2, "[") {
        "names are not written in square brackets: write them bare, or in double quotes"
    } else if at(-1, "interval") {
        "write the span in single quotes: INTERVAL '3 months'"
    } else if at(-1, "limit") || at(0, "limit") {
        "write LIMIT 10 OFFSET 20"
    } else if ["describe", "desc", "use"].iter().any(|word| starts_with(tokens, word)) {
        "call get_multiple_table_schemas to see tables and columns; there is one database only"
    } else if at(-1, ",") && here.is_some_and(is_clause) {
        "remove the comma before this word"
    } else if balance(tokens) > 0 {
        "a bracket is not closed: count ( and )"
    } else if balance(tokens) < 0 {
        "there is one ) too many"
    } else if ["==", "&&", "||="].iter().any(|sign| at(0, sign)) {
        "PostgreSQL writes = for equality, AND and OR for conditions"
    } else {
        return Lesson::default();
    };
    Lesson::next(next)
}

fn starts_with(tokens: &[Token], word: &str) -> bool {
    tokens.first().is_some_and(|token| token.is(word))
}

fn is_clause(token: &Token) -> bool {
    ["from", "where", "group", "order", "having", "limit", ")"].iter().any(|word| token.is(word))
}

fn balance(tokens: &[Token]) -> i32 {
    tokens.iter().map(|token| i32::from(token.is("(")) - i32::from(token.is(")"))).sum()
}

/// SQLSTATE 42803.
pub(super) fn grouping(place: &Place<'_>) -> Lesson {
    let Some(path) = place.path() else { return Lesson::default() };
    let call = place.tokens.get(path.end).is_some_and(|token| token.is("("));
    Lesson::next(match (call, clause_of(place.tokens, path.first)) {
        (false, _) => format!(
            "add {0} (or the whole expression around it) to GROUP BY, or aggregate it, e.g. max({0})",
            path.text()
        ),
        (true, "where" | "on") => {
            "WHERE comes before the groups: move this condition behind GROUP BY as HAVING".to_owned()
        }
        (true, "group") => "group by the columns, not by what is computed over the group".to_owned(),
        (true, _) => {
            "compute the inner aggregate in FROM ( ... GROUP BY ... ) AS q, the outer one over q".to_owned()
        }
    })
}

/// The rest, by SQLSTATE.
pub(super) fn general(state: &str) -> Lesson {
    let next = match state {
        "0A000" => {
            "leave out what PostgreSQL does not support here; there is one database, so a table is schema.table"
        }
        "21000" => {
            "compare with IN ( ... ), or let the sub-select give one row: an aggregate, or ORDER BY ... LIMIT 1"
        }
        "22012" => "divide by NULLIF(divisor, 0); the result is NULL then",
        "22007" | "22008" => "write dates as DATE '2026-06-30'; months have 28 to 31 days",
        "22003" => "cast to numeric before computing, e.g. value::numeric",
        "42725" => "cast the arguments, so that one function fits: to_char(value::timestamp, 'YYYY-MM')",
        "42809" => {
            "an aggregate or window function is used as something else: rank() needs OVER (ORDER BY ...), FILTER and WITHIN GROUP need an aggregate"
        }
        "42P20" => "compute the window function in FROM ( ... ) AS q and filter on it outside",
        "42P10" => "add the expression of ORDER BY to the select list, or use GROUP BY instead of DISTINCT",
        "42712" => "give each of them an alias of its own",
        "42P19" => "a recursive WITH is: first query UNION ALL query that reads itself once",
        "42804" => {
            "give both sides the same type, with value::type where they differ; get_multiple_table_schemas shows types"
        }
        _ => return Lesson::default(),
    };
    Lesson::next(next)
}
