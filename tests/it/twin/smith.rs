//! Statements of sqlsmith, a fuzzer that knows PostgreSQL's whole grammar and every function.
//!
//! Its statements sample physical blocks and take rows without an order, so two databases may answer them differently
//! without any leak. What is expected instead: no answer holds anything that only other stores' rows have. The twin with
//! changed rows has unmistakable values in all of them. Differences are counted and shown.

use super::ask::call;
use super::databases::{Answers, STORE_MANAGER, Twins};
use super::{AT_ONCE, Tally};
use crate::support::shop::Database;

/// Values that stand in other stores' rows of the changed twin, and nowhere else.
const MARKS: [&str; 6] = ["7777.77", "elsewhere", "@example.org", "Other region", "Nowhere", "1999-01-01"];

/// What nobody but the other stores has: the marks, and the keys of the stores.
fn marks(database: &Database) -> Vec<String> {
    let ids = "SELECT string_agg(store_id::text, ',') FROM retail.stores WHERE name <> 'Zava Retail Seattle'";
    let ids = database.value(ids);
    ids.split(',').chain(MARKS).map(str::to_owned).collect()
}

/// The SELECTs of a file of statements that end with `;` at the end of a line, without their sampling.
fn statements(text: &str) -> Vec<String> {
    let selects =
        text.split(";\n").map(str::trim).filter(|sql| sql.starts_with("select") || sql.starts_with("WITH"));
    selects.map(unsampled).collect()
}

/// Drops `tablesample system (8.2)` and `tablesample bernoulli (1.1)`: whole tables find more.
fn unsampled(sql: &str) -> String {
    let mut parts = sql.split("tablesample ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |(_, rest)| rest))
}

/// Runs the statements of the file that `ZAVA_SMITH_FILE` names, written by `scripts/non-interference`; without it two
/// statements of that kind, so that this code is always run.
#[test]
fn statements_of_a_fuzzer_show_nothing_of_other_stores() {
    let file = std::env::var("ZAVA_SMITH_FILE");
    let text = file.as_ref().map_or_else(
        |_| {
            "select ref_0.name as c0 from retail.stores as ref_0 tablesample system (9.1);\n\
             select max(email), sum(total_amount) from retail.customers, retail.orders;\n"
                .to_owned()
        },
        |file| std::fs::read_to_string(file).expect(file),
    );
    let queries = statements(&text);
    assert!(queries.len() > 1, "there are statements");
    let twins = Twins::of(STORE_MANAGER);
    let (_, changed) = &twins.others[1];
    let (marks, mut tally, mut differ) = (marks(changed), Tally::default(), 0);
    for queries in queries.chunks(AT_ONCE) {
        let calls: Vec<_> = queries.iter().map(|sql| call(sql)).collect();
        let Answers { base: expected, others: found } = twins.ask(&calls, 5);
        for (sql, answer) in queries.iter().zip(&found[1]) {
            let shown = marks.iter().find(|mark| answer.contains(*mark) && !sql.contains(*mark));
            assert!(shown.is_none(), "{shown:?} shows in the answer to {sql}\n{answer:.400}");
        }
        differ += found
            .iter()
            .map(|found| found.iter().zip(&expected).filter(|(a, b)| a != b).count())
            .sum::<usize>();
        tally += Tally::of(&expected);
    }
    eprintln!("fuzzer: {tally:?}; {differ} answers of twins differ, none shows another store's values");
    assert!(tally.answered > 0, "some are good: {tally:?}");
}
