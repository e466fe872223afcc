//! What a query's author needs to know to mend it: what there is instead, and what to write next.
//!
//! Suggestions come from what the login may read, asked for when an error is explained and not kept.

mod columns;
mod dialect;
mod functions;
mod grammar;
pub(super) mod scope;
mod tables;
pub(super) mod tokens;
mod types;

pub(super) use self::scope::Table;
use self::scope::{Path, Scope, path_at};
use self::tokens::{Token, tokens};
use super::query_failure;
use crate::database::{Column, Database, QueryError, Refusal};
use crate::error::ToolError;

/// Most facts of a lesson.
const MOST_FACTS: usize = 8;
/// Most characters of a fact.
const LONGEST: usize = 1_000;
/// Longest query that is looked at, in tokens: looking takes time with the square of them, and nothing else runs meanwhile.
const MOST_TOKENS: usize = 5_000;

/// What to add to PostgreSQL's own words.
#[derive(Debug, Default)]
struct Lesson {
    /// Facts about what there is.
    facts: Vec<String>,
    /// What to do; replaces the general advice.
    next: Option<String>,
}

impl Lesson {
    fn next(next: impl Into<String>) -> Self {
        Self { facts: Vec::new(), next: Some(next.into()) }
    }

    fn with(mut self, fact: impl Into<String>) -> Self {
        self.facts.push(fact.into());
        self
    }

    /// As much of it as somebody reads: a query can have a thousand tables, and names as long as it likes.
    fn shortened(mut self) -> Self {
        self.facts.truncate(MOST_FACTS);
        for text in self.facts.iter_mut().chain(&mut self.next) {
            if let Some((end, _)) = text.char_indices().nth(LONGEST) {
                text.truncate(end);
            }
        }
        self
    }
}

/// The place of an error among the tokens of its query.
struct Place<'t> {
    tokens: &'t [Token],
    /// Index of the token there.
    at: usize,
}

impl<'t> Place<'t> {
    /// The last token that begins at or before a position.
    fn of(tokens: &'t [Token], position: Option<u32>) -> Option<Self> {
        let offset = usize::try_from(position?).ok()?.checked_sub(1)?;
        let at = tokens.iter().rposition(|token| token.at <= offset)?;
        Some(Self { tokens, at })
    }

    fn path(&self) -> Option<Path<'t>> {
        path_at(self.tokens, self.at)
    }

    /// The token so many places away.
    fn near(&self, step: isize) -> Option<&'t Token> {
        self.at.checked_add_signed(step).and_then(|at| self.tokens.get(at))
    }

    /// The name of the function whose first argument is here.
    fn function(&self) -> Option<&'t str> {
        self.near(-1).filter(|token| token.is("("))?;
        self.near(-2).filter(|token| token.is_name()).map(|token| token.text.as_str())
    }
}

/// Why a query of the assistant has no result, and how to mend it.
pub(super) async fn teach(database: &Database, sql: &str, error: QueryError) -> ToolError {
    let QueryError::Refused(mut refusal) = error else { return query_failure::of_query(sql, error) };
    let tokens = tokens(sql);
    let lesson = lesson(database, &mut refusal, &tokens).await.shortened();
    query_failure::refused(sql, refusal, lesson.facts, lesson.next)
}

/// [`teach`] without functions, for `tests/fuzz`: they are asked for in a database.
#[cfg(fuzzing)]
pub(super) fn teach_of(columns: &[Column], sql: &str, mut refusal: Refusal) -> ToolError {
    let tokens = tokens(sql);
    let place = Place::of(&tokens, refusal.position);
    let lesson = of_grammar(&refusal.sqlstate, place.as_ref());
    let lesson = lesson.unwrap_or_else(|| of_names(&mut refusal, &tokens, place, columns)).shortened();
    query_failure::refused(sql, refusal, lesson.facts, lesson.next)
}

/// States for which it must be known what there is to read.
const OF_NAMES: &[&str] = &["42703", "42P01", "42702", "42883", "42804", "22P02", "22007", "42846"];

