//! Lines: how values go along time, a scale or names in their order; each line has its name at its end.

use super::canvas::{Anchor, Canvas, Place, WIDTH};
use super::font::Font;
use super::frame::{self, Area, MARGIN};
use super::scale::{Scale, ends, range, ticks};
use super::{Along, Chart, Label, Positions, Series, calendar, number};

/// Up to here each value has a dot.
const MOST_DOTS: usize = 40;
/// The most points that a name at the end of a line takes.
const MOST_NAME: f32 = 190.0;
const NAME: Font = Font::semi_bold(15.0);
/// Between the names of lines that end close together.
const LINE: f32 = 20.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, along: &Along, series: &[Series]) {
    let mut area = frame::header(canvas, chart, &[]);
    let names: Vec<String> =
        series.iter().map(|series| end_name(chart, series, series.name.is_empty())).collect();
    let room = frame::widest(names.iter().map(String::as_str), NAME);
    area.right = WIDTH - MARGIN - room - 14.0;
    let values = series.iter().flat_map(|series| series.values.iter().copied().flatten());
    let ticks = frame::value_ticks(values, false);
    let (places, labels) = (places(along), labels(along, area));
    area.bottom -= frame::height_of(labels.iter().map(|(_, label)| label));
    let up = frame::value_axis(canvas, chart, &mut area, &ticks);
    let across = across(&places, area);
    let labels: Vec<(f32, &Label)> = labels.iter().map(|(at, label)| (across.place(*at), label)).collect();
    frame::labels_below(canvas, &labels, area.bottom);
    let mut last = Vec::new();
    for (index, series) in series.iter().enumerate() {
        let line = placed(series, &places, &across, &up);
        stroke(canvas, &line, index, places.len());
        let end = line.iter().rev().find_map(|place| *place);
        last.extend(end.map(|(_, y)| (index, y)));
    }
    write_names(canvas, &names, last, area);
}

/// The name at the end of a line; a line alone tells its last value.
fn end_name(chart: &Chart, series: &Series, alone: bool) -> String {
    let last = series.values.iter().rev().find_map(|value| *value);
    let name = match last {
        Some(last) if alone => number::compact(last, chart.unit),
        _ => series.name.clone(),
    };
    NAME.fit(&name, MOST_NAME)
}

fn places(along: &Along) -> Vec<f64> {
    match along {
        Along::Names(names) => (0..names.len()).map(|index| index as f64).collect(),
        Along::Places(_, places) => places.clone(),
    }
}

fn labels(along: &Along, area: Area) -> Vec<(f64, Label)> {
    let room = ((area.right - area.left) / 54.0) as usize;
    match along {
        Along::Names(names) => names.iter().enumerate().map(|(at, name)| (at as f64, name.clone())).collect(),
        Along::Places(Positions::Moments, places) => {
            let (low, high) = range(places.iter().copied());
            let only_one = || places.iter().copied().zip(calendar::labels(places)).collect();
            if low < high { calendar::ticks(low, high, room) } else { only_one() }
        }
        Along::Places(Positions::Numbers(unit), places) => {
            let (low, high) = range(places.iter().copied());
            let marks: Vec<f64> = ticks(low, high, room.min(10))
                .into_iter()
                .filter(|mark| (low..=high).contains(mark))
                .collect();
            let labels = number::of_ticks(&marks, *unit);
            let label = |text| Label { text, below: String::new() };
            marks.into_iter().zip(labels.into_iter().map(label)).collect()
        }
    }
}

/// A little room at both ends, so that dots do not touch the labels.
fn across(places: &[f64], area: Area) -> Scale {
    let (low, high) = ends(places);
    Scale::new((low, high), (area.left + 12.0, area.right - 8.0))
}

fn placed(series: &Series, places: &[f64], across: &Scale, up: &Scale) -> Vec<Option<Place>> {
    let place = |(value, at): (&Option<f64>, &f64)| value.map(|value| (across.place(*at), up.place(value)));
    series.values.iter().zip(places).map(place).collect()
}

/// Draws a line, interrupted where values are missing; a value between two missing ones is a dot.
fn stroke(canvas: &mut Canvas, line: &[Option<Place>], index: usize, places: usize) {
    let ink = canvas.theme.series(index);
    let width = if places > 400 { 1.6 } else { 2.6 };
    for part in line.split(Option::is_none) {
        let part: Vec<Place> = part.iter().copied().flatten().collect();
        canvas.line(&part, width, ink);
        if places <= MOST_DOTS || part.len() == 1 {
            for place in part {
                canvas.dot(place, 4.0, ink, 1.0);
            }
        }
    }
}

/// Writes each name where its line ends, moved apart where they would overlap.
fn write_names(canvas: &mut Canvas, names: &[String], mut ends: Vec<(usize, f32)>, area: Area) {
    ends.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let wanted: Vec<f32> = ends.iter().map(|(_, y)| *y).collect();
    for ((index, _), y) in ends.iter().zip(apart(&wanted, LINE, area.top, area.bottom)) {
        let Some(name) = names.get(*index) else { continue };
        let ink = canvas.theme.series(*index);
        canvas.text(name, (area.right + 6.0, y), NAME, ink, Anchor::Start);
    }
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
