//! Periods against dates worked out by hand.

use jiff::civil::DateTime;

use super::{Period, PeriodError, Range, WORDS};

/// A Friday.
const NOW: &str = "2026-11-20T14:30:00";

fn now() -> DateTime {
    NOW.parse().unwrap()
}

fn period(text: &str) -> Period {
    Period::parse(text, now()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn range(text: &str) -> Range {
    let (from, until) = text.split_once(' ').unwrap();
    let read = |text: &str| {
        let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00") };
        text.parse().unwrap()
    };
    Range { from: read(from), until: read(until) }
}

#[test]
fn every_form_has_its_days_and_what_it_is_compared_with() {
    // text; what there is of it; the period before; a year earlier: first moment, first moment after
    let table = [
        (
            "today",
            "2026-11-20 2026-11-20T14:30:00",
            "2026-11-19 2026-11-19T14:30:00",
            "2025-11-20 2025-11-20T14:30:00",
        ),
        ("yesterday", "2026-11-19 2026-11-20", "2026-11-18 2026-11-19", "2025-11-19 2025-11-20"),
        ("last_7_days", "2026-11-13 2026-11-20", "2026-11-06 2026-11-13", "2025-11-13 2025-11-20"),
        (
            "this_week",
            "2026-11-16 2026-11-20T14:30:00",
            "2026-11-09 2026-11-13T14:30:00",
            "2025-11-17 2025-11-21T14:30:00",
        ),
        ("last_week", "2026-11-09 2026-11-16", "2026-11-02 2026-11-09", "2025-11-10 2025-11-17"),
        (
            "this_month",
            "2026-11-01 2026-11-20T14:30:00",
            "2026-10-01 2026-10-20T14:30:00",
            "2025-11-01 2025-11-20T14:30:00",
        ),
        ("last_month", "2026-10-01 2026-11-01", "2026-09-01 2026-10-01", "2025-10-01 2025-11-01"),
        (
            "this_quarter",
            "2026-10-01 2026-11-20T14:30:00",
            "2026-07-01 2026-08-20T14:30:00",
            "2025-10-01 2025-11-20T14:30:00",
        ),
        ("last_quarter", "2026-07-01 2026-10-01", "2026-04-01 2026-07-01", "2025-07-01 2025-10-01"),
        (
            "this_year",
            "2026-01-01 2026-11-20T14:30:00",
            "2025-01-01 2025-11-20T14:30:00",
            "2025-01-01 2025-11-20T14:30:00",
        ),
        ("last_year", "2025-01-01 2026-01-01", "2024-01-01 2025-01-01", "2024-01-01 2025-01-01"),
        ("2026-Q3", "2026-07-01 2026-10-01", "2026-04-01 2026-07-01", "2025-07-01 2025-10-01"),
        ("2026-q1", "2026-01-01 2026-04-01", "2025-10-01 2026-01-01", "2025-01-01 2025-04-01"),
        ("2026-10", "2026-10-01 2026-11-01", "2026-09-01 2026-10-01", "2025-10-01 2025-11-01"),
        ("2025", "2025-01-01 2026-01-01", "2024-01-01 2025-01-01", "2024-01-01 2025-01-01"),
        ("2026-W01", "2025-12-29 2026-01-05", "2025-12-22 2025-12-29", "2024-12-30 2025-01-06"),
        ("2026-11-19", "2026-11-19 2026-11-20", "2026-11-18 2026-11-19", "2025-11-19 2025-11-20"),
        ("2026-01-01/2026-06-30", "2026-01-01 2026-07-01", "2025-07-01 2026-01-01", "2025-01-01 2025-07-01"),
        ("2026-05-04/2026-05-10", "2026-05-04 2026-05-11", "2026-04-27 2026-05-04", "2025-05-04 2025-05-11"),
        ("2026-02/2026-Q2", "2026-02-01 2026-07-01", "2025-09-01 2026-02-01", "2025-02-01 2025-07-01"),
        // leap days and year ends
        ("2024-02-29", "2024-02-29 2024-03-01", "2024-02-28 2024-02-29", "2023-02-28 2023-03-01"),
        ("2024-02", "2024-02-01 2024-03-01", "2024-01-01 2024-02-01", "2023-02-01 2023-03-01"),
        ("2024-12-31/2025-01-01", "2024-12-31 2025-01-02", "2024-12-29 2024-12-31", "2023-12-31 2024-01-02"),
    ];
    for (text, current, before, year_before) in table {
        let period = period(text);
        assert_eq!(period.range, range(current), "{text}");
        assert_eq!(period.before, range(before), "{text}: before");
        assert_eq!(period.year_before, range(year_before), "{text}: a year before");
        assert_eq!(period.is_partial(), current.contains('T'), "{text}: partial");
    }
}

#[test]
fn a_longer_part_than_the_period_before_has_is_all_of_it() {
    let end_of_march = "2026-03-31T12:00:00".parse().unwrap();
    let march = Period::parse("this_month", end_of_march).unwrap();
    assert_eq!(march.before, range("2026-02-01 2026-03-01"));
    assert_eq!(march.year_before, range("2025-03-01 2025-03-31T12:00:00"));
}

#[test]
fn case_and_spaces_do_not_matter() {
    for text in [" last_month ", "Last Month", "last-month", "LAST_MONTH"] {
        assert_eq!(period(text), period("last_month"), "{text}");
    }
}

#[test]
fn every_word_that_is_offered_is_understood() {
    for (word, _) in WORDS {
        assert!(period(word).range.from < now(), "{word}");
    }
}

#[test]
fn what_is_no_period_is_refused_with_its_reason() {
    let error = |text: &str| Period::parse(text, now()).unwrap_err();
    for text in [
        "",
        "soon",
        "20261",
        "2026-",
        "2026-1",
        "2026-Q",
        "26-10",
        "+026",
        "2026-10-1",
        "last_0_days",
        "last_9999_days",
        "last_-7_days",
        "2026/",
        "/2026",
        "2026-10-01/soon",
        "2026-10/2026-11/2026-12",
        "20é6-10",
    ] {
        assert!(matches!(error(text), PeriodError::Unknown(_)), "{text}: {:?}", error(text));
    }
    for text in
        ["2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-02-29", "2026-W54", "2026-01-01/2026-06-31"]
    {
        assert!(matches!(error(text), PeriodError::NoSuchDate(_)), "{text}: {:?}", error(text));
    }
    assert_eq!(error("2026-10/2026-09"), PeriodError::Backwards("2026-10/2026-09".to_owned()));
    for text in ["2027", "2026-12", "2026-11-21", "2026-11-21/2027-01-01"] {
        assert!(matches!(error(text), PeriodError::Future(_)), "{text}");
    }
}

#[test]
fn days_and_words_count_the_last_day() {
    assert_eq!((period("last_7_days").range.days(), period("2024-02").range.days()), (7, 29));
    assert_eq!((period("today").range.days(), period("this_month").range.days()), (1, 20));
    assert_eq!(period("2026-10").range.in_words(), "2026-10-01 to 2026-10-31");
    assert_eq!(period("yesterday").range.in_words(), "2026-11-19");
    assert_eq!(period("this_month").range.in_words(), "2026-11-01 to 2026-11-20 14:30");
}

#[test]
fn a_refusal_repeats_only_the_beginning_of_a_long_text() {
    let blanks = " ".repeat(10_000);
    for text in ["2026-02-01{}/2026-01-01", "2026-02-30/{}2026-03-01", "2027-01-01{}/2027-02-01", "x{}"] {
        let error = Period::parse(&text.replace("{}", &blanks), now()).expect_err(text).to_string();
        assert!(error.len() <= 120, "{} bytes", error.len());
    }
}

#[test]
fn a_period_that_begins_this_very_moment_has_a_day() {
    let midnight = "2026-11-01T00:00:00".parse().unwrap();
    let period = Period::parse("this_month", midnight).expect("begun");
    assert_eq!((period.range.days(), period.before.days(), period.whole.days()), (1, 1, 30));
}
