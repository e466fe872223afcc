//! Whether more was given away than a year earlier.

use super::super::facts::{Facts, Span};
use super::super::money::{in_words, percent};
use super::{Insight, enough_orders};
use crate::database::Line;

/// Percentage points of list value that are worth a sentence.
const WORTH_TELLING: f64 = 0.5;

/// One sentence when the share of discounts moved.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    told(facts).into_iter().collect()
}

fn told(facts: &Facts<'_>) -> Option<Insight> {
    let (now, then) = (facts.all(Span::Now)?, facts.all(Span::YearBefore)?);
    let (share, share_then) = (share(now)?, share(then)?);
    let compared = enough_orders(facts, Span::Now) && enough_orders(facts, Span::YearBefore);
    if !compared || (share - share_then).abs() < WORTH_TELLING {
        return None;
    }
    let text = format!(
        "Discounts took {} off list prices, {share} % of list value, against {share_then} % ({}) a year earlier.",
        in_words(now.discount),
        in_words(then.discount),
    );
    Some(Insight::new(now.discount - then.discount, text))
}

fn share(line: &Line) -> Option<f64> {
    percent(line.discount, line.discount + line.revenue)
}
