//! A ring of a few parts of a whole: each with its name and share beside it, the whole in the middle.

use super::canvas::{Anchor, Canvas, WIDTH};
use super::font::Font;
use super::lines::apart;
use super::{Chart, frame, number};

const OUTER: f32 = 182.0;
const INNER: f32 = 104.0;
const NAME: Font = Font::semi_bold(16.0);
const VALUE: Font = Font::regular(15.0);

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, parts: &[(String, f64)]) {
    let area = frame::header(canvas, chart, &[]);
    let middle = (WIDTH / 2.0, f32::midpoint(area.top, area.bottom));
    let whole: f64 = parts.iter().map(|(_, value)| value).sum();
    let mut from = 0.0;
    let mut labels = Vec::new();
    for (index, (_, value)) in parts.iter().enumerate() {
        let share = if whole > 0.0 { value / whole } else { 0.0 };
        let turns = (from as f32, (from + share) as f32);
        // A line of the background between two parts.
        let gap = if parts.len() > 1 { 0.0016_f32.min(share as f32 / 4.0) } else { 0.0 };
        let fill = canvas.theme.series(index);
        canvas.wedge(middle, (INNER, OUTER), (turns.0 + gap, turns.1 - gap), fill);
        labels.push((index, f32::midpoint(turns.0, turns.1), share));
        from += share;
    }
    let ink = (canvas.theme.ink(), canvas.theme.muted());
    let place = (middle.0, middle.1 - 8.0);
    canvas.text(&number::compact(whole, chart.unit), place, Font::semi_bold(27.0), ink.0, Anchor::Middle);
    canvas.text("in total", (middle.0, middle.1 + 20.0), VALUE, ink.1, Anchor::Middle);
    let (right, left) = labels.into_iter().partition(|(_, turn, _)| *turn < 0.5);
    side(canvas, chart, parts, right, middle, 1.0, area);
    side(canvas, chart, parts, left, middle, -1.0, area);
}

/// The labels of one side, from above to below, each with a line to its part.
fn side(
    canvas: &mut Canvas,
    chart: &Chart,
    parts: &[(String, f64)],
    mut labels: Vec<(usize, f32, f64)>,
    (x, y): (f32, f32),
    towards: f32,
    area: frame::Area,
) {
    let on = |turn: f32, radius: f32| {
        let angle = turn * std::f32::consts::TAU;
        (x + angle.sin() * radius, y - angle.cos() * radius)
    };
    labels.sort_by(|(_, one, _), (_, other, _)| on(*one, 1.0).1.total_cmp(&on(*other, 1.0).1));
    let wanted: Vec<f32> = labels.iter().map(|(_, turn, _)| on(*turn, OUTER + 20.0).1).collect();
    let places = apart(&wanted, 46.0, area.top + 10.0, area.bottom - 22.0);
    let anchor = if towards > 0.0 { Anchor::Start } else { Anchor::End };
    for ((index, turn, share), place) in labels.into_iter().zip(places) {
        let Some((name, value)) = parts.get(index) else { continue };
        let (ink, muted, line) = (canvas.theme.ink(), canvas.theme.muted(), canvas.theme.series(index));
        let elbow = (x + towards * (OUTER + 30.0), place);
        canvas.line(&[on(turn, OUTER + 3.0), (on(turn, OUTER + 18.0).0, place), elbow], 1.4, line);
        let at = elbow.0 + towards * 8.0;
        let room = WIDTH / 2.0 - OUTER - 38.0 - frame::MARGIN;
        canvas.text(&NAME.fit(name, room), (at, place), NAME, ink, anchor);
        let text = format!("{:.1}%  ·  {}", share * 100.0, number::compact(*value, chart.unit));
        canvas.text(&text, (at, place + 21.0), VALUE, muted, anchor);
    }
}
