//! The table of metrics: each in the period, in the one before, a year earlier, and the changes.

use serde_json::{Value, json};

use super::facts::{Facts, Span};
use super::money::{dollars, mean, percent, tenths};
use super::table::Table;

const COLUMNS: [&str; 8] = [
    "metric",
    "now",
    "before",
    "change",
    "change_percent",
    "year_before",
    "year_change",
    "year_change_percent",
];

/// What kind of number a metric is.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    /// US cents.
    Money,
    /// A count.
    Count,
    /// Percent, in tenths; it changes by percentage points.
    Percent,
}

/// Calculates a metric of a stretch, in its unit; `None` when there is nothing to calculate it from.
type Of = fn(&Facts<'_>, Span) -> Option<i64>;

const METRICS: [(&str, Unit, Of); 16] = [
    ("revenue", Unit::Money, |f, s| Some(f.totals(s)?.revenue)),
    ("orders", Unit::Count, |f, s| Some(f.totals(s)?.orders)),
    ("units", Unit::Count, |f, s| Some(f.all(s).map_or(0, |all| all.units))),
    ("average_order_value", Unit::Money, |f, s| mean(f.totals(s)?.revenue, f.totals(s)?.orders)),
    ("customers", Unit::Count, |f, s| Some(f.totals(s)?.customers)),
    ("new_customers", Unit::Count, |f, s| Some(f.totals(s)?.new_customers)),
    ("returning_customers", Unit::Count, |f, s| Some(f.totals(s)?.customers - f.totals(s)?.new_customers)),
    ("returned_orders", Unit::Count, |f, s| Some(f.totals(s)?.returned_orders)),
    ("returned_amount", Unit::Money, |f, s| Some(f.totals(s)?.returned)),
    ("return_rate_percent", Unit::Percent, |f, s| {
        let totals = f.totals(s)?;
        share(totals.returned_orders, totals.returned_orders + totals.orders)
    }),
    ("discount_amount", Unit::Money, |f, s| Some(f.all(s).map_or(0, |all| all.discount))),
    ("discount_percent", Unit::Percent, |f, s| {
        share(f.all(s)?.discount, f.all(s)?.discount + f.all(s)?.revenue)
    }),
    ("margin_amount", Unit::Money, |f, s| Some(f.all(s)?.revenue - f.all(s)?.cost?)),
    ("margin_percent", Unit::Percent, |f, s| share(f.all(s)?.revenue - f.all(s)?.cost?, f.all(s)?.revenue)),
    ("pending_orders", Unit::Count, |f, s| Some(f.totals(s)?.pending_orders)),
    ("pending_amount", Unit::Money, |f, s| Some(f.totals(s)?.pending)),
];

/// The metrics of a review. Those of margin are left out where cost may not be read.
pub(super) fn table(facts: &Facts<'_>, with_margin: bool) -> Table {
    let shown = METRICS.iter().filter(|(name, ..)| with_margin || !name.starts_with("margin_"));
    Table::of(&COLUMNS, shown.map(|(name, unit, of)| row(facts, name, *unit, *of)))
}

fn row(facts: &Facts<'_>, name: &str, unit: Unit, of: Of) -> Vec<Value> {
    let [now, before, year_before] = [Span::Now, Span::Before, Span::YearBefore].map(|span| of(facts, span));
    let mut row = vec![json!(name), shown(unit, now), shown(unit, before)];
    row.extend(changes(unit, now, before));
    row.push(shown(unit, year_before));
    row.extend(changes(unit, now, year_before));
    row
}

/// Tenths of a percent.
#[expect(clippy::cast_possible_truncation, reason = "a share in tenths is small")]
fn share(part: i64, whole: i64) -> Option<i64> {
    percent(part, whole).map(|percent| (percent * 10.0).round() as i64)
}

#[expect(clippy::cast_precision_loss, reason = "a share in tenths is small")]
fn shown(unit: Unit, value: Option<i64>) -> Value {
    match (unit, value) {
        (_, None) => Value::Null,
        (Unit::Money, Some(cents)) => json!(dollars(cents)),
        (Unit::Count, Some(count)) => json!(count),
        (Unit::Percent, Some(permille)) => json!(tenths(permille as f64 / 10.0)),
    }
}

/// The absolute change and the change in percent. A share changes by percentage points alone.
fn changes(unit: Unit, now: Option<i64>, then: Option<i64>) -> [Value; 2] {
    let (Some(now), Some(then)) = (now, then) else { return [Value::Null, Value::Null] };
    let of_then = if unit == Unit::Percent { None } else { percent(now - then, then) };
    [shown(unit, Some(now - then)), json!(of_then)]
}
