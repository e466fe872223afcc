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
use super::failure;
use crate::database::{Database, QueryError, Refusal};
use crate::error::ToolError;

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
    let QueryError::Refused(mut refusal) = error else { return failure::of_query(sql, error) };
    let tokens = tokens(sql);
    let lesson = lesson(database, &mut refusal, &tokens).await;
    failure::refused(sql, refusal, lesson.facts, lesson.next)
}

/// States for which it must be known what there is to read.
const OF_NAMES: &[&str] = &["42703", "42P01", "42702", "42883", "42804", "22P02", "22007", "42846"];

async fn lesson(database: &Database, refusal: &mut Refusal, tokens: &[Token]) -> Lesson {
    let place = Place::of(tokens, refusal.position);
    match (refusal.sqlstate.as_str(), &place) {
        ("42601", Some(place)) => return grammar::syntax(place),
        ("42803", Some(place)) => return grammar::grouping(place),
        ("42883", Some(place)) if functions::is_call(place) => {
            return functions::unknown(database, place).await;
        }
        (state, _) if !OF_NAMES.contains(&state) => return grammar::general(state),
        _ => {}
    }
    // A database that cannot tell what there is leaves PostgreSQL's own words.
    let Ok(columns) = database.readable_columns().await else { return grammar::general(&refusal.sqlstate) };
    let known = Table::all(&columns);
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
