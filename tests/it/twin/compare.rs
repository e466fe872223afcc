//! Compares the replies of the shop with those of its twins.

use std::ops::AddAssign;

use serde_json::Value;

use super::ask::{Asker, Reply};
use super::databases::Twins;

/// How often the shop is asked again before a difference counts as one.
const AGAIN: usize = 3;
/// Time limit of a digest, in seconds: products of whole tables have millions of rows.
const OF_DIGEST: u32 = 120;

/// How the replies to one call compare.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// The same bytes everywhere.
    Same,
    /// The time limit ended it somewhere: plans differ, and timing is not compared.
    TooSlow,
    /// Without any limit they are the same, order aside where the query asks for none: plans differ, and so do the rows
    /// that are met first and whether one's own row that divides by zero is reached at all.
    OtherPlan,
    /// The shop itself gives another reply each time: `random()`, clocks, the number of the process.
    Varies,
    /// The shop always says the first, a twin the second.
    Differs(String, String),
}

/// The replies of the shop, of its twins, and the verdicts.
pub(super) struct Compared {
    pub(super) replies: Vec<Reply>,
    pub(super) others: [Vec<Reply>; 3],
    pub(super) verdicts: Vec<Verdict>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) asked: usize,
    pub(super) errors: usize,
    /// Answers that have rows, and the rows of all.
    pub(super) with_rows: usize,
    pub(super) rows: usize,
    pub(super) same: usize,
    pub(super) other_plan: usize,
    pub(super) too_slow: usize,
    pub(super) vary: usize,
    pub(super) differ: usize,
}

impl Twins {
    /// Asks everything everywhere. What differs is asked again of the shop.
    pub(super) fn compare(&self, calls: &[Value], timeout: u32) -> Compared {
        let (replies, others) = self.ask(calls, timeout);
        let verdict = |index: usize| {
            let all = || others.iter().map(|replies| &replies[index]).chain([&replies[index]]);
            match all().find(|other| other.text != replies[index].text) {
                _ if all().any(Reply::timed_out) => Verdict::TooSlow,
                Some(other) => Verdict::Differs(replies[index].text.clone(), other.text.clone()),
                None => Verdict::Same,
            }
        };
        let mut verdicts: Vec<Verdict> = (0..calls.len()).map(verdict).collect();
        for _ in 0..AGAIN {
            self.ask_again(calls, timeout, &mut verdicts);
        }
        self.ask_without_limits(calls, timeout, &mut verdicts);
        self.ask_for_digests(calls, &mut verdicts);
        Compared { replies, others, verdicts }
    }

    /// Finds out which differences are between the shop and itself.
    fn ask_again(&self, calls: &[Value], timeout: u32, verdicts: &mut [Verdict]) {
        let (doubtful, calls) = doubtful(calls, verdicts);
        if calls.is_empty() {
            return;
        }
        let again = Asker { identity: self.person.identity, timeout }.ask(&self.base, &calls);
        for (index, again) in doubtful.into_iter().zip(again) {
            if matches!(&verdicts[index], Verdict::Differs(base, _) if *base != again.text) {
                verdicts[index] = Verdict::Varies;
            }
        }
    }

    /// Finds out which differences are of plans only.
    fn ask_without_limits(&self, calls: &[Value], timeout: u32, verdicts: &mut [Verdict]) {
        let (doubtful, calls) = doubtful(calls, verdicts);
        if calls.is_empty() {
            return;
        }
        let whole: Vec<Value> = calls.iter().map(without_limits).collect();
        let (replies, others) = self.ask(&whole, timeout);
        for (at, index) in doubtful.into_iter().enumerate() {
            let equal = |other: &Reply| {
                other.text == replies[at].text
                    || is_unordered(&calls[at]) && other.has_the_rows_of(&replies[at])
            };
            if others.iter().all(|replies| equal(&replies[at])) {
                verdicts[index] = Verdict::OtherPlan;
            }
        }
    }

    /// The same for answers with more rows than an answer holds: PostgreSQL counts them and sums up their hashes.
    fn ask_for_digests(&self, calls: &[Value], verdicts: &mut [Verdict]) {
        let (doubtful, calls) = doubtful(calls, verdicts);
        let unordered =
            |(index, call): (usize, Value)| is_unordered(&call).then(|| (index, for_digest(&call)));
        let (doubtful, digests): (Vec<usize>, Vec<Value>) =
            doubtful.into_iter().zip(calls).filter_map(unordered).unzip();
        if digests.is_empty() {
            return;
        }
        let (replies, others) = self.ask(&digests, OF_DIGEST);
        for (at, index) in doubtful.into_iter().enumerate() {
            if replies[at].rows == Some(1) && others.iter().all(|others| others[at].text == replies[at].text)
            {
                verdicts[index] = Verdict::OtherPlan;
            }
        }
    }
}

