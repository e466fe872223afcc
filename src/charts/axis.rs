//! An axis: from where to where it goes, and what is written at its marks.

use std::ops::Range;

use plotters::coord::ranged1d::{BoldPoints, KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;

use super::font::Font;
use super::{Label, Positions, Unit, calendar, number};

/// Most marks on an axis of values.
const MOST_MARKS: usize = 6;
/// Every how many names are written: halves, quarters and so on of a year or a day, where they are months or hours.
const EVERY: [usize; 9] = [1, 2, 3, 4, 6, 12, 24, 48, 120];
/// Between neighbouring labels, in points.
const GAP: f32 = 14.0;

/// An axis of values, places or names; names lie at 0, 1, 2...
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) marks: Vec<(f64, Label)>,
}

impl Axis {
    /// Values, with round marks around them; from zero when `zero`, or when the values are not far from it.
    pub(super) fn values(values: impl Iterator<Item = f64>, unit: Unit, zero: bool) -> Self {
        let (low, high) = range(values);
        let far = low > 0.0 && low > 0.6 * high || high < 0.0 && high < 0.6 * low;
        if zero || !far || low >= high {
            Self::around(low.min(0.0), high.max(0.0), unit)
        } else {
            Self::around(low, high, unit)
        }
    }

    /// Places on a scale from the first to the last, with marks between them; names for a place alone.
    pub(super) fn places(places: &[f64], along: Positions, most: usize) -> Self {
        let (from, to) = range(places.iter().copied());
        let marks = match along {
            Positions::Moments if from < to => calendar::ticks(from, to, most),
            Positions::Moments => places.iter().copied().zip(calendar::labels(places)).collect(),
            Positions::Numbers(unit) => {
                let mut marks = Self::around(from, to, unit).marks;
                marks.retain(|(mark, _)| (from..=to).contains(mark));
                marks
            }
        };
        Self { from, to, marks }
    }

    pub(super) fn names(labels: &[Label]) -> Self {
        let marks: Vec<_> = labels.iter().enumerate().map(|(at, label)| (at as f64, label.clone())).collect();
        Self { from: -0.5, to: marks.len() as f64 - 0.5, marks }
    }

    fn around(low: f64, high: f64, unit: Unit) -> Self {
        let marks = round_marks(low, high);
        let labels = number::of_ticks(&marks, unit).into_iter();
        let labels = labels.map(|text| Label { text, below: String::new() });
        let (from, to) = range(marks.iter().copied());
        Self { from, to, marks: marks.iter().copied().zip(labels).collect() }
    }

    /// From the top down rather than from the bottom up.
    pub(super) fn turned(self) -> Self {
        Self { from: self.to, to: self.from, ..self }
    }

    /// More room at both ends, in parts of the whole.
    pub(super) fn padded(self, before: f64, behind: f64) -> Self {
        let span = if self.to > self.from { self.to - self.from } else { 1.0 };
        Self { from: self.from - span * before, to: self.to + span * behind, ..self }
    }

    /// Without the labels that would touch when the axis is so many points long.
    pub(super) fn thinned(mut self, length: f32, font: Font) -> Self {
        let [(first, _), (second, _), ..] = self.marks.as_slice() else { return self };
        let apart = ((second - first) / (self.to - self.from)).abs() as f32 * length;
        let needed = ((self.widest(font) + GAP) / apart.max(0.01)).ceil() as usize;
        let every = EVERY.into_iter().find(|every| *every >= needed).unwrap_or(needed);
        let mut index = 0..;
        self.marks.retain(|_| index.next().is_some_and(|index| index % every == 0));
        self
    }

    /// The width of the widest label, in points.
    pub(super) fn widest(&self, font: Font) -> f32 {
        let texts = self.marks.iter().flat_map(|(_, label)| [&label.text, &label.below]);
        texts.map(|text| font.width(text)).fold(0.0, f32::max)
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        RangedCoordf64::from(self.range()).map(value, limit)
    }

