//! Random statements give the same bytes on all twins: of the tests' own grammar, and of sqlsmith, a fuzzer that knows
//! PostgreSQL's whole grammar and every function.
//!
//! `scripts/non-interference` runs many, and writes those of sqlsmith into the file that `ZAVA_SMITH_FILE` names.

use std::time::Instant;

use serde_json::Value;

use super::ask::call;
use super::compare::{Counts, Verdict};
use super::databases::{Person, REGIONAL_MANAGER, STORE_MANAGER, Twins};
use super::grammar::Grammar;

/// Statements that are compared before their replies are forgotten.
const LOT: usize = 500;
/// Rows that are wanted of each; those of the grammar have an order.
const ROWS: u32 = 500;
/// Time limit of a statement, in seconds.
const TIMEOUT: u32 = 5;

const BOTH: [Person; 2] = [STORE_MANAGER, REGIONAL_MANAGER];

/// Values that stand in other stores' rows of the changed twin, and nowhere else.
const MARKS: [&str; 6] = ["7777.77", "elsewhere", "@example.org", "Other region", "Nowhere", "1999-01-01"];

/// A number that `scripts/non-interference` raises.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect(variable))
}

/// Types of which there is no value; sqlsmith was written before some of them. What it takes for one gets another.
const NO_TYPES: [(&str, &str); 6] = [
    ("anymultirange", "int4multirange"),
    ("anyrange", "int4range"),
    ("anyenum", "int4"),
    ("anyarray", "int4[]"),
    ("anynonarray", "int4"),
    ("anyelement", "int4"),
];

/// Compares all of them, each lot as the next person; says how far it is after each lot, and each difference when it is
/// found.
fn compare(title: &str, people: &[Person], statements: impl ExactSizeIterator<Item = String>) -> Counts {
    let (all, mut counts, began) = (statements.len(), Counts::default(), Instant::now());
    let (mut statements, mut people) = (statements, people.iter().cycle());
    while counts.asked < all {
        let lot: Vec<String> = statements.by_ref().take(LOT).collect();
        counts += compare_lot(*people.next().expect("endless"), &lot);
        let Counts { asked, errors, rows, other_plan, vary, too_slow, differ, .. } = counts;
        let seconds = began.elapsed().as_secs();
        eprintln!(
            "{title}: {asked} of {all} statements, {errors} errors, {rows} rows, {other_plan} depend on the plan, \
             {vary} vary by themselves, {too_slow} too slow, {differ} differ ({seconds} s)"
        );
    }
    super::publish(title, format!("## {title}\n\n{counts:?}\n"));
    assert_eq!(counts.differ, 0, "{title}: {counts:?}");
    let lesser = counts.too_slow + counts.vary + counts.other_plan;
    assert!(lesser * 20 <= all + 20, "nearly all are compared by their bytes: {counts:?}");
    counts
}

fn compare_lot(person: Person, statements: &[String]) -> Counts {
    let twins = Twins::of(person);
    let calls: Vec<Value> = statements.iter().map(|sql| call(sql, ROWS)).collect();
    let compared = twins.compare(&calls, TIMEOUT);
    let mut counts = Counts::default();
    for (index, sql) in statements.iter().enumerate() {
        let (verdict, changed) = (&compared.verdicts[index], &compared.others[1][index].text);
        if let Verdict::Differs(one, other) = verdict {
            eprintln!("DIFFERS for {}: {sql}\n  {one:.600}\n  {other:.600}", person.name);
        }
        // holds for what varies and what is too slow on some, too
        let shown = MARKS.iter().find(|mark| changed.contains(*mark) && !sql.contains(*mark));
        assert!(shown.is_none(), "{shown:?} shows in the answer to {sql}\n{changed:.600}");
        counts.add(&compared.replies[index], verdict);
    }
    counts
}

#[test]
fn random_queries_give_the_same_bytes_whatever_other_stores_rows_are() {
    let mut grammar = Grammar::new(wanted("ZAVA_TWIN_SEED", 1));
    let count = usize::try_from(wanted("ZAVA_TWIN_STATEMENTS", 2_000)).expect("a number");
    let counts = compare("Random statements of the grammar", &BOTH, (0..count).map(|_| grammar.statement()));
    assert!(counts.errors * 10 < count * 3, "most random queries are good ones: {counts:?}");
    assert!(counts.with_rows * 2 > count, "and most of them see rows: {counts:?}");
    assert!(counts.errors > 0, "errors are compared as well");
}

/// As the store manager: sqlsmith takes rows without an order, and those of several stores come in the order of the plan.
/// Without the file it is two statements of that kind, so that this code is always run.
#[test]
fn statements_of_a_fuzzer_give_the_same_bytes_whatever_other_stores_rows_are() {
    let file = std::env::var("ZAVA_SMITH_FILE");
    let text = file.as_ref().map_or_else(
        |_| {
            "select ref_0.name as c0, random() from retail.stores as ref_0 tablesample system (9.1);\n\
             select max(email), sum(total_amount) from retail.customers, retail.orders;\n"
                .to_owned()
        },
        |file| std::fs::read_to_string(file).expect(file),
    );
    let mut statements = selects(&text);
    if file.is_ok() {
        let count = usize::try_from(wanted("ZAVA_TWIN_STATEMENTS", 2_000)).expect("a number");
        assert!(statements.len() >= count, "{} are fewer than {count}", statements.len());
        statements.truncate(count);
    }
    let counts = compare("Random statements of sqlsmith", &[STORE_MANAGER], statements.into_iter());
    assert!(counts.with_rows > 0, "some are good: {counts:?}");
}

/// The queries in a text of statements that end with `;` at the end of a line, without their sampling.
fn selects(text: &str) -> Vec<String> {
    let queries =
        text.split(";\n").map(str::trim).filter(|sql| sql.starts_with("select") || sql.starts_with("WITH"));
    queries.map(|sql| NO_TYPES.iter().fold(unsampled(sql), |sql, (no, yes)| sql.replace(no, yes))).collect()
}

/// Drops `tablesample system (8.2)` and `tablesample bernoulli (1.1)`: whole tables find more.
fn unsampled(sql: &str) -> String {
    let mut parts = sql.split("tablesample ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |(_, rest)| rest))
}
