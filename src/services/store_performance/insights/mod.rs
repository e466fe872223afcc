//! What the numbers say, in sentences: each one is a claim that numbers of the review prove, and carries them.
//!
//! A file here looks for one kind of thing. It makes no claim on too little data: comparisons need thirty orders or
//! pieces on both sides, and what is usual needs four of the same weekday.

mod days;
mod discounts;
mod products;
mod promotions;
mod returns;
mod seasons;
mod stock;
mod trend;

use serde_json::{Value, json};

use super::facts::{Facts, Span};
use super::money::dollars;
use super::table::Table;

/// Orders, or pieces, below which nothing is claimed of a stretch.
const ENOUGH: i64 = 30;
/// Most sentences of a review.
const MOST: usize = 10;

/// One claim.
pub(super) struct Insight {
    /// What it is about in US cents, never negative: the more, the higher it stands.
    pub(super) money: i64,
    /// The sentence.
    pub(super) text: String,
}

impl Insight {
    fn new(money: i64, text: String) -> Self {
        Self { money: money.abs(), text }
    }
}

/// All claims by money, most first; and whether there is too little to claim more.
pub(super) fn tell(facts: &Facts<'_>) -> Table {
    let finders = [
        trend::find,
        seasons::find,
        products::find,
        days::find,
        discounts::find,
        promotions::find,
        returns::find,
        stock::find,
    ];
    let mut found: Vec<Insight> = finders.iter().flat_map(|find| find(facts)).collect();
    found.sort_by_key(|insight| std::cmp::Reverse(insight.money));
    found.truncate(MOST);
    let mut told: Vec<Vec<Value>> =
        found.into_iter().map(|insight| vec![json!(dollars(insight.money)), json!(insight.text)]).collect();
    let orders = facts.totals(Span::Now).map_or(0, |totals| totals.orders);
    if orders < ENOUGH {
        let text = format!(
            "Only {orders} completed orders in {}: too few to compare with other periods.",
            facts.period.range.in_words()
        );
        told.push(vec![Value::Null, json!(text)]);
    }
    Table::of(&["money", "insight"], told)
}

/// Whether a stretch has enough orders to be compared.
fn enough_orders(facts: &Facts<'_>, span: Span) -> bool {
    facts.totals(span).is_some_and(|totals| totals.orders >= ENOUGH)
}

/// `1 piece`, `2 pieces`.
fn pieces(count: i64) -> String {
    format!("{count} piece{}", if count == 1 { "" } else { "s" })
}

/// `up $1.00 (2 %)`, `down ...`, `unchanged`.
fn moved(now: i64, then: i64) -> String {
    use super::money::{in_words, percent};
    let share = percent(now - then, then).map_or_else(String::new, |share| format!(" ({share} %)"));
    match now - then {
        0 => "unchanged".to_owned(),
        more if more > 0 => format!("up {}{share}", in_words(more)),
        less => format!("down {}{share}", in_words(-less)),
    }
}