    /// The marks, whatever plotters would choose; no lighter ones between them.
    fn key_points<H: KeyPointHint>(&self, hint: H) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.marks.iter().map(|(mark, _)| *mark).collect()
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(mark: &f64) -> String {
        number::compact(*mark, Unit::Number)
    }

    fn format_ext(&self, mark: &f64) -> String {
        let found = self.marks.iter().find(|(other, _)| other.total_cmp(mark).is_eq());
        found.map(|(_, label)| label.text.clone()).unwrap_or_default()
    }
}

/// Smallest and largest of what there is.
pub(super) fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

/// The marks that plotters chooses, and one more at each end so that they enclose the values.
fn round_marks(low: f64, high: f64) -> Vec<f64> {
    let (low, high) = widened(low, high);
    // Plotters tells no smaller steps apart than those of numbers around one.
    let exponent = low.abs().max(high.abs()).log10().floor() as i32;
    let size = 10_f64.powi(exponent);
    let range = RangedCoordf64::from(low / size..high / size);
    let chosen = range.key_points(BoldPoints(MOST_MARKS));
    let [first, second, ..] = chosen.as_slice() else { return vec![low, high] };
    // As a digit and an exponent, so that 90 is not 90.00000000000001.
    let power = ((second - first).log10() + 1e-6).floor() as i32;
    let digit = ((second - first) / 10_f64.powi(power)).round();
    let (step, power) = (digit * 10_f64.powi(power), power + exponent);
    let (first, last) = ((low / size / step + 1e-9).floor(), (high / size / step - 1e-9).ceil());
    let mark = |index: i64| {
        let digits = index as f64 * digit;
        if power < 0 { digits / 10_f64.powi(-power) } else { digits * 10_f64.powi(power) }
    };
    (first as i64..=last as i64).map(mark).filter(|mark| mark.is_finite()).collect()
}

/// Values that cannot be told apart get room on both sides, zero from 0 to 1.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let most = low.abs().max(high.abs());
    match high / 2.0 - low / 2.0 {
        _ if most < 1e-300 => (0.0, 1.0),
        half if half > most * 1e-9 => (low, high),
        _ => (low - most / 2.0, high + most / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Label, Unit};
    use super::{Axis, Font, round_marks};

    #[test]
    fn marks_are_round_and_enclose_the_values() {
        assert_eq!(round_marks(0.0, 1_234_567.0), [0.0, 500e3, 1e6, 1.5e6]);
        assert_eq!(round_marks(-3.0, 9.0), [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        for (low, high) in [(0.0, 0.0), (7.0, 7.0), (1e-9, 2e-9), (5.0, 5.0 + 1e-9), (3e15, 4e15)] {
            let marks = round_marks(low, high);
            let ends = (marks[0], marks[marks.len() - 1]);
            assert!((2..=9).contains(&marks.len()), "{low} {high}: {marks:?}");
            assert!(ends.0 <= low && ends.1 >= high, "{low} {high}: {marks:?}");
        }
    }

    #[test]
    fn the_ends_of_what_numbers_can_be_have_marks_too() {
        for (low, high) in [(-f64::MAX, f64::MAX), (1e-300, 2e-300), (0.0, 5e-324), (1e16, 1e16 + 2.0)] {
            assert!((2..=9).contains(&round_marks(low, high).len()), "{low} {high}");
        }
    }

    #[test]
    fn values_near_zero_begin_there_and_others_only_when_they_must() {
        let from = |values: [f64; 2], zero| vec![Axis::values(values.into_iter(), Unit::Number, zero).from];
        assert_eq!(from([50.0, 100.0], false), [0.0]);
        assert_eq!(from([90.0, 100.0], true), [0.0]);
        assert_eq!(from([90.0, 100.0], false), [90.0]);
    }

    #[test]
    fn labels_that_would_touch_are_left_out_and_those_that_fit_are_not() {
        let labels: Vec<Label> =
            (0..24).map(|hour| Label { text: format!("{hour}:00"), ..Label::default() }).collect();
        let left = |length| Axis::names(&labels).thinned(length, Font::regular(15.0)).marks.len();
        assert_eq!([left(2_000.0), left(900.0), left(300.0)], [24, 12, 4]);
    }
}
