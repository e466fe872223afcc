//! Products that come back far more often than others.

use super::super::facts::Facts;
use super::super::money::{in_words, percent};
use super::Insight;
use crate::database::Returned;

/// Lines of a product below which its share of returns says nothing.
const ENOUGH_LINES: i64 = 15;
/// Most sentences of this kind.
const MOST: usize = 2;

/// The products with most refunds, of those that the statement found.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    let enough = facts.figures.returns.iter().filter(|returned| returned.lines >= ENOUGH_LINES);
    enough.filter_map(told).take(MOST).collect()
}

fn told(product: &Returned) -> Option<Insight> {
    let share = percent(product.returned, product.lines)?;
    let usual = percent(product.all_returned, product.all_lines)?;
    let text = format!(
        "{} ({}) came back {} of {} times ({share} %; all products {usual} %): {} refunded.",
        product.name,
        product.sku,
        product.returned,
        product.lines,
        in_words(product.refunded),
    );
    Some(Insight::new(product.refunded, text))
}
