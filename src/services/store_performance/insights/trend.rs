//! How revenue moved, and how much of that is volume, price and mix.

use super::super::facts::{Facts, Span};
use super::super::money::in_words;
use super::{Insight, enough_orders, moved};
use crate::database::Line;

/// Revenue against the year before, else against the period before, taken apart.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    let span = if enough_orders(facts, Span::YearBefore) { Span::YearBefore } else { Span::Before };
    if !enough_orders(facts, Span::Now) || !enough_orders(facts, span) {
        return Vec::new();
    }
    let (Some(now), Some(then)) = (facts.all(Span::Now), facts.all(span)) else { return Vec::new() };
    let Some(parts) = Parts::of(now, then) else { return Vec::new() };
    let compared = if span == Span::YearBefore { "on a year earlier" } else { "on the period before" };
    let text = format!(
        "Revenue is {}, {} {compared} ({}): {} from the number of pieces, {} from prices, {} from the mix of products.",
        in_words(now.revenue),
        moved(now.revenue, then.revenue),
        in_words(then.revenue),
        signed(parts.volume),
        signed(parts.price),
        signed(parts.mix),
    );
    vec![Insight::new(now.revenue - then.revenue, text)]
}

/// The change of revenue in three parts that add up to it.
struct Parts {
    /// What more or fewer pieces bring at the average revenue of a piece then.
    volume: i64,
    /// What the same products bring at other prices.
    price: i64,
    /// The rest: dearer or cheaper products.
    mix: i64,
}

impl Parts {
    fn of(now: &Line, then: &Line) -> Option<Self> {
        let change = i128::from(now.units - then.units) * i128::from(then.revenue);
        let volume = i64::try_from(change.checked_div(i128::from(then.units))?).ok()?;
        let price = then.price_effect?;
        Some(Self { volume, price, mix: now.revenue - then.revenue - volume - price })
    }
}

fn signed(cents: i64) -> String {
    if cents > 0 { format!("+{}", in_words(cents)) } else { in_words(cents) }
}
