//! Days and seconds, counted from 2000-01-01, where PostgreSQL's own counting starts. Local time without zones.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::dice::{Dice, Weighted};

/// Seconds of a day.
pub(super) const DAY_SECONDS: i64 = 86_400;
/// Seconds from the Unix epoch to 2000-01-01.
const EPOCH_SECONDS: i64 = 946_684_800;

/// A second of local time, counted from 2000-01-01 00:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) i64);

impl Moment {
    /// Milliseconds since the Unix epoch, as if local time were UTC.
    pub(super) fn unix_millis(self) -> u64 {
        u64::try_from((self.0 + EPOCH_SECONDS) * 1_000).unwrap_or(0)
    }

    /// A second from this one on, at most `within` seconds later and never in another hour.
    pub(super) fn soon(self, within: i64, dice: &mut Dice) -> Self {
        let room = within.min(3_600 - self.0.rem_euclid(3_600));
        Self(self.0 + i64::try_from(dice.below(room.unsigned_abs())).unwrap_or(0))
    }
}

/// One day of the data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    /// Position in the calendar, from 0.
    pub(super) index: usize,
    /// Days since 2000-01-01.
    pub(super) number: i64,
    /// Calendar year.
    pub(super) year: i16,
    /// Month, 0 for January.
    pub(super) month: usize,
    /// (month, day), both from 1, for comparing with campaigns.
    pub(super) date: (i8, i8),
}

impl Day {
    /// A second of this day, its hour drawn by weight.
    pub(super) fn moment(number: i64, hours: &Weighted, dice: &mut Dice) -> Moment {
        let hour = i64::try_from(hours.pick(dice)).unwrap_or(0);
        let second = i64::try_from(dice.below(3_600)).unwrap_or(0);
        Moment(number * DAY_SECONDS + hour * 3_600 + second)
    }
}

/// 0 for Monday. 2000-01-01 was a Saturday.
pub(super) fn weekday(number: i64) -> usize {
    usize::try_from((number + 5).rem_euclid(7)).unwrap_or(0)
}

/// Days from 2000-01-01 to a date.
pub(super) fn number_of(day: Date) -> i64 {
    let since = date(2000, 1, 1).until(day).map_or(0, |span| span.get_days());
    since.into()
}

/// All days from the first to the last, both included.
pub(super) fn days(first: Date, last: Date) -> Vec<Day> {
    let start = number_of(first);
    first
        .series(1.day())
        .take_while(|day| *day <= last)
        .enumerate()
        .map(|(index, day)| Day {
            index,
            number: start + i64::try_from(index).unwrap_or(0),
            year: day.year(),
            month: usize::try_from(day.month() - 1).unwrap_or(0),
            date: (day.month(), day.day()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Moment, days, number_of, weekday};
    use crate::admin::seed::dice::{Dice, Purpose};

    #[test]
    fn days_are_numbered_without_gaps_through_leap_years() {
        let days = days(date(2024, 2, 27), date(2024, 3, 2));
        assert_eq!(days.len(), 5);
        assert_eq!(days[2].date, (2, 29));
        assert_eq!(days[4].number, number_of(date(2024, 3, 2)));
        assert_eq!(weekday(days[2].number), 3, "a Thursday");
    }

    #[test]
    fn soon_stays_within_the_hour() {
        let mut dice = Dice::new(1, Purpose::Orders, 0);
        let late: Vec<Moment> = (0..100).map(|_| Moment(3_590).soon(600, &mut dice)).collect();
        assert!(late.iter().all(|at| (3_590..3_600).contains(&at.0)));
        assert!((0..100).any(|_| Moment(3_600).soon(600, &mut dice).0 > 4_000));
        assert_eq!(Moment(0).unix_millis(), 946_684_800_000);
    }
}
