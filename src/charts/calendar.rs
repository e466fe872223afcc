//! Moments as people read them on an axis: months with their year below, days, hours.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan as _, Unit};

use super::Label;

const DAY: i64 = 86_400;

/// How a moment is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Style {
    #[default]
    Year,
    Quarter,
    Month,
    Day,
    Minute,
}

/// A distance between marks.
#[derive(Clone, Copy, Debug)]
enum Step {
    Months(i32),
    Seconds(i64),
}

/// From minutes to centuries. Weeks begin on Mondays.
const STEPS: [(Step, Style); 22] = [
    (Step::Seconds(60), Style::Minute),
    (Step::Seconds(300), Style::Minute),
    (Step::Seconds(900), Style::Minute),
    (Step::Seconds(1_800), Style::Minute),
    (Step::Seconds(3_600), Style::Minute),
    (Step::Seconds(10_800), Style::Minute),
    (Step::Seconds(21_600), Style::Minute),
    (Step::Seconds(43_200), Style::Minute),
    (Step::Seconds(DAY), Style::Day),
    (Step::Seconds(2 * DAY), Style::Day),
    (Step::Seconds(7 * DAY), Style::Day),
    (Step::Seconds(14 * DAY), Style::Day),
    (Step::Months(1), Style::Month),
    (Step::Months(2), Style::Month),
    (Step::Months(3), Style::Month),
    (Step::Months(6), Style::Month),
    (Step::Months(12), Style::Year),
    (Step::Months(24), Style::Year),
    (Step::Months(60), Style::Year),
    (Step::Months(120), Style::Year),
    (Step::Months(300), Style::Year),
    (Step::Months(1_200), Style::Year),
];

/// The labels of moments, in seconds since the beginning of 1970, no longer than it takes to tell them apart.
#[must_use]
pub fn labels(moments: &[f64]) -> Vec<Label> {
    let moments: Vec<DateTime> = moments.iter().map(|seconds| moment(*seconds)).collect();
    let style = style(&moments);
    moments.iter().map(|moment| written(*moment, style)).collect()
}

/// Marks between two moments, at most `most`, with their labels.
pub(super) fn ticks(low: f64, high: f64, most: usize) -> Vec<(f64, Label)> {
    let between = |step| marks(moment(low), moment(high), step, most);
    let found = STEPS.iter().find_map(|(step, style)| Some((between(*step)?, *style)));
    let (marks, style) = found.unwrap_or_default();
    marks.into_iter().map(|mark| (seconds(mark), written(mark, style))).collect()
}

/// The marks of a step; none when there are more than `most`.
fn marks(low: DateTime, high: DateTime, step: Step, most: usize) -> Option<Vec<DateTime>> {
    let mut mark = first(low, step)?;
    let mut marks = Vec::new();
    while mark <= high {
        if mark >= low {
            marks.push(mark);
        }
        if marks.len() > most {
            return None;
        }
        mark = match step {
            Step::Months(months) => mark.checked_add(months.months()).ok()?,
            Step::Seconds(seconds) => mark.checked_add(SignedDuration::from_secs(seconds)).ok()?,
        };
    }
    Some(marks)
}

/// The last mark of a step at or before a moment.
fn first(low: DateTime, step: Step) -> Option<DateTime> {
    match step {
        Step::Months(step) => {
            let months = i32::from(low.year()) * 12 + i32::from(low.month()) - 1;
            let months = months.div_euclid(step) * step;
            let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
            let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
            Some(first.at(0, 0, 0, 0))
        }
        Step::Seconds(step) => {
            // 1970 began on a Thursday.
            let shift = if step >= 7 * DAY { 4 * DAY } else { 0 };
            let seconds = seconds(low) as i64 - shift;
            Some(moment((seconds.div_euclid(step) * step + shift) as f64))
        }
    }
}

/// The coarsest style that tells all moments apart.
fn style(moments: &[DateTime]) -> Style {
    let all = |holds: fn(&DateTime) -> bool| moments.iter().all(holds);
    let months = all(|moment| moment.day() == 1 && is_midnight(*moment));
    if months && moments.len() > 1 && all(|moment| moment.month() == 1) {
        return Style::Year;
    }
    if months && moments.len() > 1 && all(|moment| moment.month() % 3 == 1) {
        return Style::Quarter;
    }
    match months {
        true => Style::Month,
        false if all(|moment| is_midnight(*moment)) => Style::Day,
        false => Style::Minute,
    }
}

fn is_midnight(moment: DateTime) -> bool {
    moment.hour() == 0 && moment.minute() == 0 && moment.second() == 0
}

fn written(moment: DateTime, style: Style) -> Label {
    let year = moment.strftime("%Y").to_string();
    let (text, below) = match style {
        Style::Year => (year, String::new()),
        Style::Quarter => (format!("Q{}", (moment.month() + 2) / 3), year),
        Style::Month => (moment.strftime("%b").to_string(), year),
        Style::Day => (moment.strftime("%b %-d").to_string(), year),
        Style::Minute => (moment.strftime("%H:%M").to_string(), moment.strftime("%b %-d").to_string()),
    };
    Label { text, below }
}

fn moment(seconds: f64) -> DateTime {
    let since = SignedDuration::from_secs(seconds as i64);
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0).saturating_add(since)
}

fn seconds(moment: DateTime) -> f64 {
    let since = DateTime::constant(1970, 1, 1, 0, 0, 0, 0).until((Unit::Second, moment));
    since.map_or(0.0, |since| since.get_seconds() as f64)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{labels, seconds, ticks};

    fn at(year: i16, month: i8, day: i8) -> f64 {
        seconds(date(year, month, day).at(0, 0, 0, 0))
    }

    fn texts(moments: &[f64]) -> Vec<String> {
        labels(moments).iter().map(|label| format!("{}/{}", label.text, label.below)).collect()
    }

    #[test]
    fn moments_are_written_no_longer_than_needed() {
        assert_eq!(texts(&[at(2025, 1, 1), at(2026, 1, 1)]), ["2025/", "2026/"]);
        assert_eq!(texts(&[at(2025, 10, 1), at(2026, 1, 1)]), ["Q4/2025", "Q1/2026"]);
        assert_eq!(texts(&[at(2025, 12, 1), at(2026, 1, 1)]), ["Dec/2025", "Jan/2026"]);
        assert_eq!(texts(&[at(2026, 5, 4)]), ["May 4/2026"]);
        assert_eq!(texts(&[at(2026, 5, 4) + 3_600.0]), ["01:00/May 4"]);
    }

    #[test]
    fn marks_fall_on_months_mondays_and_hours() {
        let texts = |low, high| -> Vec<String> {
            ticks(low, high, 8).into_iter().map(|(_, label)| label.text).collect()
        };
        assert_eq!(texts(at(2026, 1, 1), at(2026, 6, 30)), ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]);
        assert_eq!(texts(at(2026, 5, 5), at(2026, 6, 9)), ["May 11", "May 18", "May 25", "Jun 1", "Jun 8"]);
        assert_eq!(texts(at(2026, 5, 5), at(2026, 5, 6)), ["00:00", "06:00", "12:00", "18:00", "00:00"]);
        assert_eq!(
            texts(at(2019, 3, 1), at(2026, 3, 1)),
            ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]
        );
        assert!(ticks(-1e12, 1e12, 8).len() <= 8);
    }
}
