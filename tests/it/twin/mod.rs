//! Non-interference: the same query gives the same bytes, whatever other stores' rows are.

mod ask;
mod corpus;
mod databases;
mod grammar;
mod smith;
mod written;

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::path::Path;
use std::sync::Mutex;

use self::ask::call;
use self::databases::{Answers, Others, STORE_MANAGER, Twins, twin};
use self::grammar::Grammar;
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};

/// Statements that are compared before their answers are forgotten.
const AT_ONCE: usize = 2_000;

/// Adds a section to `target/non-interference.md`.
fn publish(title: &str, text: String) {
    static SECTIONS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let mut sections = SECTIONS.lock().expect("no panic while it was held");
    sections.insert(title.to_owned(), text);
    let all: Vec<&str> = sections.values().map(String::as_str).collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let text = format!("# Non-interference\n\n{}", all.join("\n"));
    std::fs::write(target.join("non-interference.md"), text).expect("target/ can be written");
}

/// Statements of the grammar, and where it starts; `scripts/non-interference` raises them.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect(variable))
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
        let failed = answers.iter().filter(|answer| answer.contains("\"isError\":true")).count();
        let empty = answers.iter().filter(|answer| answer.contains("\"msg\":\"No rows\"")).count();
        let answered = answers.len() - failed;
        Self { answered, failed, with_rows: answered - empty }
    }
}

impl Twins {
    /// Expects the same bytes everywhere.
    fn compare(&self, queries: &[String]) -> Tally {
        let calls: Vec<_> = queries.iter().map(|sql| call(sql)).collect();
        let Answers { base, others } = self.ask(&calls, 5);
        for ((others, _), found) in self.others.iter().zip(&others) {
            let differences: Vec<String> = queries
                .iter()
                .zip(base.iter().zip(found))
                .filter(|(_, (one, other))| one != other)
                .map(|(sql, (one, other))| format!("{sql}\n  {one:.400}\n  {other:.400}"))
                .collect();
            let shown = differences.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n");
            assert!(differences.is_empty(), "{} differ with others {others:?}:\n{shown}", differences.len());
        }
        Tally::of(&base)
    }
}

#[test]
fn random_queries_give_the_same_bytes_whatever_other_stores_rows_are() {
    let mut grammar = Grammar::new(wanted("ZAVA_TWIN_SEED", 1));
    let twins = Twins::of(STORE_MANAGER);
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

/// The comparison sees a difference when there is one.
#[test]
fn a_policy_that_lets_others_rows_through_is_noticed() {
    let query = "SELECT count(*), sum(total_amount) FROM retail.orders";
    // once the servers have checked their databases: they would refuse them afterwards
    let answers = [Database::copy(), twin(STORE_MANAGER, Others::Changed)].map(|database| {
        let mut client = Client::serve(&database, SEATTLE);
        let before = client.query(query);
        database.script("DROP POLICY zava_own_store ON retail.orders");
        (before, client.query(query))
    });
    assert_eq!(answers[0].0, answers[1].0);
    assert_ne!(answers[0].1, answers[1].1);
    let seen = Client::serve(&shop::shared(), SEATTLE).value("SELECT count(*) FROM retail.orders");
    assert!(seen.as_i64().expect("a count") > 0);
}
