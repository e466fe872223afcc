//! One attack: its text, what must come of it, and how the files are read.

use serde::Deserialize;
use serde_json::{Value, json};

/// The classes, each a file of `tests/attacks/`; honest queries last.
pub(super) const CLASSES: [&str; 18] = [
    "forging",
    "settings",
    "utility",
    "writes",
    "several_statements",
    "breakout",
    "nested_sql",
    "side_effects",
    "catalog",
    "statistics",
    "cross_tenant",
    "leaky_operators",
    "planner",
    "identity",
    "definer",
    "denial_of_service",
    "arguments",
    HONEST,
];
/// Tricky queries that must work.
pub(crate) const HONEST: &str = "honest";
/// Queries that end by a limit only.
pub(crate) const DENIAL: &str = "denial_of_service";

/// What must come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Must {
    /// An error.
    Rejected,
    /// No rows.
    Empty,
    /// Rows, and nothing of other stores in them.
    OwnRows,
    /// Exactly this value.
    Value,
    /// It succeeds, as the database cannot stop it: known and listed.
    Open,
}

/// One line of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) class: String,
    /// `execute_sales_query` when absent.
    pub(super) tool: Option<String>,
    pub(super) arguments: Option<Value>,
    pub(crate) sql: Option<String>,
    pub(crate) must: Must,
    /// Why it is refused, as in `CODE (reason)`: an attack with a typing error would prove nothing. `a|b` is
    /// either, where that depends on the build of PostgreSQL.
    pub(crate) by: Option<String>,
    /// A list is all rows, anything else the only cell.
    pub(super) value: Option<Value>,
    /// A query of the superuser, with its own condition on the store, that gives the only cell.
    pub(super) value_sql: Option<String>,
    /// Only as this person.
    pub(crate) only: Option<String>,
    pub(super) note: String,
    original: Option<Elsewhere>,
    protected: Option<Elsewhere>,
}

/// What differs in the original sample's database, or in that after `db protect`; what is absent is the same.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    sql: Option<String>,
    must: Must,
    by: Option<String>,
    value: Option<Value>,
    value_sql: Option<String>,
    note: Option<String>,
}

/// All cases, by class.
pub(crate) fn all() -> Vec<Case> {
    CLASSES.iter().flat_map(|class| of_class(class)).collect()
}

fn of_class(class: &str) -> Vec<Case> {
    let path = format!("{}/tests/attacks/{class}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{path}: {error}: {line}"));
    text.lines().map(read).collect()
}

impl Case {
    /// The case as it is run against the original's database; `None` when it says nothing about that.
    pub(super) fn on_original(&self) -> Option<Self> {
        self.original.as_ref().map(|original| self.elsewhere(original))
    }

    /// The case as it is run against the original's database after `db protect`: what the strict profile takes away is
    /// refused as in the shop, and everything else is as before. What says nothing about that database is asked in its
    /// words; `Stage::understood` tells whether that makes sense.
    pub(super) fn on_protected(&self) -> Self {
        if let Some(protected) = &self.protected {
            return self.elsewhere(protected);
        }
        let Some(original) = self.on_original() else {
            let [sql, value_sql] = [&self.sql, &self.value_sql].map(|sql| sql.as_deref().map(in_its_words));
            return Self { sql, value_sql, ..self.clone() };
        };
        if self.must == Must::Rejected && original.must != Must::Rejected {
            let by = self.by.as_ref().map(|by| format!("{by}|permission_denied"));
            return Self { must: self.must, by, ..original };
        }
        original
    }

    fn elsewhere(&self, elsewhere: &Elsewhere) -> Self {
        let Elsewhere { sql, must, by, value, value_sql, note } = elsewhere.clone();
        Self {
            sql: sql.or_else(|| self.sql.clone()),
            must,
            by,
            value,
            value_sql,
            only: None,
            note: note.unwrap_or_else(|| self.note.clone()),
            original: None,
            protected: None,
            ..self.clone()
        }
    }

    /// Whether it is refused because a name is unknown.
    pub(super) fn by_unknown(&self) -> bool {
        self.by.as_deref().is_some_and(|by| by.contains("unknown"))
    }

    /// The tool's name and arguments, with the placeholders filled in.
    pub(crate) fn call(&self, fill: &[(&str, String)]) -> Value {
        let arguments = match (&self.sql, &self.arguments) {
            (Some(sql), None) => json!({"postgresql_query": filled(sql, fill)}),
            (None, Some(arguments)) => {
                serde_json::from_str(&filled(&arguments.to_string(), fill)).expect("still JSON")
            }
            _ => panic!("{}: either sql or arguments", self.id),
        };
        json!({"name": self.tool.as_deref().unwrap_or("execute_sales_query"), "arguments": arguments})
    }
}

/// Our names and types as the original's database has them.
fn in_its_words(sql: &str) -> String {
    let words = [("::uuid", "::integer"), ("manager_id", "rls_user_id"), ("o.location", "o.store_name")];
    words.iter().fold(sql.to_owned(), |sql, (ours, its)| sql.replace(ours, its))
}

/// `{name}` becomes its text, and `{{3*ab}}` becomes `ababab`.
pub(super) fn filled(text: &str, fill: &[(&str, String)]) -> String {
    let mut text = repeated(text);
    for (name, value) in fill {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

fn repeated(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{{") else { return text.to_owned() };
    let parsed = rest.split_once("}}").and_then(|(inside, after)| {
        let (count, what) = inside.split_once('*')?;
        Some((what.repeat(count.parse().ok()?), after))
    });
    match parsed {
        Some((long, after)) => format!("{before}{long}{}", repeated(after)),
        None => format!("{before}{{{{{}", repeated(rest)),
    }
}

#[test]
fn placeholders_are_filled_and_repeated_texts_written_out() {
    let fill = [("own", "'a'".to_owned())];
    assert_eq!(filled("x IN ({own}) {other}", &fill), "x IN ('a') {other}");
    assert_eq!(filled("{{3*(}}1{{3*)}}", &fill), "(((1)))");
    assert_eq!(filled("'{{2*{}}', {{1+1}}", &fill), "'{{', {{1+1}}");
}
