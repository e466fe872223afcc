//! A ring of a few parts of a whole: each with its name and share beside it, the whole in the middle.

use plotters::element::{PathElement, Pie};
use plotters::style::Color as _;
use plotters_backend::text_anchor::HPos;

use super::canvas::{CanvasError, HEIGHT, Surface, UNITS, WIDTH, units};
use super::font::Font;
use super::lines::apart;
use super::theme::Rgb;
use super::{Chart, frame, number};

const OUTER: f32 = 182.0;
const INNER: f32 = 104.0;
const TOP: f32 = 106.0;
/// Below this part of the whole, names do not fit beside each other at the top.
const SMALL: f64 = 0.08;
const NAME: Font = Font::semi_bold(16.0);
const VALUE: Font = Font::regular(15.0);

/// A part, and where its middle lies on the ring, in turns clockwise from the top.
struct Part<'a> {
    name: &'a str,
    value: f64,
    share: f64,
    turn: f32,
    ink: Rgb,
}

pub(super) fn draw(surface: &Surface<'_>, chart: &Chart, parts: &[(String, f64)]) -> Result<(), CanvasError> {
    let area = frame::header(surface, chart, &[])?;
    let middle = (WIDTH / 2.0, TOP + frame::size(&area).1 / 2.0);
    let whole: f64 = parts.iter().map(|(_, value)| value).sum();
    let parts = placed(chart, parts, whole);
    ring(surface, chart, &parts, middle)?;
    let (ink, muted) = (chart.theme.ink(), chart.theme.muted());
    let text = number::compact(whole, chart.unit);
    frame::write(surface, &text, (middle.0, middle.1 - 8.0), Font::semi_bold(27.0), ink, HPos::Center)?;
    frame::write(surface, "in total", (middle.0, middle.1 + 20.0), VALUE, muted, HPos::Center)?;
    let (right, left): (Vec<&Part<'_>>, _) = parts.iter().partition(|part| part.turn < 0.5);
    side(surface, chart, right, middle, 1.0)?;
    side(surface, chart, left, middle, -1.0)
}

/// The parts one after the other from the top, or turned so that many small ones lie at the left, beside their names.
fn placed<'a>(chart: &Chart, parts: &'a [(String, f64)], whole: f64) -> Vec<Part<'a>> {
    let share = |value: f64| if whole > 0.0 { value / whole } else { 0.0 };
    let small: Vec<f64> =
        parts.iter().map(|(_, value)| share(*value)).filter(|share| *share < SMALL).collect();
    let mut from = if small.len() < 2 { 0.0 } else { 0.75 + small.iter().sum::<f64>() / 2.0 };
    let part = |(index, (name, value)): (usize, &'a (String, f64))| {
        let share = share(*value);
        let turn = (from + share / 2.0).fract() as f32;
        from += share;
        Part { name, value: *value, share, turn, ink: chart.theme.series(index) }
    };
    parts.iter().enumerate().map(part).collect()
}

/// Draws the parts, with a line of the background between any two.
fn ring(
    surface: &Surface<'_>,
    chart: &Chart,
    parts: &[Part<'_>],
    middle: (f32, f32),
) -> Result<(), CanvasError> {
    let (centre, radius) = ((units(middle.0), units(middle.1)), f64::from(OUTER * UNITS));
    let sizes: Vec<f64> = parts.iter().map(|part| part.share).collect();
    let inks: Vec<Rgb> = parts.iter().map(|part| part.ink).collect();
    // Names are written at both sides, where they cannot overlap.
    let labels = vec![""; parts.len()];
    let mut pie = Pie::new(&centre, &radius, &sizes, &inks, &labels);
    let start = parts.first().map_or(0.0, |first| f64::from(first.turn) - first.share / 2.0);
    pie.start_angle(start * 360.0 - 90.0);
    pie.donut_hole(f64::from(INNER * UNITS));
    surface.draw(&pie)?;
    let line = chart.theme.background().stroke_width(units(2.0) as u32);
    for part in parts.iter().filter(|part| part.share > 0.0) {
        let turn = part.turn - part.share as f32 / 2.0;
        let ends = [INNER - 1.0, OUTER + 1.0].map(|radius| on(middle, turn, radius));
        surface.draw(&PathElement::new(ends.map(|(x, y)| (units(x), units(y))).to_vec(), line))?;
    }
    Ok(())
}

/// The labels of one side, from above to below, each with a line to its part.
fn side(
    surface: &Surface<'_>,
    chart: &Chart,
    mut parts: Vec<&Part<'_>>,
    middle: (f32, f32),
    towards: f32,
) -> Result<(), CanvasError> {
    let height = |part: &Part<'_>, radius| on(middle, part.turn, radius).1;
    parts.sort_by(|one, other| height(one, OUTER).total_cmp(&height(other, OUTER)));
    let wanted: Vec<f32> = parts.iter().map(|part| height(part, OUTER + 16.0)).collect();
    let places = apart(&wanted, 46.0, TOP + 10.0, HEIGHT - 66.0);
    let anchor = if towards > 0.0 { HPos::Left } else { HPos::Right };
    for (part, place) in parts.into_iter().zip(places) {
        let bend = on(middle, part.turn, OUTER + 16.0);
        let elbow = middle.0 + towards * (OUTER + 38.0);
        let path =
            [on(middle, part.turn, OUTER + 3.0), bend, (elbow, place)].map(|(x, y)| (units(x), units(y)));
        surface.draw(&PathElement::new(path.to_vec(), part.ink.stroke_width(units(1.4) as u32)))?;
        let at = elbow + towards * 8.0;
        let room = WIDTH / 2.0 - OUTER - 46.0 - frame::MARGIN;
        frame::write(surface, &NAME.fit(part.name, room), (at, place), NAME, chart.theme.ink(), anchor)?;
        let text = format!("{:.1}%  ·  {}", part.share * 100.0, number::compact(part.value, chart.unit));
        frame::write(surface, &text, (at, place + 21.0), VALUE, chart.theme.muted(), anchor)?;
    }
    Ok(())
}

/// A place on a circle; the angle in turns, clockwise from the top.
fn on((x, y): (f32, f32), turn: f32, radius: f32) -> (f32, f32) {
    let angle = turn * std::f32::consts::TAU;
    (x + angle.sin() * radius, y - angle.cos() * radius)
}
