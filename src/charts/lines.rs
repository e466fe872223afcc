//! Lines: how values go along time, a scale or names in their order; each line has its name at its end.

use plotters::element::Circle;
use plotters::series::{AreaSeries, LineSeries};
use plotters::style::Color as _;
use plotters_backend::text_anchor::HPos;

use super::axis::Axis;
use super::canvas::{CanvasError, Surface, WIDTH, points, units};
use super::font::Font;
use super::frame::{self, Grid, LABEL, MARGIN, Plotted};
use super::theme::Rgb;
use super::{Along, Chart, Series, number};

/// Up to here each value has a dot.
const MOST_DOTS: usize = 40;
/// The most points that a name at the end of a line takes.
const MOST_NAME: f32 = 190.0;
const NAME: Font = Font::semi_bold(15.0);
/// Between the names of lines that end close together.
const LINE: f32 = 20.0;
/// The least that a label below the axis takes.
const MARK: f32 = 54.0;

pub(super) fn draw(
    surface: &Surface<'_>,
    chart: &Chart,
    along: &Along,
    series: &[Series],
) -> Result<(), CanvasError> {
    let names: Vec<String> = series.iter().map(|series| end_name(chart, series)).collect();
    let room = names.iter().map(|name| NAME.width(name)).fold(0.0, f32::max) + 14.0;
    let area = frame::header(surface, chart, &[])?.margin(0, 0, 0, units(room));
    let values = series.iter().flat_map(|series| series.values.iter().copied().flatten());
    let y = Axis::values(values, chart.unit, false);
    let (places, x) = across(along, frame::size(&area).0 - frame::beside(&y));
    frame::tell_beginning(surface, chart.theme, &y)?;
    let mut plotted = frame::plot(&area, chart.theme, (&x, &y), Grid::Lying)?;
    if y.from < 0.0 {
        frame::axis_line(&plotted, chart.theme, [(x.from, 0.0), (x.to, 0.0)])?;
    }
    let mut ends = Vec::new();
    for (index, series) in series.iter().enumerate() {
        let line: Vec<Option<(f64, f64)>> =
            series.values.iter().zip(&places).map(|(value, at)| value.map(|value| (*at, value))).collect();
        let filled = names.len() == 1 && y.from == 0.0;
        stroke(&mut plotted, &line, chart.theme.series(index), filled)?;
        let end = line.iter().rev().find_map(|place| *place);
        ends.extend(end.map(|end| (index, points(plotted.backend_coord(&end).1))));
    }
    write_names(surface, chart, &names, ends, room)
}

/// The name at the end of a line; a line alone tells its last value.
fn end_name(chart: &Chart, series: &Series) -> String {
    let last = series.values.iter().rev().find_map(|value| *value);
    let name = match last {
        Some(last) if series.name.is_empty() => number::compact(last, chart.unit),
        _ => series.name.clone(),
    };
    NAME.fit(&name, MOST_NAME)
}

/// Where each value lies, and the axis, with a little room at both ends so that dots do not touch the labels.
fn across(along: &Along, length: f32) -> (Vec<f64>, Axis) {
    let (places, axis) = match along {
        Along::Names(names) => {
            let axis = Axis::names(names);
            let places: Vec<f64> = axis.marks.iter().map(|(place, _)| *place).collect();
            let to = (places.len() as f64 - 1.0).max(0.0);
            (places, Axis { from: 0.0, to, ..axis })
        }
        Along::Places(along, places) => {
            (places.clone(), Axis::places(places, *along, (length / MARK) as usize))
        }
    };
    // A place alone lies in the middle.
    let pads = if axis.to > axis.from { (0.016, 0.01) } else { (0.5, 0.5) };
    (places, axis.padded(pads.0, pads.1).thinned(length, LABEL))
}

/// Draws a line, interrupted where values are missing; a value between two missing ones is a dot.
fn stroke(
    plotted: &mut Plotted<'_, '_>,
    line: &[Option<(f64, f64)>],
    ink: Rgb,
    filled: bool,
) -> Result<(), CanvasError> {
    let width = if line.len() > 400 { 1.6 } else { 2.6 };
    for part in line.split(Option::is_none) {
        let part: Vec<(f64, f64)> = part.iter().copied().flatten().collect();
        if filled {
            plotted.draw_series(AreaSeries::new(part.iter().copied(), 0.0, ink.mix(0.10)))?;
        }
        plotted.draw_series(LineSeries::new(part.iter().copied(), ink.stroke_width(units(width) as u32)))?;
        if line.len() <= MOST_DOTS || part.len() == 1 {
            plotted.draw_series(part.iter().map(|place| Circle::new(*place, units(4.0), ink.filled())))?;
        }
    }
    Ok(())
}

/// Writes each name where its line ends, moved apart where they would overlap.
fn write_names(
    surface: &Surface<'_>,
    chart: &Chart,
    names: &[String],
    mut ends: Vec<(usize, f32)>,
    room: f32,
) -> Result<(), CanvasError> {
    ends.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let wanted: Vec<f32> = ends.iter().map(|(_, y)| *y).collect();
    let bottom = frame::size(surface).1 - 60.0;
    for ((index, _), y) in ends.iter().zip(apart(&wanted, LINE, 100.0, bottom)) {
        let Some(name) = names.get(*index) else { continue };
        let ink = chart.theme.series(*index);
        frame::write(surface, name, (WIDTH - MARGIN - room + 8.0, y), NAME, ink, HPos::Left)?;
    }
    Ok(())
}

/// Places as near as can be to the wanted ones, which ascend, and at least `gap` apart.
pub(super) fn apart(wanted: &[f32], gap: f32, top: f32, bottom: f32) -> Vec<f32> {
    let mut places = Vec::with_capacity(wanted.len());
    let mut least = top;
    for place in wanted {
        places.push(place.max(least));
        least = place.max(least) + gap;
    }
    let mut most = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn names_of_lines_that_end_together_are_moved_apart_and_stay_inside() {
        assert_eq!(apart(&[10.0, 12.0, 90.0], 20.0, 0.0, 100.0), [10.0, 30.0, 90.0]);
        assert_eq!(apart(&[95.0, 96.0, 97.0], 20.0, 0.0, 100.0), [60.0, 80.0, 100.0]);
    }
}
