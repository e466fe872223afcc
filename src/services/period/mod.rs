//! Periods as people say them: `last_month`, `2026-Q3`, `2026-10`, `2026-01-01/2026-06-30`.
//!
//! All times are the shop's own clock, as in `retail.orders.order_date`: no time zone, Pacific. A period that is not over
//! is cut at now, and what it is compared with is cut at the same point, so that half a month is not compared with a
//! whole one.

mod parse;
mod suggestions;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan as _};

pub use self::suggestions::suggestions;

/// The words that [`Period::parse`] takes, each with the period it means; for descriptions and completion.
pub const WORDS: [(&str, &str); 14] = [
    ("today", "since midnight"),
    ("yesterday", "the day before today"),
    ("last_7_days", "the seven whole days up to yesterday; any number from 1 to 3660 works"),
    ("last_30_days", "the thirty whole days up to yesterday"),
    ("this_week", "since Monday"),
    ("last_week", "Monday to Sunday"),
    ("this_month", "since the first"),
    ("last_month", "the calendar month before this one"),
    ("this_quarter", "since the quarter began"),
    ("last_quarter", "the calendar quarter before this one"),
    ("this_year", "since 1 January"),
    ("last_year", "the calendar year before this one"),
    ("last_90_days", "the ninety whole days up to yesterday"),
    ("last_365_days", "the 365 whole days up to yesterday"),
];

/// A stretch of time: from `from`, up to and without `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First moment.
    pub from: DateTime,
    /// First moment after it.
    pub until: DateTime,
}

/// A period and what it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// What the period would be when it is over.
    pub whole: Range,
    /// What there is of it: up to now.
    pub range: Range,
    /// The same part of the period before.
    pub before: Range,
    /// The same part of the period a year earlier.
    pub year_before: Range,
    /// The same part of the period before that one: how the year before came to where it was.
    pub before_year_before: Range,
}

/// Why a text is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// None of the forms.
    #[error("`{0}` is no period that is known here")]
    Unknown(String),
    /// A date of no calendar.
    #[error("`{0}` has a date that does not exist")]
    NoSuchDate(String),
    /// The last day is before the first.
    #[error("`{0}` ends before it begins")]
    Backwards(String),
    /// It has not begun.
    #[error("`{0}` has not begun yet")]
    Future(String),
}

/// How a period moves to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Days(i32),
    Weeks,
    Months(i32),
}

impl Period {
    /// Reads `text` as somebody means it at `now`, the shop's local time.
    ///
    /// # Errors
    ///
    /// [`PeriodError`] when it is none, ends before it begins, or lies in the future.
    pub fn parse(text: &str, now: DateTime) -> Result<Self, PeriodError> {
        let (first, after, step) = parse::parse(text.trim(), now.date())?;
        let whole = Range { from: midnight(first), until: midnight(after) };
        if whole.from > now {
            return Err(PeriodError::Future(beginning(text)));
        }
        let no_date = || PeriodError::NoSuchDate(beginning(text));
        let before = step.back(first).ok_or_else(no_date)?;
        let year_before = step.year_back(first, after).ok_or_else(no_date)?;
        let range = Range { from: whole.from, until: whole.until.min(now) };
        let elapsed = (range.until < whole.until).then(|| range.from.duration_until(range.until));
        let same_part = |(first, after): (Date, Date)| {
            let all = Range { from: midnight(first), until: midnight(after) };
            let until = elapsed.map_or(all.until, |elapsed| all.from.saturating_add(elapsed).min(all.until));
            Range { from: all.from, until }
        };
        let (first_then, _) = year_before;
        let before_then = step.back(first_then).ok_or_else(no_date)?;
        Ok(Self {
            whole,
            range,
            before: same_part((before, first)),
            year_before: same_part(year_before),
            before_year_before: same_part((before_then, first_then)),
        })
    }

    /// Whether it is not over yet.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.range.until < self.whole.until
    }
}

impl Range {
    /// As people write it: one day, or first and last day, with the time where it ends within a day.
    #[must_use]
    pub fn in_words(self) -> String {
        let first = self.from.date();
        if self.until.time() != Time::midnight() {
            return format!(
                "{first} to {} {:02}:{:02}",
                self.until.date(),
                self.until.hour(),
                self.until.minute()
            );
        }
        match self.until.date().yesterday() {
            Ok(last) if last > first => format!("{first} to {last}"),
            _ => first.to_string(),
        }
    }

    /// Days it touches, at least 1.
    #[must_use]
    pub fn days(self) -> i64 {
        let until = self.until.saturating_sub(1.nanosecond()).date();
        // At the first midnight of a period there is nothing of it yet.
        i64::from((until - self.from.date()).get_days()).max(0) + 1
    }
}

impl Step {
    /// The first day of the period before the one that begins on `first`.
    fn back(self, first: Date) -> Option<Date> {
        let span: Span = match self {
            Self::Days(days) => Span::new().try_days(days).ok()?,
            Self::Weeks => 1.week(),
            Self::Months(months) => Span::new().try_months(months).ok()?,
        };
        first.checked_sub(span).ok()
    }

    /// First day and day after the last of the same period a year earlier. A week is the one 52 weeks earlier, so that
    /// it begins on a Monday.
    fn year_back(self, first: Date, after: Date) -> Option<(Date, Date)> {
        let year = if self == Self::Weeks { 52.weeks() } else { 1.year() };
        Some((first.checked_sub(year).ok()?, after.checked_sub(year).ok()?))
    }
}

/// What a refusal repeats of a text.
fn beginning(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

fn midnight(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

#[cfg(test)]
mod tests;
