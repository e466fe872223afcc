//! Whether the answer to a query depends on nothing but rows, so that it may be given again for a while.
//!
//! PostgreSQL decides, and in doubt the answer is no. Every word of the query and of its plan, with all expressions (EXPLAIN
//! VERBOSE), is looked up among functions and views: `sql/queries/changing_words.sql` says which count. Names in the plan
//! are there because views, policies and functions in SQL are replaced by what they stand for; those of the query because
//! a plan does not show everything, such as LIMIT. A word counts wherever it stands, so a name in a literal may keep a
//! query from the cache, and no way of writing a call hides it. `'now'::timestamptz` is `now`, too.
#![expect(clippy::disallowed_methods, reason = "explains the query")]

use std::collections::BTreeSet;

use tokio_postgres::types::{ToSql, Type};

use super::{Database, DatabaseError, View, statements};

/// Of a longer query nobody looks at the words.
const MOST_WORDS: usize = 2_000;
const LONGEST: usize = 100_000;

impl Database {
    /// Whether `sql`, which has run, would give the same answer as long as no row changes.
    pub async fn depends_on_rows_alone(&self, sql: &str) -> bool {
        match self.changing_words(sql).await {
            Ok(found) => found.is_some_and(|found| found.is_empty()),
            Err(error) => {
                tracing::debug!("an answer is not kept: {error}");
                false
            }
        }
    }

    /// `None` when that cannot be told.
    async fn changing_words(&self, sql: &str) -> Result<Option<Vec<String>>, DatabaseError> {
        if sql.len() > LONGEST || hides_names(sql) {
            return Ok(None);
        }
        let (view, parsed) = self.view_with_parsed(sql).await?;
        if parsed.is_err() {
            return Ok(None);
        }
        let Some(plan) = plan(&view, sql).await? else { return Ok(None) };
        let words: Vec<String> =
            words(sql).chain(words(&plan)).collect::<BTreeSet<_>>().into_iter().collect();
        if plan.len() > LONGEST || words.len() > MOST_WORDS {
            view.close().await?;
            return Ok(None);
        }
        let rows =
            view.query("look words up", statements::CHANGING_WORDS, &[(&words, Type::TEXT_ARRAY)]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read a word", source };
        rows.iter().map(|row| row.try_get("word").map_err(failed)).collect::<Result<_, _>>().map(Some)
    }
}

/// A word that is written otherwise than it reads: letters as numbers, a name with other signs than words have, a literal
/// in several pieces.
fn hides_names(sql: &str) -> bool {
    let mut quoted = sql.split('"').skip(1).step_by(2);
    sql.contains(['\\', '\r'])
        || sql.contains("--")
        || sql.contains("/*")
        || sql.to_lowercase().contains("u&")
        || quoted.any(|name| name.is_empty() || !name.chars().all(is_of_word))
        || sql.split('\'').any(|between| between.contains('\n') && between.trim().is_empty())
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The words of a text in small letters, wherever they stand: in literals and comments too.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// How the query would be run, with every expression; `None` where PostgreSQL does not say.
async fn plan(view: &View, sql: &str) -> Result<Option<String>, DatabaseError> {
    let text = format!("EXPLAIN (VERBOSE, COSTS OFF) {sql}");
    let no_params: [(&(dyn ToSql + Sync), Type); 0] = [];
    let Ok(rows) = view.lease.client()?.query_typed(&text, &no_params).await else { return Ok(None) };
    let lines: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    Ok(lines.ok().map(|lines| lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::{hides_names, words};

    #[test]
    fn words_are_read_wherever_they_stand() {
        let found: Vec<String> = words("SELECT NOW(), 'to-day' AS \"X\"").collect();
        assert_eq!(found, ["select", "now", "to", "day", "as", "x"]);
    }

    #[test]
    fn what_could_hide_a_word_is_seen() {
        for plain in ["SELECT 1", "SELECT 'a', \n 'b' FROM \"Stores\"", "SELECT a\nFROM t WHERE b = 'c d'"] {
            assert!(!hides_names(plain), "{plain}");
        }
        for hidden in [
            "SELECT E'n\\x6fw'",
            "SELECT U&'x'",
            "SELECT 'no'\n'w'",
            "SELECT 'no' -- a\n'w'",
            "SELECT 1 AS \"a b\"",
        ] {
            assert!(hides_names(hidden), "{hidden}");
        }
    }
}
