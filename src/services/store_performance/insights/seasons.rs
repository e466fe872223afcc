//! Whether a category's move against the period before is its season: did it move so a year earlier too?

use super::super::facts::{Facts, Span, revenue, units};
use super::super::money::{in_words, percent};
use super::{ENOUGH, Insight};

/// A move of less, in percent, is not worth a sentence.
const WORTH_TELLING: f64 = 10.0;
/// Most sentences of this kind.
const MOST: usize = 2;

/// The categories that moved most against the period before.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    let mut found: Vec<Insight> =
        facts.categories().into_iter().filter_map(|category| of(facts, category)).collect();
    found.sort_by_key(|insight| std::cmp::Reverse(insight.money));
    found.truncate(MOST);
    found
}

fn of(facts: &Facts<'_>, category: &str) -> Option<Insight> {
    let all = [Span::Now, Span::Before, Span::YearBefore, Span::BeforeYearBefore];
    let lines = all.map(|span| facts.category(category, span));
    if lines.iter().any(|line| units(*line) < ENOUGH) {
        return None;
    }
    let [now, before, year, before_year] = lines.map(revenue);
    let (step, step_then) = (percent(now - before, before)?, percent(year - before_year, before_year)?);
    if step.abs() < WORTH_TELLING {
        return None;
    }
    let same_way = step.signum() == step_then.signum();
    let verdict = if same_way && step_then.abs() >= step.abs() / 2.0 {
        "so this is mostly the season"
    } else if same_way {
        "so the season explains only a part"
    } else {
        "so this is not the season"
    };
    let text = format!(
        "{category} brought {}, {} against the period before ({}); a year earlier it went {} over the same step, {verdict}.",
        in_words(now),
        signed(step),
        in_words(before),
        signed(step_then),
    );
    Some(Insight::new(now - before, text))
}

fn signed(percent: f64) -> String {
    format!("{percent:+} %")
}