async fn lesson(database: &Database, refusal: &mut Refusal, tokens: &[Token]) -> Lesson {
    let place = Place::of(tokens, refusal.position);
    if let Some(lesson) = of_grammar(&refusal.sqlstate, place.as_ref()) {
        return lesson;
    }
    if let Some(place) =
        place.as_ref().filter(|place| refusal.sqlstate == "42883" && functions::is_call(place))
    {
        return functions::unknown(database, place).await;
    }
    // A database that cannot tell what there is leaves PostgreSQL's own words.
    let Ok(columns) = database.readable_columns().await else { return grammar::general(&refusal.sqlstate) };
    of_names(refusal, tokens, place, &columns)
}

/// What needs no knowledge of what there is to read.
fn of_grammar(state: &str, place: Option<&Place<'_>>) -> Option<Lesson> {
    match (state, place) {
        ("42601", Some(place)) => Some(grammar::syntax(place)),
        ("42803", Some(place)) => Some(grammar::grouping(place)),
        (state, _) if !OF_NAMES.contains(&state) => Some(grammar::general(state)),
        _ => None,
    }
}

fn of_names(refusal: &mut Refusal, tokens: &[Token], place: Option<Place<'_>>, columns: &[Column]) -> Lesson {
    if tokens.len() > MOST_TOKENS {
        refusal.hint = None;
        return grammar::general(&refusal.sqlstate);
    }
    let known = Table::all(columns);
    let scope = Scope::of(tokens, &known);
    if refusal.sqlstate == "42703" {
        refusal.hint = refusal.hint.take().filter(|hint| columns::is_readable(hint, &scope));
    }
    match (refusal.sqlstate.as_str(), place) {
        ("42703", Some(place)) => columns::unknown(&place, &scope, &known),
        ("42703", None) => columns::nowhere(&scope),
        ("42702", Some(place)) => columns::ambiguous(&place, &scope),
        ("42P01", Some(place)) => tables::unknown(&place, &scope, &known),
        (_, Some(place)) => types::mismatch(&place, &scope),
        (state, None) => grammar::general(state),
    }
}

#[cfg(test)]
mod tests {
    use super::{OF_NAMES, Place, Table, of_names, tokens};
    use crate::database::{Column, Refusal};

    fn columns() -> Vec<Column> {
        ["order_id", "status"]
            .map(|name| Column {
                schema: "retail".to_owned(),
                table: "orders".to_owned(),
                table_comment: None,
                name: name.to_owned(),
                kind: "text".to_owned(),
                not_null: true,
                primary_key: false,
                refers_to: None,
                allowed: None,
                comment: None,
            })
            .to_vec()
    }

    /// Characters of what is said about a query, for each kind of refusal, at the first name.
    fn said(sql: &str) -> Vec<usize> {
        let (columns, tokens) = (columns(), tokens(sql));
        let said = OF_NAMES.iter().map(|state| {
            let mut refusal = Refusal {
                sqlstate: (*state).to_owned(),
                message: String::new(),
                hint: None,
                position: Some(8),
                several_statements: false,
            };
            let place = Place::of(&tokens, refusal.position);
            let lesson = of_names(&mut refusal, &tokens, place, &columns);
            let lesson = lesson.shortened();
            lesson.facts.iter().chain(&lesson.next).map(|text| text.chars().count()).sum()
        });
        said.collect()
    }

    #[test]
    fn a_query_that_is_too_long_to_look_at_is_told_what_holds_for_all() {
        let sql = |items: usize| {
            format!("SELECT statu FROM retail.orders WHERE 1 IN ({})", vec!["1"; items].join(","))
        };
        assert!(said(&sql(100)).iter().all(|length| *length > 0));
        assert_eq!(said(&sql(100_000)).first(), Some(&0));
    }

    #[test]
    fn a_query_of_many_tables_or_long_names_is_not_told_all_of_them() {
        assert_eq!(Table::all(&columns()).len(), 1);
        let tables = vec!["retail.orders"; 2_000].join(", ");
        let name = "x".repeat(50_000);
        for sql in [
            format!("SELECT statu FROM {tables}"),
            format!("SELECT {name}.{name} FROM retail.orders AS {name}"),
        ] {
            let said = said(&sql);
            assert!(said.iter().all(|length| *length <= 10_000), "{said:?}");
        }
    }
}
