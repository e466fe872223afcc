//! What stands around the values: title, note, and the coordinates of plotters with labels and grid in our colours.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::element::PathElement;
use plotters::style::Color as _;
use plotters::style::colors::TRANSPARENT;
use plotters_backend::text_anchor::HPos;

use super::axis::Axis;
use super::canvas::{Canvas, CanvasError, HEIGHT, Surface, WIDTH, points, units};
use super::font::Font;
use super::theme::{Rgb, Theme};
use super::{Chart, Series, legend};

/// Room at all four sides.
pub(super) const MARGIN: f32 = 28.0;
/// Labels of axes and values.
pub(super) const LABEL: Font = Font::regular(15.0);
/// The years below months, the days below hours.
const BELOW: Font = Font::semi_bold(14.0);
/// Between an axis and its labels.
const AWAY: f32 = 12.0;

/// A chart with two axes, ready for its series.
pub(super) type Plotted<'a, 's> = ChartContext<'a, Canvas<'s>, Cartesian2d<Axis, Axis>>;

/// Which lines of the grid are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grid {
    None,
    Lying,
    Upright,
    Both,
}

/// Writes one line of text; `place` is in points, its height the middle of the capitals.
pub(super) fn write(
    surface: &Surface<'_>,
    text: &str,
    (x, y): (f32, f32),
    font: Font,
    ink: Rgb,
    side: HPos,
) -> Result<(), CanvasError> {
    surface.draw_text(text, &font.style(ink, side), (units(x), units(y)))?;
    Ok(())
}

/// Writes title, subtitle, legend and note; returns what is left between them.
pub(super) fn header<'s>(
    surface: &Surface<'s>,
    chart: &Chart,
    legend: &[&str],
) -> Result<Surface<'s>, CanvasError> {
    let (ink, muted) = (chart.theme.ink(), chart.theme.muted());
    let room = WIDTH - 2.0 * MARGIN;
    let (title, line, small) = (Font::semi_bold(23.0), Font::regular(16.0), Font::regular(14.0));
    write(surface, &title.fit(&chart.title, room), (MARGIN, 38.0), title, ink, HPos::Left)?;
    write(surface, &line.fit(&chart.subtitle, room), (MARGIN, 68.0), line, muted, HPos::Left)?;
    let mut below = MARGIN - 4.0;
    if !chart.note.is_empty() {
        let place = (MARGIN, HEIGHT - 20.0);
        write(surface, &small.fit(&chart.note, room), place, small, muted, HPos::Left)?;
        below = 44.0;
    }
    let top =
        if legend.is_empty() { 106.0 } else { legend::draw(surface, chart.theme, legend, 100.0)? + 18.0 };
    Ok(surface.margin(units(top), units(below), units(MARGIN), units(MARGIN)))
}

/// The names for a legend: none when there is nothing to tell apart.
pub(super) fn names(series: &[Series]) -> Vec<&str> {
    if series.len() < 2 { Vec::new() } else { series.iter().map(|series| series.name.as_str()).collect() }
}

/// The width and height of a part of a picture, in points.
pub(super) fn size(area: &Surface<'_>) -> (f32, f32) {
    let (width, height) = area.dim_in_pixel();
    (points(width.cast_signed()), points(height.cast_signed()))
}

/// The points that labels at the left of an axis take.
pub(super) fn beside(y: &Axis) -> f32 {
    if y.marks.is_empty() { 0.0 } else { y.widest(LABEL) + AWAY }
}

/// The points that labels below an axis take.
pub(super) fn below(x: &Axis) -> f32 {
    match x.marks.iter().any(|(_, label)| !label.below.is_empty()) {
        _ if x.marks.is_empty() => 6.0,
        true => 48.0,
        false => 28.0,
    }
}

/// Draws axes and grid in an area.
pub(super) fn plot<'a, 's>(
    area: &'a Surface<'s>,
    theme: Theme,
    (x, y): (&Axis, &Axis),
    grid: Grid,
) -> Result<Plotted<'a, 's>, CanvasError> {
    let mut plotted = ChartBuilder::on(area)
        .x_label_area_size(units(below(x)))
        .y_label_area_size(units(beside(y)))
        .build_cartesian_2d(x.clone(), y.clone())?;
    let mut mesh = plotted.configure_mesh();
    // Without axes there would be no labels: they are there, but cannot be seen.
    mesh.axis_style(TRANSPARENT).max_light_lines(0).set_all_tick_mark_size(units(AWAY / 2.0));
    if !matches!(grid, Grid::Lying | Grid::Both) {
        mesh.disable_y_mesh();
    }
    if !matches!(grid, Grid::Upright | Grid::Both) {
        mesh.disable_x_mesh();
    }
    mesh.bold_line_style(theme.grid().stroke_width(units(1.0) as u32))
        .label_style(LABEL.style(theme.muted(), HPos::Left))
        .draw()?;
    write_below(area, theme, x, &plotted)?;
    Ok(plotted)
}

/// Writes what stands below the labels of an axis, where it changes.
fn write_below(
    area: &Surface<'_>,
    theme: Theme,
    x: &Axis,
    plotted: &Plotted<'_, '_>,
) -> Result<(), CanvasError> {
    let style = BELOW.style(theme.muted(), HPos::Center);
    let (left, top) = area.get_base_pixel();
    let foot = plotted.plotting_area().get_pixel_range().1.end;
    let mut last = "";
    for (mark, label) in &x.marks {
        if label.below != last {
            let across = plotted.plotting_area().map_coordinate(&(*mark, 0.0)).0;
            area.draw_text(&label.below, &style, (across - left, foot - top + units(38.0)))?;
            last = &label.below;
        }
    }
    Ok(())
}

/// A line of the axis' colour between two places, over the feet of bars.
pub(super) fn axis_line(
    plotted: &Plotted<'_, '_>,
    theme: Theme,
    ends: [(f64, f64); 2],
) -> Result<(), CanvasError> {
    let look = theme.axis().stroke_width(units(1.0) as u32);
    plotted.plotting_area().draw(&PathElement::new(ends.to_vec(), look))?;
    Ok(())
}

/// Says so in the upper right corner when an axis of values does not begin at zero.
pub(super) fn tell_beginning(surface: &Surface<'_>, theme: Theme, values: &Axis) -> Result<(), CanvasError> {
    let Some((_, label)) = values.marks.first().filter(|(first, _)| *first > 0.0) else { return Ok(()) };
    let text = format!("The axis begins at {}", label.text);
    write(surface, &text, (WIDTH - MARGIN, 68.0), LABEL, theme.muted(), HPos::Right)
}
