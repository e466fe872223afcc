//! From the text of a period to its first day, the day after its last, and how it repeats.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan as _};

use super::{PeriodError, Step, beginning};

/// Most days of `last_N_days`: ten years.
const MOST_DAYS: i32 = 3660;

type Days = (Date, Date, Step);

/// Reads a period. Case and surrounding space do not matter; `last month` is `last_month`.
pub(super) fn parse(text: &str, today: Date) -> Result<Days, PeriodError> {
    let word = text.to_lowercase().replace([' ', '-'], "_");
    if let Some(days) = in_words(&word, today) {
        return Ok(days);
    }
    let unknown = || PeriodError::Unknown(beginning(text));
    let no_date = || PeriodError::NoSuchDate(beginning(text));
    if let Some((first, last)) = text.split_once('/') {
        let (first, last) = (shape(first).ok_or_else(unknown)?, shape(last).ok_or_else(unknown)?);
        let (first, _, _) = first.days().ok_or_else(no_date)?;
        let (_, after, _) = last.days().ok_or_else(no_date)?;
        if after <= first {
            return Err(PeriodError::Backwards(beginning(text)));
        }
        return Ok((first, after, between(first, after)));
    }
    shape(text).ok_or_else(unknown)?.days().ok_or_else(no_date)
}

fn in_words(word: &str, today: Date) -> Option<Days> {
    let year = Shape::Year(today.year());
    let month = Shape::Month(today.year(), today.month());
    let quarter = Shape::Quarter(today.year(), (today.month() - 1) / 3 + 1);
    match word {
        "today" => Shape::Day(today).days(),
        "yesterday" => Shape::Day(today.yesterday().ok()?).days(),
        "this_week" => week_of(today),
        "last_week" => week_of(today.checked_sub(1.week()).ok()?),
        "this_month" => month.days(),
        "last_month" => before(month),
        "this_quarter" => quarter.days(),
        "last_quarter" => before(quarter),
        "this_year" => year.days(),
        "last_year" => before(year),
        _ => {
            let count: i32 = word.strip_prefix("last_")?.strip_suffix("_days")?.parse().ok()?;
            let span = Span::new().try_days(count).ok().filter(|_| (1..=MOST_DAYS).contains(&count))?;
            Some((today.checked_sub(span).ok()?, today, Step::Days(count)))
        }
    }
}

fn week_of(day: Date) -> Option<Days> {
    let week = day.iso_week_date();
    Shape::Week(week.year(), week.week()).days()
}

fn before(shape: Shape) -> Option<Days> {
    let (first, _, step) = shape.days()?;
    Some((step.back(first)?, first, step))
}

/// An interval of whole months repeats by months, any other by days.
fn between(first: Date, after: Date) -> Step {
    if first.day() == 1 && after.day() == 1 {
        let years = i32::from(after.year()) - i32::from(first.year());
        return Step::Months(years * 12 + i32::from(after.month()) - i32::from(first.month()));
    }
    Step::Days((after - first).get_days())
}

/// One calendar unit in ISO 8601's writing, quarters besides.
#[derive(Clone, Copy)]
enum Shape {
    Year(i16),
    Quarter(i16, i8),
    Month(i16, i8),
    Week(i16, i8),
    Day(Date),
    NoSuchDay,
}

/// `None` when the text has none of the forms. A form with numbers of no calendar has no [`Shape::days`].
fn shape(text: &str) -> Option<Shape> {
    let text = text.trim();
    let (year, rest) = (text.get(..4)?, text.get(4..)?);
    let year: i16 = year.parse().ok().filter(|_| year.bytes().all(|b| b.is_ascii_digit()))?;
    let Some(rest) = rest.strip_prefix('-') else { return rest.is_empty().then_some(Shape::Year(year)) };
    if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
        return Some(Shape::Quarter(year, digits(quarter, 1)?));
    }
    if let Some(week) = rest.strip_prefix(['W', 'w']) {
        return Some(Shape::Week(year, digits(week, 2)?));
    }
    match rest.split_once('-') {
        None => Some(Shape::Month(year, digits(rest, 2)?)),
        Some((month, day)) => {
            let date = Date::new(year, digits(month, 2)?, digits(day, 2)?);
            Some(date.map_or(Shape::NoSuchDay, Shape::Day))
        }
    }
}

fn digits(text: &str, count: usize) -> Option<i8> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

impl Shape {
    /// First day, the day after the last, and how it repeats; `None` for a date of no calendar.
    fn days(self) -> Option<Days> {
        let (first, length, step) = match self {
            Self::Year(year) => (Date::new(year, 1, 1), 1.year(), Step::Months(12)),
            Self::Quarter(year, quarter) => {
                (Date::new(year, quarter.checked_mul(3)?.checked_sub(2)?, 1), 3.months(), Step::Months(3))
            }
            Self::Month(year, month) => (Date::new(year, month, 1), 1.month(), Step::Months(1)),
            Self::Week(year, week) => {
                (ISOWeekDate::new(year, week, Weekday::Monday).map(ISOWeekDate::date), 1.week(), Step::Weeks)
            }
            Self::Day(day) => (Ok(day), 1.day(), Step::Days(1)),
            Self::NoSuchDay => return None,
        };
        let first = first.ok()?;
        Some((first, first.checked_add(length).ok()?, step))
    }
}
