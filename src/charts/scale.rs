//! From values to places: round marks, and a scale between them.

/// A scale: values from `low` to `high` lie from `from` to `to` points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f32,
    to: f32,
}

impl Scale {
    pub(super) fn new((low, high): (f64, f64), (from, to): (f32, f32)) -> Self {
        Self { low, high, from, to }
    }

    /// Where a value lies.
    pub(super) fn place(&self, value: f64) -> f32 {
        let span = self.high - self.low;
        let share = if span > 0.0 { (value - self.low) / span } else { 0.5 };
        self.from + (self.to - self.from) * share as f32
    }
}

/// Round marks around all values, about `wanted` of them; the first and the last enclose the values.
pub(super) fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let (low, high) = widened(low, high);
    // Halves first: two finite ends can be further apart than a float reaches.
    let step = round_step((high / 2.0 - low / 2.0) / wanted.max(1) as f64 * 2.0);
    let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
    // At most twice as many as wanted, whatever rounding does.
    let count = ((last - first) as usize).min(wanted * 2 + 2);
    (0..=count).map(|index| (first + index as f64) * step).collect()
}

/// The first and last mark.
pub(super) fn ends(ticks: &[f64]) -> (f64, f64) {
    (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0))
}

/// A value alone gets room on both sides, zero from 0 to 1.
fn widened(low: f64, high: f64) -> (f64, f64) {
    if high > low {
        return (low, high);
    }
    if low == 0.0 { (0.0, 1.0) } else { (low - low.abs() / 2.0, low + low.abs() / 2.0) }
}

/// 1, 2, 2.5 or 5 times a power of ten, at least `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|factor| factor * power);
    step.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(power * 10.0)
}

/// Smallest and largest of what there is.
pub(super) fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

#[cfg(test)]
mod tests {
    use super::{Scale, ends, ticks};

    #[test]
    fn marks_are_round_and_enclose_the_values() {
        assert_eq!(ticks(0.0, 1_234_567.0, 5), [0.0, 250e3, 500e3, 750e3, 1e6, 1.25e6]);
        assert_eq!(ticks(-3.0, 9.0, 5), [-5.0, -2.5, 0.0, 2.5, 5.0, 7.5, 10.0]);
        for (low, high) in [(0.0, 0.0), (7.0, 7.0), (-1e300, 1e300), (1e-300, 2e-300), (5.0, 5.0 + 1e-9)] {
            let ticks = ticks(low, high, 5);
            let (first, last) = ends(&ticks);
            assert!(
                (2..=13).contains(&ticks.len()) && first <= low && last >= high,
                "{low} {high}: {ticks:?}"
            );
        }
    }

    #[test]
    fn a_value_lies_where_the_scale_says() {
        let scale = Scale::new((0.0, 10.0), (500.0, 100.0));
        assert_eq!([0.0, 5.0, 10.0].map(|value| scale.place(value).round() as i32), [500, 300, 100]);
    }
}
