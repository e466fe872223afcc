//! Non-interference: the same query gives the same bytes, whatever other stores' rows are.

mod databases;
mod grammar;
mod smith;

use std::ops::AddAssign;

use serde_json::json;

use self::databases::{Others, twin};
use self::grammar::Grammar;
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};

/// Statements that are compared before their answers are forgotten.
const AT_ONCE: usize = 2_000;

/// Statements of the grammar, and where it starts; `scripts/non-interference` raises them.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect(variable))
}

/// Every answer of a server, with the name of its database made the same for all.
fn answers(database: &Database, queries: &[String]) -> Vec<String> {
    let url = database.url(SEATTLE);
    let args = ["--rls-user", SEATTLE, "--statement-timeout", "5"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    let ask = |client: &mut Client, sql: &String| {
        let called = client.call("execute_sales_query", json!({"postgresql_query": sql, "max_rows": 10_000}));
        called.text.replace(&database.name, "THE DATABASE")
    };
    queries.iter().map(|sql| ask(&mut client, sql)).collect()
}

/// The shop and its three twins.
struct Twins {
    base: Database,
    others: [(Others, Database); 3],
}

/// How many queries succeeded, failed, and gave rows.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    answered: usize,
    failed: usize,
    with_rows: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.answered += more.answered;
        self.failed += more.failed;
        self.with_rows += more.with_rows;
    }
}

impl Tally {
    fn of(answers: &[String]) -> Self {
        let answered = answers.iter().filter(|answer| answer.starts_with('{')).count();
        let empty = answers.iter().filter(|answer| answer.contains("\"msg\":\"No rows\"")).count();
        Self { answered, failed: answers.len() - answered, with_rows: answered - empty }
    }
}

impl Twins {
    fn new() -> Self {
        let base = Database::copy();
        base.script("ANALYZE");
        Self { base, others: Others::ALL.map(|others| (others, twin(others))) }
    }

    /// The shop's answers and those of each twin.
    fn answers(&self, queries: &[String]) -> (Vec<String>, [Vec<String>; 3]) {
        // two cores: the shop and one twin at a time
        std::thread::scope(|scope| {
            let expected = scope.spawn(|| answers(&self.base, queries));
            let found = self.others.each_ref().map(|(_, twin)| answers(twin, queries));
            (expected.join().expect("answers"), found)
        })
    }

    /// Expects the same bytes everywhere.
    fn compare(&self, queries: &[String]) -> Tally {
        let (expected, found) = self.answers(queries);
        for ((others, _), found) in self.others.iter().zip(&found) {
            let differences: Vec<String> = queries
                .iter()
                .zip(expected.iter().zip(found))
                .filter(|(_, (one, other))| one != other)
                .map(|(sql, (one, other))| format!("{sql}\n  {one:.400}\n  {other:.400}"))
                .collect();
            let shown = differences.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n");
            assert!(differences.is_empty(), "{} differ with others {others:?}:\n{shown}", differences.len());
        }
        Tally::of(&expected)
    }
}

#[test]
fn random_queries_give_the_same_bytes_whatever_other_stores_rows_are() {
    let mut grammar = Grammar::new(wanted("ZAVA_TWIN_SEED", 1));
    let twins = Twins::new();
    let (mut left, mut tally) = (wanted("ZAVA_TWIN_STATEMENTS", 2_000), Tally::default());
    while left > 0 {
        let count = left.min(AT_ONCE as u64);
        let queries: Vec<String> = (0..count).map(|_| grammar.statement()).collect();
        tally += twins.compare(&queries);
        left -= count;
    }
    eprintln!("non-interference: {tally:?}");
    let all = tally.answered + tally.failed;
    assert!(tally.answered * 10 > all * 7, "most random queries are good ones: {tally:?}");
    assert!(tally.with_rows * 2 > all, "and most of them see rows: {tally:?}");
    assert!(tally.failed > 0, "errors are compared as well");
}

/// The queries of the example scripts.
#[test]
fn the_questions_of_the_examples_give_the_same_bytes() {
    let read = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        std::fs::read_to_string(path).expect(file)
    };
    let between = |text: &str, begin: &str, end: &str| {
        let rest = text.split(begin).nth(1).and_then(|rest| rest.split(end).next());
        rest.expect("the SQL").to_owned()
    };
    let queries = [
        between(&read("examples/ask.py"), "SQL = \"\"\"\\\n", "\"\"\""),
        between(&read("examples/ask.sh"), "sql=\"", "\""),
        "SELECT name FROM retail.stores".to_owned(),
    ];
    assert_eq!(Twins::new().compare(&queries).answered, 3);
}

/// The comparison sees a difference when there is one. Without her pin the server refuses, so her own rows differ here.
#[test]
fn a_row_that_differs_is_noticed() {
    let query = ["SELECT count(*), sum(total_amount) FROM retail.orders".to_owned()];
    let base = Database::copy();
    let twin = twin(Others::Changed);
    assert_eq!(answers(&base, &query), answers(&twin, &query));
    twin.script(
        "UPDATE retail.orders SET total_amount = total_amount + 0.01 WHERE order_id = (
           SELECT order_id FROM retail.orders JOIN retail.stores USING (store_id)
           WHERE name = 'Zava Retail Seattle' ORDER BY order_id LIMIT 1)",
    );
    assert_ne!(answers(&base, &query), answers(&twin, &query));
    base.script("DROP POLICY zava_own_store ON retail.orders");
    assert!(answers(&base, &query)[0].starts_with("AUTHORIZATION_ERROR (policy_changed)"));
    let seen = Client::serve(&shop::shared(), SEATTLE).value("SELECT count(*) FROM retail.orders");
    assert!(seen.as_i64().expect("a count") > 0);
}
