//! Bars, beside or upon each other: upright where their names fit below them, else lying, with room for long names.

use plotters::element::Rectangle;
use plotters::style::Color as _;
use plotters_backend::text_anchor::HPos;

use super::axis::{Axis, range};
use super::canvas::{CanvasError, Surface, points, units};
use super::font::Font;
use super::frame::{self, Grid, LABEL, Plotted};
use super::{Chart, Label, Series, number};

/// Most bars that lie one below the other.
const MOST_ROWS: usize = 25;
/// The most points across a bar: upright, lying.
const THICKEST: (f32, f32) = (84.0, 40.0);
/// The part of its place that a bar, or all bars beside each other, fill.
const FILLED: f32 = 0.74;
/// The most points that a name takes at the left of a bar.
const MOST_NAME: f32 = 300.0;
const VALUE: Font = Font::semi_bold(14.0);
/// Between a bar's end and its value.
const AWAY: f32 = 8.0;

/// How bars stand.
struct Bars<'a> {
    chart: &'a Chart,
    series: &'a [Series],
    places: usize,
    stacked: bool,
    upright: bool,
}

pub(super) fn draw(
    surface: &Surface<'_>,
    chart: &Chart,
    labels: &[Label],
    series: &[Series],
    stacked: bool,
) -> Result<(), CanvasError> {
    let area = frame::header(surface, chart, &frame::names(series))?;
    let slot = (frame::size(&area).0 - 70.0) / labels.len().max(1) as f32;
    let fits = Axis::names(labels).widest(LABEL) + 10.0 <= slot;
    let in_order = labels.iter().any(|label| !label.below.is_empty());
    let upright = fits || in_order || labels.len() > MOST_ROWS;
    let bars = Bars { chart, series, places: labels.len(), stacked: stacked && series.len() > 1, upright };
    if upright { bars.columns(surface, &area, labels) } else { bars.rows(surface, &area, labels) }
}

