//! The tables of a review: column names once, then rows, as in the answer of a query.

use serde::Serialize;
use serde_json::{Value, json};

use super::facts::{Facts, Span, revenue};
use super::money::{dollars, percent};
use crate::database::Line;

/// A table.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// Column names.
    pub c: Vec<&'static str>,
    /// Rows of values.
    pub r: Vec<Vec<Value>>,
}

impl Table {
    pub(super) fn of(columns: &[&'static str], rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        Self { c: columns.to_vec(), r: rows.into_iter().collect() }
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.r.is_empty()
    }
}

/// Categories by revenue, most first: the best is on top, the worst at the bottom.
pub(super) fn categories(facts: &Facts<'_>) -> Table {
    let columns = [
        "category",
        "revenue",
        "share_percent",
        "units",
        "before",
        "year_before",
        "year_change_percent",
        "margin",
    ];
    let whole = revenue(facts.all(Span::Now));
    let mut names = facts.categories();
    names.sort_by_key(|name| std::cmp::Reverse(revenue(facts.category(name, Span::Now))));
    let row = |name: &str| {
        let [now, before, year] =
            [Span::Now, Span::Before, Span::YearBefore].map(|span| facts.category(name, span));
        let sold = revenue(now);
        vec![
            json!(name),
            json!(dollars(sold)),
            json!(percent(sold, whole)),
            json!(now.map_or(0, |line| line.units)),
            json!(dollars(revenue(before))),
            json!(dollars(revenue(year))),
            json!(percent(sold - revenue(year), revenue(year))),
            margin(now),
        ]
    };
    Table::of(&columns, names.into_iter().map(row))
}

/// Products of one kind, in their order.
pub(super) fn products(facts: &Facts<'_>, kind: &str) -> Table {
    let columns = ["sku", "product", "revenue", "units", "before", "year_before", "margin"];
    let mut lines: Vec<&Line> = facts.lines(kind, Span::Now).collect();
    lines.sort_by_key(|line| line.place);
    let row = |line: &Line| {
        let then = |span| json!(dollars(revenue(facts.other(line, span))));
        vec![
            json!(line.sku),
            json!(line.name),
            json!(dollars(line.revenue)),
            json!(line.units),
            then(Span::Before),
            then(Span::YearBefore),
            margin(Some(line)),
        ]
    };
    Table::of(&columns, lines.into_iter().map(row))
}

/// What ran out or soon will.
pub(super) fn stock(facts: &Facts<'_>) -> Table {
    let columns = ["store", "sku", "product", "stock", "pieces_a_week", "cover_days", "days_out", "at_risk"];
    let rows = facts.figures.stock.iter().map(|risk| {
        vec![
            json!(risk.store),
            json!(risk.sku),
            json!(risk.name),
            json!(risk.stock),
            json!(risk.pieces_a_week),
            json!(risk.cover_days),
            json!(risk.days_out),
            json!(dollars(risk.at_risk)),
        ]
    });
    Table::of(&columns, rows)
}

/// Stores by revenue, most first.
pub(super) fn stores(facts: &Facts<'_>) -> Table {
    let columns =
        ["store", "revenue", "orders", "before", "change_percent", "year_before", "year_change_percent"];
    let in_span = |span: Span| facts.figures.stores.iter().filter(move |store| store.span == span as i32);
    let mut now: Vec<_> = in_span(Span::Now).collect();
    now.sort_by_key(|store| std::cmp::Reverse(store.revenue));
    let then =
        |name: &str, span| in_span(span).find(|store| store.store == name).map_or(0, |store| store.revenue);
    let rows = now.into_iter().map(|store| {
        let [before, year] = [Span::Before, Span::YearBefore].map(|span| then(&store.store, span));
        vec![
            json!(store.store),
            json!(dollars(store.revenue)),
            json!(store.orders),
            json!(dollars(before)),
            json!(percent(store.revenue - before, before)),
            json!(dollars(year)),
            json!(percent(store.revenue - year, year)),
        ]
    });
    Table::of(&columns, rows)
}

fn margin(line: Option<&Line>) -> Value {
    json!(line.and_then(|line| Some(dollars(line.revenue - line.cost?))))
}
