//! Non-interference: the same query gives the same bytes, whatever other stores' rows are.

mod databases;
mod grammar;

use serde_json::json;

use self::databases::{Others, twin};
use self::grammar::Grammar;
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};

/// Statements of the grammar, and where it starts; `scripts/non-interference` raises them.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect(variable))
}

/// Every answer of a server, with the name of its database made the same for all.
fn answers(database: &Database, queries: &[String]) -> Vec<String> {
    let mut client = Client::serve(database, SEATTLE);
    let ask = |client: &mut Client, sql: &String| {
        let called = client.call("execute_sales_query", json!({"postgresql_query": sql, "max_rows": 10_000}));
        called.text.replace(&database.name, "THE DATABASE")
    };
    queries.iter().map(|sql| ask(&mut client, sql)).collect()
}

/// Compares all twins with the shop; returns how many queries succeeded, failed, and gave rows.
fn compare(queries: &[String]) -> [usize; 3] {
    let base = Database::copy();
    base.script("ANALYZE");
    // two cores: the shop and one twin at a time
    let twins = Others::ALL.map(twin);
    let (expected, found) = std::thread::scope(|scope| {
        let expected = scope.spawn(|| answers(&base, queries));
        let found = twins.each_ref().map(|twin| answers(twin, queries));
        (expected.join().expect("answers"), found)
    });
    for (others, found) in Others::ALL.iter().zip(&found) {
        let differences: Vec<String> = queries
            .iter()
            .zip(expected.iter().zip(found))
            .filter(|(_, (one, other))| one != other)
            .map(|(sql, (one, other))| format!("{sql}\n  {one:.400}\n  {other:.400}"))
            .collect();
        let shown = differences.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n");
        assert!(
            differences.is_empty(),
            "{} of {} differ with others {others:?}:\n{shown}",
            differences.len(),
            queries.len()
        );
    }
    let failed = expected.iter().filter(|answer| !answer.starts_with('{')).count();
    let empty = expected.iter().filter(|answer| answer.contains("\"msg\":\"No rows\"")).count();
    [expected.len() - failed, failed, expected.len() - failed - empty]
}

#[test]
fn random_queries_give_the_same_bytes_whatever_other_stores_rows_are() {
    let mut grammar = Grammar::new(wanted("ZAVA_TWIN_SEED", 1));
    let count = wanted("ZAVA_TWIN_STATEMENTS", 2_000);
    let queries: Vec<String> = (0..count).map(|_| grammar.statement()).collect();
    let [answered, failed, with_rows] = compare(&queries);
    eprintln!("non-interference: {answered} answered, {with_rows} of them with rows, {failed} failed alike");
    assert!(answered * 10 > queries.len() * 7, "most random queries are good ones: {answered}");
    assert!(with_rows * 2 > queries.len(), "and most of them see rows: {with_rows}");
    assert!(failed > 0, "errors are compared as well");
}

/// The queries of the example scripts.
#[test]
fn the_questions_of_the_examples_give_the_same_bytes() {
    let read = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        std::fs::read_to_string(path).expect(file)
    };
    let python = read("examples/ask.py");
    let revenue = python
        .split("SQL = \"\"\"\\\n")
        .nth(1)
        .and_then(|rest| rest.split("\"\"\"").next())
        .expect("the SQL");
    let shell = read("examples/ask.sh");
    let orders = shell.split("sql=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the SQL");
    let queries = [revenue.to_owned(), orders.to_owned(), "SELECT name FROM retail.stores".to_owned()];
    let [answered, ..] = compare(&queries);
    assert_eq!(answered, 3);
}

/// The comparison sees a difference when there is one.
#[test]
fn a_policy_that_lets_others_rows_through_is_noticed() {
    let leaky = "DROP POLICY zava_own_store ON retail.orders";
    let query = ["SELECT count(*), sum(total_amount) FROM retail.orders".to_owned()];
    let base = Database::copy();
    let twin = twin(Others::Changed);
    assert_eq!(answers(&base, &query), answers(&twin, &query));
    base.script(leaky);
    twin.script(leaky);
    assert_ne!(answers(&base, &query), answers(&twin, &query));
    let seen = Client::serve(&shop::shared(), SEATTLE).value("SELECT count(*) FROM retail.orders");
    assert!(seen.as_i64().expect("a count") > 0);
}
