//! A table in colours: the darker (in the dark theme, the lighter) the more; around zero in two colours.

use plotters::element::Rectangle;
use plotters::style::Color as _;
use plotters_backend::text_anchor::HPos;

use super::axis::{Axis, range};
use super::canvas::{CanvasError, Surface, WIDTH, units};
use super::font::Font;
use super::frame::{self, Grid, LABEL, MARGIN, Plotted};
use super::theme::{Rgb, Theme};
use super::{Chart, Label, Series, Unit, number};

const MOST_NAME: f32 = 220.0;
/// The highest that a row is drawn.
const HIGHEST: f32 = 64.0;

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

pub(super) fn draw(
    surface: &Surface<'_>,
    chart: &Chart,
    columns: &[Label],
    rows: &[Series],
) -> Result<(), CanvasError> {
    let area = frame::header(surface, chart, &[])?;
    let (low, high) = range(rows.iter().flat_map(|row| row.values.iter().copied().flatten()));
    let heat = Heat { low, high, theme: chart.theme };
    key(surface, heat, chart.unit)?;
    let name = |row: &Series| Label { text: LABEL.fit(&row.name, MOST_NAME), below: String::new() };
    let y = Axis::names(&rows.iter().map(name).collect::<Vec<_>>()).turned();
    let x = Axis::names(columns);
    let (width, height) = frame::size(&area);
    let (width, height) = (width - frame::beside(&y), height - frame::below(&x));
    let used = height.min(HIGHEST * rows.len() as f32);
    let cell = (width / columns.len().max(1) as f32, used / rows.len().max(1) as f32);
    let area = area.margin(0, units(height - used), 0, 0);
    let mut plotted = frame::plot(&area, chart.theme, (&x.thinned(width, LABEL), &y), Grid::None)?;
    let font = cell_font(chart, rows, cell);
    for (index, row) in rows.iter().enumerate() {
        cells(&mut plotted, row, index, heat, cell)?;
        if let Some(font) = font {
            values(surface, chart, &plotted, row, index, heat, font)?;
        }
    }
    Ok(())
}

/// One row of cells; a value that is missing leaves an outline.
fn cells(
    plotted: &mut Plotted<'_, '_>,
    row: &Series,
    index: usize,
    heat: Heat,
    (width, height): (f32, f32),
) -> Result<(), CanvasError> {
    let gap = units(if width.min(height) > 10.0 { 1.0 } else { 0.25 }) as u32;
    let cells = row.values.iter().enumerate().map(|(at, value)| {
        let (x, y) = (at as f64, index as f64);
        let look = match value {
            Some(value) => heat.of(*value).filled(),
            None => heat.theme.grid().stroke_width(units(1.0) as u32),
        };
        let mut cell = Rectangle::new([(x - 0.5, y - 0.5), (x + 0.5, y + 0.5)], look);
        cell.set_margin(gap, gap, gap, gap);
        cell
    });
    plotted.draw_series(cells)?;
    Ok(())
}

/// The values in their cells.
fn values(
    surface: &Surface<'_>,
    chart: &Chart,
    plotted: &Plotted<'_, '_>,
    row: &Series,
    index: usize,
    heat: Heat,
    font: Font,
) -> Result<(), CanvasError> {
    for (at, value) in row.values.iter().enumerate() {
        let Some(value) = value else { continue };
        let style = font.style(Theme::ink_on(heat.of(*value)), HPos::Center);
        let place = plotted.backend_coord(&(at as f64, index as f64));
        surface.draw_text(&number::compact(*value, chart.unit), &style, place)?;
    }
    Ok(())
}

/// The letters of the values, if there is room for all.
fn cell_font(chart: &Chart, rows: &[Series], (width, height): (f32, f32)) -> Option<Font> {
    let values = rows.iter().flat_map(|row| row.values.iter().copied().flatten());
    let texts: Vec<String> = values.map(|value| number::compact(value, chart.unit)).collect();
    let fits = |size: &f32| {
        let font = Font::regular(*size);
        let widest = texts.iter().map(|text| font.width(text)).fold(0.0, f32::max);
        height >= size + 6.0 && widest + 8.0 <= width
    };
    [14.0, 13.0, 12.0, 11.0].into_iter().find(fits).map(Font::regular)
}

/// What the colours mean, in the upper right corner.
fn key(surface: &Surface<'_>, heat: Heat, unit: Unit) -> Result<(), CanvasError> {
    const STEPS: u8 = 60;
    let (high, low) = (number::compact(heat.high, unit), number::compact(heat.low, unit));
    let ink = heat.theme.muted();
    let right = WIDTH - MARGIN - LABEL.width(&high) - 10.0;
    let left = (right - 3.0 * f32::from(STEPS)).round();
    for step in 0..STEPS {
        let value = heat.low + (heat.high - heat.low) * f64::from(step) / f64::from(STEPS - 1);
        let from = left + 3.0 * f32::from(step);
        let corners = [(units(from), units(62.0)), (units(from + 3.0), units(74.0))];
        surface.draw(&Rectangle::new(corners, heat.of(value).filled()))?;
    }
    frame::write(surface, &high, (right + 10.0, 68.0), LABEL, ink, HPos::Left)?;
    frame::write(surface, &low, (left - 10.0, 68.0), LABEL, ink, HPos::Right)
}
