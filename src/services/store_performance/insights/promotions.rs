//! Whether a promotion paid: what a day of it brought, against ordinary days around it.

use super::super::facts::Facts;
use super::super::money::in_words;
use super::{ENOUGH, Insight};
use crate::database::Promotion;

/// Days of a promotion that make it one.
const ENOUGH_DAYS: i64 = 5;
/// Ordinary days to compare with.
const ENOUGH_ORDINARY: i64 = 14;

/// One sentence for each promotion with enough lines and days to compare.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    let all = &facts.figures.promotions;
    let whole = |promotion: &Promotion| {
        all.iter().any(|other| {
            other.product_type.is_none() && other.category == promotion.category && is_enough(other)
        })
    };
    // A promotion of a whole category is not told again for each of its types.
    all.iter()
        .filter(|promotion| is_enough(promotion) && (promotion.product_type.is_none() || !whole(promotion)))
        .map(told)
        .collect()
}

fn is_enough(promotion: &Promotion) -> bool {
    promotion.days >= ENOUGH_DAYS && promotion.ordinary_days >= ENOUGH_ORDINARY && promotion.lines >= ENOUGH
}

fn told(promotion: &Promotion) -> Insight {
    let Promotion { category, product_type, first_day, last_day, days, discount_percent, .. } = promotion;
    let what = product_type.as_ref().map_or_else(|| category.clone(), |kind| format!("{kind} ({category})"));
    let (name, now, ordinary) = earned(promotion);
    let (a_day, ordinary_a_day) = (now / days, ordinary / promotion.ordinary_days);
    let gain = now - days * ordinary_a_day;
    let verdict = match (name, gain >= 0) {
        ("margin", true) => format!("it paid: {} more margin", in_words(gain)),
        ("margin", false) => format!("it did not pay: {} less margin", in_words(-gain)),
        (_, true) => format!("{} more revenue", in_words(gain)),
        (_, false) => format!("{} less revenue", in_words(-gain)),
    };
    let text = format!(
        "{what} was {discount_percent} % off on {days} days from {first_day} to {last_day}: {name} of {} a day, against {} \
         on ordinary days around it; {verdict} in all.",
        in_words(a_day),
        in_words(ordinary_a_day),
    );
    Insight::new(gain, text)
}

/// Margin where cost may be read, else revenue: of the promotion's days, and of ordinary ones.
fn earned(promotion: &Promotion) -> (&'static str, i64, i64) {
    match (promotion.cost, promotion.ordinary_cost) {
        (Some(cost), Some(ordinary)) => {
            ("margin", promotion.revenue - cost, promotion.ordinary_revenue - ordinary)
        }
        _ => ("revenue", promotion.revenue, promotion.ordinary_revenue),
    }
}
