//! Upright bars, beside or upon each other.

use super::canvas::{Anchor, Canvas};
use super::font::Font;
use super::frame::{self, Area};
use super::scale::Scale;
use super::{Chart, Label, Series, bars, number};

/// The widest that a bar is drawn.
const WIDEST: f32 = 84.0;
const VALUE: Font = Font::semi_bold(14.0);

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, labels: &[Label], series: &[Series], stacked: bool) {
    let mut area = frame::header(canvas, chart, &frame::names(series));
    area.bottom -= frame::height_of(labels);
    let ticks = frame::value_ticks(bars::ends(series, labels.len(), stacked), true);
    let up = frame::value_axis(canvas, chart, &mut area, &ticks);
    let slot = (area.right - area.left) / labels.len().max(1) as f32;
    let middle = |place: usize| area.left + slot * (place as f32 + 0.5);
    for place in 0..labels.len() {
        bars_of(canvas, series, place, middle(place), slot, &up, stacked);
    }
    zero(canvas, area, &up);
    let values = shown(chart, series, labels.len(), stacked);
    if frame::widest(values.iter().flatten().map(|(_, text)| text.as_str()), VALUE) + 6.0 <= slot {
        write(canvas, &values, middle, &up);
    }
    let labels: Vec<(f32, &Label)> =
        labels.iter().enumerate().map(|(at, label)| (middle(at), label)).collect();
    frame::labels_below(canvas, &labels, area.bottom);
}

/// Draws all bars of one place.
fn bars_of(
    canvas: &mut Canvas,
    series: &[Series],
    place: usize,
    middle: f32,
    slot: f32,
    up: &Scale,
    stacked: bool,
) {
    let beside = if stacked { 1 } else { series.len().max(1) };
    let width = (slot * 0.74 / beside as f32).min(WIDEST);
    let gap = if width > 6.0 { 1.5 } else { 0.0 };
    let first = middle - width * beside as f32 / 2.0;
    for (index, span) in bars::spans(series, place, stacked).into_iter().enumerate() {
        let Some((from, to)) = span else { continue };
        let left = first + if stacked { 0.0 } else { width * index as f32 };
        let (top, bottom) = (up.place(from.max(to)), up.place(from.min(to)));
        let line = if stacked && bottom - top > 3.0 { gap } else { 0.0 };
        let fill = canvas.theme.series(index);
        let inner = if beside > 1 { width - gap } else { width };
        canvas.rectangle((left, top + line), inner.max(0.6), (bottom - top - line).max(0.8), fill);
    }
}

/// The line that bars stand on, over their feet.
fn zero(canvas: &mut Canvas, area: Area, up: &Scale) {
    let ink = canvas.theme.axis();
    canvas.rule((area.left, up.place(0.0)), (area.right, up.place(0.0)), ink);
}

/// The value of each place, and where its bar ends: of bars alone and of stacks.
fn shown(chart: &Chart, series: &[Series], places: usize, stacked: bool) -> Vec<Option<(f64, String)>> {
    if series.len() > 1 && !stacked {
        return Vec::new();
    }
    let value = |place| {
        let total = bars::total(series, place)?;
        let ends = bars::spans(series, place, stacked).into_iter().flatten().map(|(_, to)| to);
        let end = if total < 0.0 { ends.fold(0.0, f64::min) } else { ends.fold(0.0, f64::max) };
        Some((end, number::compact(total, chart.unit)))
    };
    (0..places).map(value).collect()
}

fn write(canvas: &mut Canvas, values: &[Option<(f64, String)>], middle: impl Fn(usize) -> f32, up: &Scale) {
    let ink = canvas.theme.ink();
    for (place, value) in values.iter().enumerate() {
        let Some((end, text)) = value else { continue };
        let y = up.place(*end) + if *end < 0.0 { 13.0 } else { -12.0 };
        canvas.text(text, (middle(place), y), VALUE, ink, Anchor::Middle);
    }
}
