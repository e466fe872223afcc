//! Bars: upright where their names fit below them, else lying, with room for long names.

use super::canvas::{Canvas, WIDTH};
use super::frame::{self, LABEL, MARGIN};
use super::{Chart, Label, Series, columns, rows};

/// Most bars that lie one below the other.
const MOST_ROWS: usize = 25;

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, labels: &[Label], series: &[Series], stacked: bool) {
    let stacked = stacked && series.len() > 1;
    let slot = (WIDTH - 2.0 * MARGIN - 70.0) / labels.len().max(1) as f32;
    let fits = frame::widest(labels.iter().map(|label| label.text.as_str()), LABEL) + 10.0 <= slot;
    let in_order = labels.iter().any(|label| !label.below.is_empty());
    if fits || in_order || labels.len() > MOST_ROWS {
        columns::draw(canvas, chart, labels, series, stacked);
    } else {
        rows::draw(canvas, chart, labels, series, stacked);
    }
}

/// From where to where each bar of a place goes, by series.
pub(super) fn spans(series: &[Series], place: usize, stacked: bool) -> Vec<Option<(f64, f64)>> {
    let (mut above, mut below) = (0.0, 0.0);
    let value = |series: &Series| series.values.get(place).copied().flatten();
    let mut span = |value: f64| {
        if !stacked {
            return (0.0, value);
        }
        let from = if value < 0.0 { &mut below } else { &mut above };
        *from += value;
        (*from - value, *from)
    };
    series.iter().map(|series| value(series).map(&mut span)).collect()
}

/// All ends of bars: what the scale must reach.
pub(super) fn ends(series: &[Series], places: usize, stacked: bool) -> impl Iterator<Item = f64> {
    (0..places)
        .flat_map(move |place| spans(series, place, stacked))
        .flatten()
        .flat_map(|(from, to)| [from, to])
}

/// The sum of a stack, where there is anything.
pub(super) fn total(series: &[Series], place: usize) -> Option<f64> {
    let values = series.iter().filter_map(|series| series.values.get(place).copied().flatten());
    values.reduce(|sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::{Series, spans, total};

    #[test]
    fn stacks_grow_from_zero_to_both_sides_and_what_is_missing_takes_no_room() {
        let series: Vec<Series> = [Some(3.0), None, Some(-2.0), Some(4.0)]
            .into_iter()
            .map(|value| Series { name: String::new(), values: vec![value] })
            .collect();
        let stacked = [Some((0.0, 3.0)), None, Some((0.0, -2.0)), Some((3.0, 7.0))];
        assert_eq!(spans(&series, 0, true), stacked);
        assert_eq!(spans(&series, 0, false)[3], Some((0.0, 4.0)));
        assert_eq!(total(&series, 0), Some(5.0));
        assert_eq!(total(&series, 1), None);
    }
}
