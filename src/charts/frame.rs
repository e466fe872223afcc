//! What stands around the values: title, note, grid, and the labels of both axes.

use super::canvas::{Anchor, Canvas, HEIGHT, Place, WIDTH};
use super::font::Font;
use super::scale::{Scale, ends, range, ticks};
use super::{Chart, Label, Series, legend, number};

/// Room at all four sides.
pub(super) const MARGIN: f32 = 28.0;
/// Labels of axes and values.
pub(super) const LABEL: Font = Font::regular(15.0);
/// Between neighbouring labels.
const GAP: f32 = 14.0;
/// Marks on an axis of values.
const TICKS: usize = 5;

/// Where the values are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

/// Writes title, subtitle, legend and note; returns what is left between them.
pub(super) fn header(canvas: &mut Canvas, chart: &Chart, legend: &[&str]) -> Area {
    let theme = canvas.theme;
    let room = WIDTH - 2.0 * MARGIN;
    let (title, line, small) = (Font::semi_bold(23.0), Font::regular(16.0), Font::regular(14.0));
    canvas.text(&title.fit(&chart.title, room), (MARGIN, 38.0), title, theme.ink(), Anchor::Start);
    canvas.text(&line.fit(&chart.subtitle, room), (MARGIN, 68.0), line, theme.muted(), Anchor::Start);
    let mut bottom = HEIGHT - MARGIN + 4.0;
    if !chart.note.is_empty() {
        let place = (MARGIN, HEIGHT - 20.0);
        canvas.text(&small.fit(&chart.note, room), place, small, theme.muted(), Anchor::Start);
        bottom = HEIGHT - 44.0;
    }
    let top = if legend.is_empty() { 106.0 } else { legend::draw(canvas, legend, 100.0) + 18.0 };
    Area { left: MARGIN, top, right: WIDTH - MARGIN, bottom }
}

/// The names for a legend: none when there is nothing to tell apart.
pub(super) fn names(series: &[Series]) -> Vec<&str> {
    if series.len() < 2 { Vec::new() } else { series.iter().map(|series| series.name.as_str()).collect() }
}

/// Marks around the values; from zero when `zero`, or when the values are not far from it.
pub(super) fn value_ticks(values: impl Iterator<Item = f64>, zero: bool) -> Vec<f64> {
    let (low, high) = range(values);
    let far = low > 0.0 && low > 0.6 * high || high < 0.0 && high < 0.6 * low;
    if zero || !far || low >= high {
        ticks(low.min(0.0), high.max(0.0), TICKS)
    } else {
        ticks(low, high, TICKS)
    }
}

/// Writes the labels of the values at the left and draws the grid; the area becomes smaller by the labels.
pub(super) fn value_axis(canvas: &mut Canvas, chart: &Chart, area: &mut Area, ticks: &[f64]) -> Scale {
    let labels = number::of_ticks(ticks, chart.unit);
    area.left += widest(labels.iter().map(String::as_str), LABEL) + 12.0;
    let scale = Scale::new(ends(ticks), (area.bottom, area.top));
    let theme = canvas.theme;
    if let (Some(first), Some(label)) = (ticks.first(), labels.first())
        && *first > 0.0
    {
        let place = (WIDTH - MARGIN, 68.0);
        canvas.text(&format!("The axis begins at {label}"), place, LABEL, theme.muted(), Anchor::End);
    }
    for (tick, label) in ticks.iter().zip(&labels) {
        let y = scale.place(*tick);
        let ink = if *tick == 0.0 { theme.axis() } else { theme.grid() };
        canvas.rule((area.left, y), (area.right, y), ink);
        canvas.text(label, (area.left - 12.0, y), LABEL, theme.muted(), Anchor::End);
    }
    scale
}

/// The height that labels below an axis take.
pub(super) fn height_of<'a>(labels: impl IntoIterator<Item = &'a Label>) -> f32 {
    if labels.into_iter().any(|label| !label.below.is_empty()) { 48.0 } else { 28.0 }
}

/// Writes labels at their places below `y`, every second or third only where they would touch.
pub(super) fn labels_below(canvas: &mut Canvas, labels: &[(f32, &Label)], y: f32) {
    let every = thinned(labels);
    let mut below = "";
    let ink = canvas.theme.muted();
    for (x, label) in labels.iter().step_by(every) {
        canvas.text(&label.text, within(*x, &label.text, y + 17.0), LABEL, ink, Anchor::Middle);
        if label.below != below {
            let font = Font::semi_bold(14.0);
            canvas.text(&label.below, within(*x, &label.below, y + 38.0), font, ink, Anchor::Middle);
            below = &label.below;
        }
    }
}

/// Every how many labels are written.
fn thinned(labels: &[(f32, &Label)]) -> usize {
    let [(first, _), (second, _), ..] = labels else { return 1 };
    let texts = labels.iter().flat_map(|(_, label)| [label.text.as_str(), label.below.as_str()]);
    let needed = widest(texts, LABEL) + GAP;
    (needed / (second - first).abs().max(0.1)).ceil().max(1.0) as usize
}

/// The place for a centred text that must not leave the picture.
fn within(x: f32, text: &str, y: f32) -> Place {
    let half = LABEL.width(text) / 2.0;
    (x.clamp(half + 6.0, (WIDTH - half - 6.0).max(half + 6.0)), y)
}

pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>, font: Font) -> f32 {
    texts.map(|text| font.width(text)).fold(0.0, f32::max)
}
