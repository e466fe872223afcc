//! Empty shelves that cost sales, and shelves that soon will.

use super::super::facts::Facts;
use super::super::money::in_words;
use super::{Insight, pieces};
use crate::database::Stock;

/// Pieces that an empty shelf must have cost, at the pace before, to be told: fewer can be chance.
const ENOUGH_LOST: f64 = 3.0;
/// Pieces a week below which a short stock is no news.
const ENOUGH_A_WEEK: f64 = 2.0;
/// Most sentences of each kind.
const MOST: usize = 2;

/// What is out, then what soon will be.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    let risks = &facts.figures.stock;
    let out = risks
        .iter()
        .filter(|risk| f64::from(risk.days_out) / 7.0 * risk.pieces_a_week >= ENOUGH_LOST)
        .take(MOST);
    let low = risks.iter().filter(|risk| risk.stock > 0 && risk.pieces_a_week >= ENOUGH_A_WEEK).take(MOST);
    out.map(|risk| told_out(facts, risk)).chain(low.map(|risk| told_low(facts, risk))).collect()
}

fn told_out(facts: &Facts<'_>, risk: &Stock) -> Insight {
    let text = format!(
        "{} is out of stock since about {}: at {} pieces a week before, about {} was not sold in {} days.",
        named(facts, risk),
        risk.last_sold,
        risk.pieces_a_week,
        in_words(risk.at_risk),
        risk.days_out,
    );
    Insight::new(risk.at_risk, text)
}

fn told_low(facts: &Facts<'_>, risk: &Stock) -> Insight {
    let text = format!(
        "{} has {} left, enough for {} days at {} a week: {} of sales a week.",
        named(facts, risk),
        pieces(risk.stock.into()),
        risk.cover_days,
        risk.pieces_a_week,
        in_words(risk.at_risk),
    );
    Insight::new(risk.at_risk, text)
}

fn named(facts: &Facts<'_>, risk: &Stock) -> String {
    let store = if facts.several_stores { format!(" in {}", risk.store) } else { String::new() };
    format!("{} ({}){store}", risk.name, risk.sku)
}