/// A digest of all rows of a query that does not depend on their order.
pub(super) fn digest(sql: &str) -> String {
    format!("select count(*), sum(hashtextextended(t::text, 0)::numeric) from ({sql}) as t")
}

/// The same call for the digest of all rows.
fn for_digest(call: &Value) -> Value {
    let mut call = without_limits(call);
    let sql = digest(call["arguments"]["postgresql_query"].as_str().unwrap_or_default());
    call["arguments"]["postgresql_query"] = sql.into();
    call
}

/// What differs so far.
fn doubtful(calls: &[Value], verdicts: &[Verdict]) -> (Vec<usize>, Vec<Value>) {
    let differs = |(index, call): (usize, &Value)| {
        matches!(verdicts[index], Verdict::Differs(..)).then(|| (index, call.clone()))
    };
    calls.iter().enumerate().filter_map(differs).unzip()
}

/// The same call without limits. A scalar sub-select of sqlsmith, `limit 1 offset 6`, must keep its own, and gets an
/// order, without which the plan decides which row is the sixth.
fn without_limits(call: &Value) -> Value {
    let mut call = call.clone();
    let Some(sql) = call["arguments"]["postgresql_query"].as_str() else { return call };
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let count = words.get(at + 1).map(|word| word.trim_end_matches(')'));
        let limits =
            words[at].eq_ignore_ascii_case("limit") && count.is_some_and(|n| n.parse::<u32>().is_ok());
        if limits && count == Some("1") && words.get(at + 2) == Some(&"offset") {
            kept.push("order by 1 limit");
        } else if limits {
            at += 1;
            kept.push(words[at].trim_start_matches(|c: char| c.is_ascii_digit()));
        } else {
            kept.push(words[at]);
        }
        at += 1;
    }
    call["arguments"]["postgresql_query"] = kept.join(" ").into();
    call["arguments"]["max_rows"] = 10_000.into();
    call
}

/// Whether nothing in the query asks for an order of rows. That of a window is none: which of the rows that are alike comes
/// first, and how the rows come out, is left to the plan.
fn is_unordered(call: &Value) -> bool {
    let text = call.to_string().to_lowercase();
    text.matches("order by").count() == text.split("over (").skip(1).filter(|window| orders(window)).count()
}

/// Whether the window that begins here has an order.
fn orders(window: &str) -> bool {
    let mut open = 1;
    let end = window.find(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open == 0
    });
    window[..end.unwrap_or(window.len())].contains("order by")
}

#[test]
fn the_order_of_a_window_is_no_order_of_the_rows() {
    let is_unordered = |sql: &str| is_unordered(&super::ask::call(sql, 500));
    assert!(is_unordered("select a from t"));
    assert!(is_unordered(
        "select sum(a) over (partition by (b) order by f(c)), max(a) over (partition by b) from t"
    ));
    assert!(!is_unordered("select sum(a) over (partition by b order by c) from t order by 1"));
    assert!(!is_unordered("select sum(a) over (partition by b) from t ORDER BY 1"));
    assert!(!is_unordered("select a from t order by max(a) over (partition by b)"));
}

#[test]
fn limits_are_taken_away_but_not_those_of_scalar_sub_selects() {
    let sql = "select a, (select b from t limit 1 offset 6) as c from (select 1 limit 89) as s limit 5";
    let call = without_limits(&super::ask::call(sql, 500));
    let expected = "select a, (select b from t order by 1 limit 1 offset 6) as c from (select 1 ) as s ";
    assert_eq!(call["arguments"]["postgresql_query"], expected);
    assert_eq!(call["arguments"]["max_rows"], 10_000);
}

impl Counts {
    pub(super) fn add(&mut self, reply: &Reply, verdict: &Verdict) {
        let rows = reply.rows.unwrap_or(0);
        self.asked += 1;
        self.errors += usize::from(reply.rows.is_none());
        self.with_rows += usize::from(rows > 0);
        self.rows += rows;
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::OtherPlan => self.other_plan += 1,
            Verdict::TooSlow => self.too_slow += 1,
            Verdict::Varies => self.vary += 1,
            Verdict::Differs(..) => self.differ += 1,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.asked += more.asked;
        self.errors += more.errors;
        self.with_rows += more.with_rows;
        self.rows += more.rows;
        self.same += more.same;
        self.other_plan += more.other_plan;
        self.too_slow += more.too_slow;
        self.vary += more.vary;
        self.differ += more.differ;
    }
}
