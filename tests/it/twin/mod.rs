//! Non-interference: the same query gives the same bytes, whatever other stores' rows are.

mod ask;
mod columns;
mod compare;
mod corpus;
mod databases;
mod grammar;
mod random;
pub(crate) mod written;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use self::databases::{Others, STORE_MANAGER, twin};
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};

/// Prints a section and adds it to `target/non-interference.md`.
fn publish(title: &str, text: String) {
    static SECTIONS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    eprintln!("\n{text}");
    let mut sections = SECTIONS.lock().expect("no panic while it was held");
    sections.insert(title.to_owned(), text);
    let all: Vec<&str> = sections.values().map(String::as_str).collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let text = format!("# Non-interference\n\n{}", all.join("\n"));
    std::fs::write(target.join("non-interference.md"), text).expect("target/ can be written");
}

/// The comparison sees a difference when there is one.
#[test]
fn a_policy_that_lets_others_rows_through_is_noticed() {
    let queries = [
        "SELECT count(*), sum(total_amount) FROM retail.orders".to_owned(),
        // too many rows to show
        compare::digest(
            "SELECT c.category_name, o.total_amount FROM retail.orders AS o CROSS JOIN retail.categories AS c",
        ),
    ];
    // once the servers have checked their databases: they would refuse them afterwards
    let answers = [Database::copy(), twin(STORE_MANAGER, Others::Changed)].map(|database| {
        let mut client = Client::serve(&database, SEATTLE);
        let before = queries.each_ref().map(|query| client.query(query));
        database.script("DROP POLICY zava_own_store ON retail.orders");
        (before, queries.each_ref().map(|query| client.query(query)))
    });
    for (at, query) in queries.iter().enumerate() {
        assert_eq!(answers[0].0[at], answers[1].0[at]);
        assert_ne!(answers[0].1[at], answers[1].1[at], "{query}");
    }
    let seen = Client::serve(&shop::shared(), SEATTLE).value("SELECT count(*) FROM retail.orders");
    assert!(seen.as_i64().expect("a count") > 0);
}
