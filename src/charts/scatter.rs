//! Points: how two measures go together.

use super::canvas::{Anchor, Canvas};
use super::frame::{self, Area, LABEL};
use super::scale::{Scale, ends, range, ticks};
use super::{Chart, Group, Label, Positions, calendar, number};

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, x: &str, along: Positions, groups: &[Group]) {
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    let mut area = frame::header(canvas, chart, if names.len() > 1 { &names } else { &[] });
    let points = || groups.iter().flat_map(|group| group.points.iter());
    area.bottom -= 54.0;
    area.right -= 12.0;
    let up = frame::value_ticks(points().map(|(_, y)| *y), false);
    let up = frame::value_axis(canvas, chart, &mut area, &up);
    let across = across(canvas, points().map(|(x, _)| *x), along, area);
    let ink = canvas.theme.muted();
    let below = area.bottom + 44.0;
    canvas.text(&LABEL.fit(x, 600.0), (area.right, below), LABEL, ink, Anchor::End);
    let (radius, cover) = look(points().count());
    for (index, group) in groups.iter().enumerate() {
        let fill = canvas.theme.series(index);
        for (x, y) in &group.points {
            canvas.dot((across.place(*x), up.place(*y)), radius, fill, cover);
        }
    }
}

/// The horizontal scale with its labels and grid.
fn across(canvas: &mut Canvas, values: impl Iterator<Item = f64>, along: Positions, area: Area) -> Scale {
    let (low, high) = range(values);
    let (scale, labels) = match along {
        Positions::Moments => {
            let scale = Scale::new((low, high), (area.left + 12.0, area.right - 12.0));
            (scale, calendar::ticks(low, high, 10))
        }
        Positions::Numbers(unit) => {
            let marks = frame::value_ticks([low, high].into_iter(), false);
            let marks = if marks.len() < 5 { ticks(low, high, 8) } else { marks };
            let texts = number::of_ticks(&marks, unit);
            let scale = Scale::new(ends(&marks), (area.left + 12.0, area.right - 12.0));
            let label = |text| Label { text, below: String::new() };
            (scale, marks.into_iter().zip(texts.into_iter().map(label)).collect())
        }
    };
    let ink = canvas.theme.grid();
    for (mark, _) in &labels {
        canvas.rule((scale.place(*mark), area.top), (scale.place(*mark), area.bottom), ink);
    }
    let labels: Vec<(f32, &Label)> = labels.iter().map(|(mark, label)| (scale.place(*mark), label)).collect();
    frame::labels_below(canvas, &labels, area.bottom);
    scale
}

/// Radius and cover of a point: the more there are, the smaller, so that clusters show.
fn look(points: usize) -> (f32, f32) {
    match points {
        0..=60 => (6.0, 0.75),
        61..=500 => (4.5, 0.6),
        501..=2_000 => (3.4, 0.45),
        _ => (2.6, 0.3),
    }
}
