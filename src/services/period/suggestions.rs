//! What a period can be called, for completion.

use jiff::Zoned;
use jiff::civil::Date;

use super::WORDS;

/// Years that are suggested with their quarters and months.
const YEARS: i16 = 5;

/// What a period can be called: words, then years, quarters and months that have begun, newest first. When `begun` is
/// a date, or one with a slash, only the interval from that day to today.
#[must_use]
pub fn suggestions(begun: &str) -> Vec<String> {
    on(Zoned::now().date(), begun)
}

fn on(today: Date, begun: &str) -> Vec<String> {
    let (first, _) = begun.split_once('/').unwrap_or((begun, ""));
    if let Ok(first) = first.parse::<Date>() {
        return if first <= today { vec![format!("{first}/{today}")] } else { Vec::new() };
    }
    let years = (0..YEARS).map(|ago| today.year() - ago);
    WORDS
        .iter()
        .map(|(word, _)| (*word).to_owned())
        .chain(years.flat_map(|year| parts(year, today)))
        .collect()
}

/// The year with its quarters and months, as far as they have begun.
fn parts(year: i16, today: Date) -> impl Iterator<Item = String> {
    let latest = if year == today.year() { today.month() } else { 12 };
    let quarters = (1..=(latest + 2) / 3).rev().map(move |quarter| format!("{year:04}-Q{quarter}"));
    let months = (1..=latest).rev().map(move |month| format!("{year:04}-{month:02}"));
    std::iter::once(format!("{year:04}")).chain(quarters).chain(months)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::on;

    #[test]
    fn words_come_first_then_what_has_begun_newest_first() {
        let all = on(date(2026, 5, 20), "");
        assert_eq!(all[..2], ["today", "yesterday"]);
        assert_eq!(
            all[14..22],
            ["2026", "2026-Q2", "2026-Q1", "2026-05", "2026-04", "2026-03", "2026-02", "2026-01"]
        );
        assert_eq!(all[22..24], ["2025", "2025-Q4"]);
        assert_eq!(all.last().map(String::as_str), Some("2022-01"));
        assert!(all.len() <= 100);
    }

    #[test]
    fn a_date_is_continued_to_an_interval_that_ends_today() {
        let today = date(2026, 11, 20);
        assert_eq!(on(today, "2026-01-01"), ["2026-01-01/2026-11-20"]);
        assert_eq!(on(today, "2026-01-01/2026-1"), ["2026-01-01/2026-11-20"]);
        assert_eq!(on(today, "2027-01-01"), [""; 0]);
    }
}
