//! Lying bars, beside or upon each other: for long names.

use super::canvas::{Anchor, Canvas};
use super::font::Font;
use super::frame::{self, Area, LABEL};
use super::scale::{Scale, ends};
use super::{Chart, Label, Series, bars, number};

/// The highest that a bar is drawn, and the most that a name takes.
const HIGHEST: f32 = 40.0;
const MOST_NAME: f32 = 300.0;
/// The size of a value at its bar.
const VALUE: f32 = 14.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, labels: &[Label], series: &[Series], stacked: bool) {
    let mut area = frame::header(canvas, chart, &frame::names(series));
    let ticks = frame::value_ticks(bars::ends(series, labels.len(), stacked), true);
    let names: Vec<String> = labels.iter().map(|label| LABEL.fit(&label.text, MOST_NAME)).collect();
    area.left += frame::widest(names.iter().map(String::as_str), LABEL) + 12.0;
    let told = series.len() == 1 || stacked;
    // Where each bar tells its value, marks on a scale would say it twice.
    let (room, below) = if told { (84.0, 6.0) } else { (10.0, 28.0) };
    area.right -= room;
    area.bottom -= below;
    let across = axis(canvas, chart, area, &ticks, !told);
    let slot = ((area.bottom - area.top) / labels.len().max(1) as f32)
        .min(HIGHEST * 1.5 * series.len().max(1) as f32);
    for (place, name) in names.iter().enumerate() {
        let middle = area.top + slot * (place as f32 + 0.5);
        let ink = canvas.theme.ink();
        let font = Font { size: LABEL.size.min(slot * 0.95).max(11.0), ..LABEL };
        canvas.text(name, (area.left - 12.0, middle), font, ink, Anchor::End);
        bars_of(canvas, series, place, (middle, slot), &across, stacked);
        if told {
            write(canvas, chart, series, place, (middle, slot), &across, stacked);
        }
    }
    let ink = canvas.theme.axis();
    let zero = across.place(0.0);
    canvas.rule((zero, area.top), (zero, area.top + slot * names.len() as f32), ink);
}

/// The scale, with its marks where they are wanted.
fn axis(canvas: &mut Canvas, chart: &Chart, area: Area, ticks: &[f64], marked: bool) -> Scale {
    let across = Scale::new(ends(ticks), (area.left, area.right));
    if !marked {
        return across;
    }
    let ink = (canvas.theme.grid(), canvas.theme.muted());
    for (tick, label) in ticks.iter().zip(number::of_ticks(ticks, chart.unit)) {
        let x = across.place(*tick);
        canvas.rule((x, area.top), (x, area.bottom), ink.0);
        canvas.text(&label, (x, area.bottom + 17.0), LABEL, ink.1, Anchor::Middle);
    }
    across
}

fn bars_of(
    canvas: &mut Canvas,
    series: &[Series],
    place: usize,
    (middle, slot): (f32, f32),
    across: &Scale,
    stacked: bool,
) {
    let beside = if stacked { 1 } else { series.len().max(1) };
    let height = (slot * 0.74 / beside as f32).min(HIGHEST);
    let first = middle - height * beside as f32 / 2.0;
    for (index, span) in bars::spans(series, place, stacked).into_iter().enumerate() {
        let Some((from, to)) = span else { continue };
        let top = first + if stacked { 0.0 } else { height * index as f32 };
        let (left, right) = (across.place(from.min(to)), across.place(from.max(to)));
        let line = if stacked && right - left > 3.0 { 1.5 } else { 0.0 };
        let inner = if beside > 1 { height - 1.0 } else { height };
        let fill = canvas.theme.series(index);
        canvas.rectangle((left, top), (right - left - line).max(0.8), inner.max(0.6), fill);
    }
}

/// The value at the end of a bar or a stack.
fn write(
    canvas: &mut Canvas,
    chart: &Chart,
    series: &[Series],
    place: usize,
    (middle, slot): (f32, f32),
    across: &Scale,
    stacked: bool,
) {
    let Some(total) = bars::total(series, place) else { return };
    let ends = bars::spans(series, place, stacked).into_iter().flatten().map(|(_, to)| to);
    let x = across.place(ends.fold(0.0, f64::max)) + 8.0;
    let ink = canvas.theme.ink();
    let text = number::compact(total, chart.unit);
    canvas.text(&text, (x, middle), Font::semi_bold(VALUE.min(slot * 0.9)), ink, Anchor::Start);
}
