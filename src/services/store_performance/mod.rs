//! How a store did in a period: metrics with comparisons, what stood out, and what it means in sentences.

mod facts;
mod insights;
mod metrics;
mod money;
mod table;

use serde::Serialize;

use self::facts::{Facts, Span};
use self::table::Table;
use super::kept::{Aged, Asking};
use super::period::{Period, PeriodError, Range, WORDS};
use crate::database::{Database, Moments, Scope};
use crate::error::{Reason, ToolError};

/// A review of one store, or of all that the caller sees.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    /// The store, or how many are taken together.
    pub store: String,
    /// What is compared with what.
    pub period: Periods,
    /// What the numbers say, by money, most first.
    pub insights: Table,
    /// Metric by metric.
    pub metrics: Table,
    /// Stores, most revenue first; left out for one store.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub stores: Table,
    /// Categories, most revenue first.
    pub categories: Table,
    /// Products with most revenue.
    pub best_products: Table,
    /// Products on the shelf, or sold a year earlier, with least revenue.
    pub worst_products: Table,
    /// Products that lost most revenue against the year before.
    pub falling_products: Table,
    /// What ran out or soon will.
    pub stock_at_risk: Table,
    /// How to read the numbers.
    pub notes: Vec<String>,
}

/// The stretches of time of a review, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Periods {
    /// What was asked for, up to now.
    pub now: String,
    /// What comes before it.
    pub before: String,
    /// The same a year earlier.
    pub year_before: String,
    /// It is not over: the others are cut at the same point.
    pub partial: bool,
}

/// Reviews `store`, or all stores that the caller sees, over `time_period`.
///
/// # Errors
///
/// [`ToolError`]: a period that is none, a store that is not the caller's (in the same words as one that does not exist),
/// or why the database could not answer.
pub async fn run(database: &Database, store: Option<&str>, time_period: &str) -> Result<Review, ToolError> {
    let clock = database.shop_clock().await?;
    let period = Period::parse(time_period, clock.now).map_err(|error| no_period(&error))?;
    let stores: Vec<String> = database.visible_stores().await?.into_iter().map(|store| store.name).collect();
    let chosen = chosen(store, &stores)?;
    let figures = database.performance(chosen, spans(&period), &clock).await?;
    let several = chosen.is_none() && stores.len() > 1;
    let facts = Facts { period: &period, figures: &figures, several_stores: several };
    Ok(Review {
        store: chosen.map_or_else(|| together(&stores), str::to_owned),
        period: Periods::of(&period),
        insights: insights::tell(&facts),
        metrics: metrics::table(&facts, clock.may_read_cost),
        stores: if several { table::stores(&facts) } else { Table::of(&[], []) },
        categories: table::categories(&facts),
        best_products: table::products(&facts, "best"),
        worst_products: table::products(&facts, "worst"),
        falling_products: table::products(&facts, "falling"),
        stock_at_risk: table::stock(&facts),
        notes: notes(&facts, clock.may_read_cost),
    })
}

/// What [`run`] answers, or answered a while ago, on the same day of the shop.
///
/// # Errors
///
/// As [`run`].
#[expect(clippy::disallowed_methods, reason = "keeps what this service itself answers")]
pub async fn kept(asking: Asking<'_>, store: Option<&str>, time_period: &str) -> Result<Aged, ToolError> {
    let parts = |scope: &Scope| parts(scope, store, time_period);
    let make = Box::pin(run(asking.database, store, time_period));
    asking.answer("get_store_performance", parts, make).await
}

/// What a review depends on: the period as dates, so that `today` is another one after midnight; and the date itself, from
/// which stock at risk is counted.
fn parts(scope: &Scope, store: Option<&str>, time_period: &str) -> Option<Vec<String>> {
    let Range { from, until } = Period::parse(time_period, scope.now).ok()?.whole;
    let store = store.map(|store| store.trim().to_lowercase()).unwrap_or_default();
    Some(vec![from.to_string(), until.to_string(), scope.now.date().to_string(), store])
}

/// The visible store that was asked for: by its name, or a part of it that only one has. `None` is all of them.
pub(super) fn chosen<'a>(asked: Option<&str>, stores: &'a [String]) -> Result<Option<&'a str>, ToolError> {
    let Some(asked) = asked.map(str::trim).filter(|asked| !asked.is_empty()) else {
        return Ok(if let [only] = stores { Some(only) } else { None });
    };
    let lower = asked.to_lowercase();
    let whole = stores.iter().find(|store| store.to_lowercase() == lower);
    let mut parts = stores.iter().filter(|store| store.to_lowercase().contains(&lower));
    match (whole, parts.next(), parts.next()) {
        (Some(store), ..) | (None, Some(store), None) => Ok(Some(store)),
        (None, Some(_), Some(_)) => Err(ToolError::new(
            Reason::InvalidArguments,
            format!("several of your stores are called like `{asked}`"),
            format!("name one: {}", stores.join(", ")),
        )),
        (None, None, _) => Err(not_yours(asked, stores)),
    }
}

