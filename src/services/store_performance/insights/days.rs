//! Days that were far better or worse than other days of the same weekday.

use jiff::civil::Weekday;

use super::super::facts::Facts;
use super::super::money::{dollars, in_words};
use super::Insight;
use crate::database::Day;

/// Days of one weekday that make a usual one.
const ENOUGH_WEEKS: usize = 4;
/// How far from usual, in standard deviations, a day must be: a robust estimate, from the median of deviations.
const FAR: f64 = 3.5;
/// The standard deviation of a normal distribution over the median of its absolute deviations.
const DEVIATIONS: f64 = 1.4826;
/// Most sentences of this kind.
const MOST: usize = 2;

/// The days that stand out most. The day that is not over is none of them.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Insight> {
    let over = |day: &&Day| day.day < facts.period.range.until.date();
    let days: Vec<&Day> = facts.figures.days.iter().filter(over).collect();
    let usual = |weekday: Weekday| {
        let same: Vec<f64> =
            days.iter().filter(|day| day.day.weekday() == weekday).map(|day| dollars(day.revenue)).collect();
        (same.len() >= ENOUGH_WEEKS).then(|| median(same)).flatten()
    };
    let ratios: Vec<(&Day, f64, f64)> = days
        .iter()
        .filter_map(|day| {
            let usual = usual(day.day.weekday()).filter(|usual| *usual > 0.0)?;
            Some((*day, usual, dollars(day.revenue) / usual - 1.0))
        })
        .collect();
    let Some(spread) = median(ratios.iter().map(|(_, _, off)| off.abs()).collect()) else {
        return Vec::new();
    };
    let far = |(_, _, off): &&(&Day, f64, f64)| spread > 0.0 && off.abs() > FAR * DEVIATIONS * spread;
    let mut found: Vec<Insight> =
        ratios.iter().filter(far).map(|(day, usual, _)| told(day, *usual)).collect();
    found.sort_by_key(|insight| std::cmp::Reverse(insight.money));
    found.truncate(MOST);
    found
}

#[expect(clippy::cast_possible_truncation, reason = "what a day brings is far below")]
fn told(day: &Day, usual: f64) -> Insight {
    let usual = (usual * 100.0).round() as i64;
    let differs = day.revenue - usual;
    let (more, name) = (if differs > 0 { "more" } else { "less" }, weekday(day.day.weekday()));
    let text = format!(
        "{} ({name}) brought {} from {} orders, {} {more} than a usual {name} of this period ({}).",
        day.day,
        in_words(day.revenue),
        day.orders,
        in_words(differs.abs()),
        in_words(usual),
    );
    Insight::new(differs, text)
}

/// The middle value; `None` of none.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
