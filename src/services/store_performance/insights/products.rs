//! The product that lost most, and the category that won most, against the year before.

use super::super::facts::{Facts, Span, revenue, units};
use super::super::money::in_words;
use super::{ENOUGH, Insight, moved, pieces};

/// Pieces of a product a year earlier below which its loss says nothing.
const ENOUGH_OF_ONE: i64 = 5;

/// At most one product and one category.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    falling(facts).into_iter().chain(rising(facts)).collect()
}

fn falling(facts: &Facts<'_>) -> Option<Insight> {
    let line = facts
        .lines("falling", Span::Now)
        .filter(|line| units(facts.other(line, Span::YearBefore)) >= ENOUGH_OF_ONE)
        .min_by_key(|line| line.place)?;
    let then = facts.other(line, Span::YearBefore)?;
    let text = format!(
        "{} ({}) lost more than any other product: {} from {}, against {} from {} a year earlier.",
        line.name.as_deref()?,
        line.sku.as_deref()?,
        in_words(line.revenue),
        pieces(line.units),
        in_words(then.revenue),
        pieces(then.units),
    );
    Some(Insight::new(then.revenue - line.revenue, text))
}

fn rising(facts: &Facts<'_>) -> Option<Insight> {
    let change = |name: &&str| {
        revenue(facts.category(name, Span::Now)) - revenue(facts.category(name, Span::YearBefore))
    };
    let compared = facts.categories().into_iter().filter(|name| {
        [Span::Now, Span::YearBefore].iter().all(|span| units(facts.category(name, *span)) >= ENOUGH)
    });
    let name = compared.max_by_key(change).filter(|name| change(name) > 0)?;
    let [now, then] = [Span::Now, Span::YearBefore].map(|span| revenue(facts.category(name, span)));
    let text = format!(
        "{name} gained more than any other category: {}, {} on a year earlier.",
        in_words(now),
        moved(now, then)
    );
    Some(Insight::new(now - then, text))
}