/// The same for a store that does not exist and for one of somebody else.
fn not_yours(asked: &str, stores: &[String]) -> ToolError {
    let shown: String = asked.chars().take(100).collect();
    ToolError::new(
        Reason::StoreNotYours,
        format!("`{shown}` is not a store that you may see"),
        if stores.is_empty() {
            "this identity sees no store; ask whoever runs the database".to_owned()
        } else {
            format!("leave store out, or name one of yours: {}", stores.join(", "))
        },
    )
}

pub(super) fn no_period(error: &PeriodError) -> ToolError {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    let next = match error {
        PeriodError::Future(_) => "ask for a period that has begun".to_owned(),
        _ => format!(
            "use one of {}, or 2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-31, 2026-01-01/2026-06-30",
            words.join(", ")
        ),
    };
    ToolError::new(Reason::InvalidArguments, format!("time_period: {error}"), next)
}

fn together(stores: &[String]) -> String {
    format!("all {} stores that you see", stores.len())
}

fn spans(period: &Period) -> [Moments; 4] {
    [period.range, period.before, period.year_before, period.before_year_before]
        .map(|range| (range.from, range.until))
}

impl Periods {
    fn of(period: &Period) -> Self {
        let [now, before, year_before] =
            [period.range, period.before, period.year_before].map(Range::in_words);
        Self { now, before, year_before, partial: period.is_partial() }
    }
}

fn notes(facts: &Facts<'_>, may_read_cost: bool) -> Vec<String> {
    let mut notes = vec![
        "Money is US dollars. revenue is what completed orders brought after discounts; returned and pending orders are \
         counted on their own. before and year_before are the same part of the period before and of a year earlier."
            .to_owned(),
        "at_risk: for a product that is out, what it would have sold since its last sale at its pace before; else a week's \
         sales."
            .to_owned(),
    ];
    if may_read_cost {
        notes.push("margin is revenue less today's cost of the pieces, for past periods too.".to_owned());
    }
    if facts
        .totals(Span::Now)
        .is_some_and(|totals| totals.orders + totals.pending_orders + totals.returned_orders == 0)
    {
        let newest =
            facts.figures.stock.first().map(|risk| format!(" The newest order is of {}.", risk.today));
        notes.push(format!(
            "There is no order in {}.{}",
            facts.period.range.in_words(),
            newest.unwrap_or_default()
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Scope, chosen, parts};

    #[test]
    fn a_review_is_of_its_dates_and_of_its_day() {
        let at = |day: i8, hour: i8| Scope { who: String::new(), now: date(2026, 7, day).at(hour, 0, 0, 0) };
        let asked = |scope: &Scope, period: &str| parts(scope, Some(" Seattle"), period);
        assert_eq!(asked(&at(1, 1), "today"), asked(&at(1, 23), "Today"));
        assert_ne!(asked(&at(1, 23), "today"), asked(&at(2, 0), "today"));
        assert_ne!(asked(&at(1, 23), "2026-06"), asked(&at(2, 0), "2026-06"));
        assert_eq!(asked(&at(1, 1), "last_month"), asked(&at(1, 1), "2026-06"));
        assert_ne!(asked(&at(1, 1), "last_month"), parts(&at(1, 1), None, "last_month"));
        assert_eq!(asked(&at(1, 1), "some day"), None);
    }

    fn stores() -> Vec<String> {
        ["Zava Retail Seattle", "Zava Retail Online", "Zava Retail"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_store_is_found_by_its_name_or_a_part_that_only_it_has() {
        let stores = stores();
        let found = |asked| chosen(Some(asked), &stores).map(|found| found.unwrap_or_default().to_owned());
        assert_eq!(found("seattle").ok().as_deref(), Some("Zava Retail Seattle"));
        assert_eq!(found("ZAVA RETAIL").ok().as_deref(), Some("Zava Retail"));
        assert!(found("Zava").unwrap_err().to_string().contains("several"));
        assert!(found("Tacoma").unwrap_err().to_string().starts_with("AUTHORIZATION_ERROR"));
    }

    #[test]
    fn no_name_is_the_only_store_or_all() {
        assert_eq!(chosen(None, &stores()).ok(), Some(None));
        assert_eq!(chosen(Some(" "), &stores()[..1]).ok(), Some(Some("Zava Retail Seattle")));
    }
}
