//! A table in colours: the darker (in the dark theme, the lighter) the more; around zero in two colours.

use super::canvas::{Anchor, Canvas, WIDTH};
use super::font::Font;
use super::frame::{self, Area, LABEL, MARGIN};
use super::scale::range;
use super::theme::{Rgb, Theme};
use super::{Chart, Label, Series, Unit, number};

const MOST_NAME: f32 = 220.0;

/// From a value to its colour.
#[derive(Clone, Copy)]
struct Heat {
    low: f64,
    high: f64,
    theme: Theme,
}

impl Heat {
    fn of(self, value: f64) -> Rgb {
        if self.low < 0.0 && self.high > 0.0 {
            let most = self.high.max(-self.low);
            return self.theme.around_zero(0.5 + value / most / 2.0);
        }
        let span = self.high - self.low;
        self.theme.heat(if span > 0.0 { (value - self.low) / span } else { 0.5 })
    }
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, columns: &[Label], rows: &[Series]) {
    let mut area = frame::header(canvas, chart, &[]);
    let values = rows.iter().flat_map(|row| row.values.iter().copied().flatten());
    let (low, high) = range(values);
    let heat = Heat { low, high, theme: canvas.theme };
    key(canvas, heat, chart.unit);
    let names: Vec<String> = rows.iter().map(|row| LABEL.fit(&row.name, MOST_NAME)).collect();
    area.left += frame::widest(names.iter().map(String::as_str), LABEL) + 12.0;
    area.bottom -= frame::height_of(columns);
    let (width, height) = (
        (area.right - area.left) / columns.len().max(1) as f32,
        ((area.bottom - area.top) / rows.len().max(1) as f32).min(64.0),
    );
    let cell = (width, height);
    let font = cell_font(chart, rows, cell);
    for (index, (row, name)) in rows.iter().zip(&names).enumerate() {
        let top = area.top + height * index as f32;
        let ink = canvas.theme.ink();
        let label = Font { size: LABEL.size.min(height * 0.95), ..LABEL };
        canvas.text(name, (area.left - 12.0, top + height / 2.0), label, ink, Anchor::End);
        cells(canvas, chart, row, (area.left, top), cell, heat, font);
    }
    let middle = |at: usize| area.left + width * (at as f32 + 0.5);
    let labels: Vec<(f32, &Label)> =
        columns.iter().enumerate().map(|(at, label)| (middle(at), label)).collect();
    frame::labels_below(
        canvas,
        &labels,
        Area { bottom: area.top + height * rows.len() as f32, ..area }.bottom,
    );
}

/// One row of cells; a value that is missing leaves an outline.
fn cells(
    canvas: &mut Canvas,
    chart: &Chart,
    row: &Series,
    (left, top): (f32, f32),
    (width, height): (f32, f32),
    heat: Heat,
    font: Option<Font>,
) {
    let gap = if width.min(height) > 10.0 { 2.0 } else { 0.5 };
    for (index, value) in row.values.iter().enumerate() {
        let left = left + width * index as f32;
        let inner = (width - gap, height - gap);
        let fill = value.map_or(canvas.theme.grid(), |value| heat.of(value));
        canvas.rectangle((left, top), inner.0, inner.1, fill);
        let Some(value) = value else {
            let hole = canvas.theme.background();
            canvas.rectangle((left + 1.0, top + 1.0), inner.0 - 2.0, inner.1 - 2.0, hole);
            continue;
        };
        if let Some(font) = font {
            let middle = (left + inner.0 / 2.0, top + inner.1 / 2.0);
            let text = number::compact(*value, chart.unit);
            canvas.text(&text, middle, font, Theme::ink_on(fill), Anchor::Middle);
        }
    }
}

/// The letters of the values, if there is room for all.
fn cell_font(chart: &Chart, rows: &[Series], (width, height): (f32, f32)) -> Option<Font> {
    let values = rows.iter().flat_map(|row| row.values.iter().copied().flatten());
    let texts: Vec<String> = values.map(|value| number::compact(value, chart.unit)).collect();
    let fits = |size: &f32| {
        let font = Font::regular(*size);
        height >= size + 6.0 && frame::widest(texts.iter().map(String::as_str), font) + 8.0 <= width
    };
    [14.0, 13.0, 12.0, 11.0].into_iter().find(fits).map(Font::regular)
}

/// What the colours mean, in the upper right corner.
fn key(canvas: &mut Canvas, heat: Heat, unit: Unit) {
    const STEPS: u8 = 60;
    let (high, low) = (number::compact(heat.high, unit), number::compact(heat.low, unit));
    let ink = canvas.theme.muted();
    let right = WIDTH - MARGIN - LABEL.width(&high) - 10.0;
    let left = (right - 3.0 * f32::from(STEPS)).round();
    for step in 0..STEPS {
        let value = heat.low + (heat.high - heat.low) * f64::from(step) / f64::from(STEPS - 1);
        canvas.rectangle((left + 3.0 * f32::from(step), 62.0), 3.0, 12.0, heat.of(value));
    }
    canvas.text(&high, (right + 10.0, 68.0), LABEL, ink, Anchor::Start);
    canvas.text(&low, (left - 10.0, 68.0), LABEL, ink, Anchor::End);
}
