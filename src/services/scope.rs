//! What a recipe is about: names and moments as the shop has them, found from what a person says.
#![expect(clippy::disallowed_methods, reason = "names come from the services that list them")]

use jiff::civil::{Date, DateTime};

use super::nearest::listed;
use super::period::{Period, Range};
use super::store_performance::{chosen, no_period};
use super::{categories, stores};
use crate::database::Database;
use crate::error::{Reason, ToolError};

/// The store that is meant, or all that the caller sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stores {
    /// The one; `None` is all.
    pub one: Option<String>,
    /// As a sentence calls it.
    pub words: String,
}

/// A period with the one a year earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spans {
    /// As a sentence calls it: `2026-05-01 to 2026-05-31`.
    pub words: String,
    /// First moment, and the first after it.
    pub now: (DateTime, DateTime),
    /// The same a year earlier.
    pub year_before: (DateTime, DateTime),
    /// The first day of the month two years before the period ends: where a picture of it begins.
    pub picture_from: Date,
}

/// Finds a store by its name or a part of it; no name is the only store, or all.
///
/// # Errors
///
/// [`ToolError`] for a store that is not the caller's, or why the database could not answer.
pub async fn stores(database: &Database, asked: Option<&str>) -> Result<Stores, ToolError> {
    let names = stores::names(database).await?;
    let one = chosen(asked, &names)?.map(str::to_owned);
    let words = one.clone().unwrap_or_else(|| format!("all {} stores that you see", names.len()));
    Ok(Stores { one, words })
}

/// Reads a period at the shop's clock.
///
/// # Errors
///
/// [`ToolError`] for what is no period or has not begun, or why the database could not answer.
pub async fn spans(database: &Database, asked: &str) -> Result<Spans, ToolError> {
    let clock = database.shop_clock().await?;
    let period = Period::parse(asked, clock.now).map_err(|error| {
        let mut error = no_period(&error);
        error.message = error.message.replacen("time_period", "period", 1);
        error
    })?;
    let both = |range: Range| (range.from, range.until);
    Ok(Spans {
        words: period.range.in_words(),
        now: both(period.range),
        year_before: both(period.year_before),
        picture_from: two_years_before(period.range.until),
    })
}

/// Finds a category by its name, whatever its case.
///
/// # Errors
///
/// [`Reason::UnknownValue`] with the nearest names, or why the database could not answer.
pub async fn category(database: &Database, asked: &str) -> Result<String, ToolError> {
    let names = categories::names(database).await?;
    let found = names.iter().find(|name| name.to_lowercase() == asked.trim().to_lowercase());
    found.cloned().ok_or_else(|| {
        let shown: String = asked.chars().take(100).collect();
        let near = listed(names.iter().map(String::as_str), asked);
        ToolError::new(
            Reason::UnknownValue,
            format!("there is no category `{shown}`"),
            format!("nearest names: {near}"),
        )
    })
}

fn two_years_before(until: DateTime) -> Date {
    let last = until.date().yesterday().unwrap_or(until.date());
    let first = last.first_of_month();
    first.checked_sub(jiff::Span::new().years(2)).unwrap_or(first)
}
