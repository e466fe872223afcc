//! Points: how two measures go together.

use plotters::element::Circle;
use plotters::style::Color as _;
use plotters_backend::text_anchor::HPos;

use super::axis::Axis;
use super::canvas::{CanvasError, HEIGHT, Surface, WIDTH, units};
use super::frame::{self, Grid, LABEL, MARGIN};
use super::{Chart, Group, Positions};

/// Most marks on an axis of moments.
const MOST_MOMENTS: usize = 10;

pub(super) fn draw(
    surface: &Surface<'_>,
    chart: &Chart,
    name: &str,
    along: Positions,
    groups: &[Group],
) -> Result<(), CanvasError> {
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    let area = frame::header(surface, chart, if names.len() > 1 { &names } else { &[] })?;
    // Room for what the horizontal axis measures.
    let area = area.margin(0, units(26.0), 0, units(12.0));
    let all = || groups.iter().flat_map(|group| group.points.iter());
    let y = Axis::values(all().map(|(_, y)| *y), chart.unit, false);
    let x = across(all().map(|(x, _)| *x), along).padded(0.015, 0.015);
    let x = x.thinned(frame::size(&area).0 - frame::beside(&y), LABEL);
    frame::tell_beginning(surface, chart.theme, &y)?;
    let mut plotted = frame::plot(&area, chart.theme, (&x, &y), Grid::Both)?;
    let below = HEIGHT - if chart.note.is_empty() { 26.0 } else { 52.0 };
    let place = (WIDTH - MARGIN - 12.0, below);
    frame::write(surface, &LABEL.fit(name, 600.0), place, LABEL, chart.theme.muted(), HPos::Right)?;
    let (radius, cover) = look(all().count());
    for (index, group) in groups.iter().enumerate() {
        let fill = chart.theme.series(index).mix(cover).filled();
        plotted.draw_series(group.points.iter().map(|place| Circle::new(*place, units(radius), fill)))?;
    }
    Ok(())
}

/// The horizontal axis.
fn across(values: impl Iterator<Item = f64>, along: Positions) -> Axis {
    match along {
        Positions::Moments => Axis::places(&values.collect::<Vec<_>>(), along, MOST_MOMENTS),
        Positions::Numbers(unit) => Axis::values(values, unit, false),
    }
}

/// Radius and cover of a point: the more there are, the smaller, so that clusters show.
fn look(points: usize) -> (f32, f64) {
    match points {
        0..=60 => (6.0, 0.75),
        61..=500 => (4.5, 0.6),
        501..=2_000 => (3.4, 0.45),
        _ => (2.6, 0.3),
    }
}