impl Bars<'_> {
    fn columns(
        &self,
        surface: &Surface<'_>,
        area: &Surface<'_>,
        labels: &[Label],
    ) -> Result<(), CanvasError> {
        let y = self.values();
        let x = Axis::names(labels);
        let length = frame::size(area).0 - frame::beside(&y);
        let axes = (&x.thinned(length, LABEL), &y);
        let mut plotted = frame::plot(area, self.chart.theme, axes, Grid::Lying)?;
        let slot = length / self.places.max(1) as f32;
        self.fill(&mut plotted, slot)?;
        let most = self.texts().map(|(_, _, text)| VALUE.width(&text)).fold(0.0, f32::max);
        if most + 6.0 <= slot {
            self.write(surface, &plotted, VALUE)?;
        }
        Ok(())
    }

    fn rows(&self, surface: &Surface<'_>, area: &Surface<'_>, labels: &[Label]) -> Result<(), CanvasError> {
        let fitted = |label: &Label| Label { text: LABEL.fit(&label.text, MOST_NAME), ..label.clone() };
        let y = Axis::names(&labels.iter().map(fitted).collect::<Vec<_>>()).turned();
        let mut x = self.values();
        let (width, mut height) = frame::size(area);
        let mut room = 0.0;
        if self.tells() {
            // Marks on a scale would say again what each bar tells; without them its ends need not be round.
            x.marks.clear();
            (x.from, x.to) = range(self.ends().chain([0.0]));
            room = self.texts().map(|(_, _, text)| VALUE.width(&text)).fold(0.0, f32::max) + AWAY + 4.0;
            let part = f64::from(room / (width - frame::beside(&y) - 2.0 * room).max(100.0));
            x = x.padded(if self.ends().any(|end| end < 0.0) { part } else { 0.0 }, part);
        }
        height -= frame::below(&x);
        let beside = self.beside() as f32;
        let slot = (height / self.places.max(1) as f32).min(THICKEST.1 * 1.5 * beside);
        let area = area.margin(
            0,
            units(height - slot * self.places as f32),
            0,
            units(if room > 0.0 { 0.0 } else { 12.0 }),
        );
        let mut plotted = frame::plot(&area, self.chart.theme, (&x, &y), Grid::Upright)?;
        self.fill(&mut plotted, slot)?;
        if self.tells() {
            self.write(surface, &plotted, Font { size: VALUE.size.min(slot * 0.9), ..VALUE })?;
        }
        Ok(())
    }

    /// The axis of values, from zero.
    fn values(&self) -> Axis {
        Axis::values(self.ends(), self.chart.unit, true)
    }

    /// All ends of bars: what the axis must reach.
    fn ends(&self) -> impl Iterator<Item = f64> {
        let spans = (0..self.places).flat_map(|place| spans(self.series, place, self.stacked));
        spans.flatten().flat_map(|(from, to)| [from, to])
    }

    /// How many bars stand beside each other at a place.
    fn beside(&self) -> usize {
        if self.stacked { 1 } else { self.series.len().max(1) }
    }

    /// Whether values are written at bars: at bars alone and at stacks.
    fn tells(&self) -> bool {
        self.series.len() == 1 || self.stacked
    }

    /// Where a bar has this value: along the names, and along the values.
    fn at(&self, along: f64, value: f64) -> (f64, f64) {
        if self.upright { (along, value) } else { (value, along) }
    }

    /// Draws all bars; `slot` is the points that a place has.
    fn fill(&self, plotted: &mut Plotted<'_, '_>, slot: f32) -> Result<(), CanvasError> {
        let (theme, beside) = (self.chart.theme, self.beside());
        let thickest = if self.upright { THICKEST.0 } else { THICKEST.1 };
        let thick = (slot * FILLED / beside as f32).min(thickest);
        let part = f64::from(thick / slot.max(0.1));
        for place in 0..self.places {
            let first = place as f64 - part * beside as f64 / 2.0;
            for (index, span) in spans(self.series, place, self.stacked).into_iter().enumerate() {
                let Some((from, to)) = span else { continue };
                let near = first + if self.stacked { 0.0 } else { part * index as f64 };
                let corners = [self.at(near, from), self.at(near + part, to)];
                let mut bar = Rectangle::new(corners, theme.series(index).filled());
                let (across, along) = self.gaps(plotted, corners, thick);
                if self.upright {
                    bar.set_margin(along, 0, across, across);
                } else {
                    bar.set_margin(across, across, 0, along);
                }
                plotted.draw_series([bar])?;
            }
        }
        let zero = [self.at(-0.5, 0.0), self.at(self.places as f64 - 0.5, 0.0)];
        frame::axis_line(plotted, theme, zero)
    }

    /// The background left free around a bar, across and along it, in units: where it has a neighbour and is large enough.
    fn gaps(&self, plotted: &Plotted<'_, '_>, [one, other]: [(f64, f64); 2], thick: f32) -> (u32, u32) {
        let (one, other) = (plotted.backend_coord(&one), plotted.backend_coord(&other));
        let long = if self.upright { one.1 - other.1 } else { one.0 - other.0 };
        let across = if self.beside() > 1 && thick > 6.0 { units(0.75) } else { 0 };
        let along = if self.stacked && points(long.abs()) > 3.0 { units(1.5) } else { 0 };
        (across as u32, along as u32)
    }

    /// The value of each place, and where its bar or stack ends.
    fn texts(&self) -> impl Iterator<Item = (usize, f64, String)> {
        let places = if self.tells() { 0..self.places } else { 0..0 };
        places.filter_map(|place| {
            let total = total(self.series, place)?;
            let ends = spans(self.series, place, self.stacked).into_iter().flatten().map(|(_, to)| to);
            let end = if total < 0.0 { ends.fold(0.0, f64::min) } else { ends.fold(0.0, f64::max) };
            Some((place, end, number::compact(total, self.chart.unit)))
        })
    }

    /// Writes the values behind the ends of bars.
    fn write(&self, surface: &Surface<'_>, plotted: &Plotted<'_, '_>, font: Font) -> Result<(), CanvasError> {
        let ink = self.chart.theme.ink();
        for (place, end, text) in self.texts() {
            let (x, y) = plotted.backend_coord(&self.at(place as f64, end));
            let (x, y) = (points(x), points(y));
            let (at, side) = match (self.upright, end < 0.0) {
                (true, false) => ((x, y - 12.0), HPos::Center),
                (true, true) => ((x, y + 13.0), HPos::Center),
                (false, false) => ((x + AWAY, y), HPos::Left),
                (false, true) => ((x - AWAY, y), HPos::Right),
            };
            if self.upright {
                self.clear(surface, at, VALUE.width(&text) / 2.0 + 3.0)?;
            }
            frame::write(surface, &text, at, font, ink, side)?;
        }
        Ok(())
    }

    /// Takes the grid away behind a value, so that no line goes through it.
    fn clear(&self, surface: &Surface<'_>, (x, y): (f32, f32), half: f32) -> Result<(), CanvasError> {
        let corners = [(units(x - half), units(y - 8.0)), (units(x + half), units(y + 8.0))];
        surface.draw(&Rectangle::new(corners, self.chart.theme.background().filled()))?;
        Ok(())
    }
}

/// From where to where each bar of a place goes, by series.
fn spans(series: &[Series], place: usize, stacked: bool) -> Vec<Option<(f64, f64)>> {
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

/// The sum of a stack, where there is anything.
fn total(series: &[Series], place: usize) -> Option<f64> {
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
