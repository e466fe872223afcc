//! The surface: rectangles, lines, dots, wedges and words, in points from the upper left corner.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

use super::font::{Font, HALF_CAPITAL};
use super::theme::{Rgb, Theme, colour};

pub(super) const WIDTH: f32 = 1000.0;
pub(super) const HEIGHT: f32 = 600.0;

/// A place: across and down.
pub(super) type Place = (f32, f32);

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum CanvasError {
    /// The surface could not be made.
    #[error("no surface to draw on")]
    Surface,
    /// It could not be written.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(String),
}

/// Which end of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A surface in the colours of a theme.
pub(super) struct Canvas {
    map: Pixmap,
    pub(super) theme: Theme,
}

impl Canvas {
    pub(super) fn new(theme: Theme) -> Result<Self, CanvasError> {
        let mut map = Pixmap::new(WIDTH as u32, HEIGHT as u32).ok_or(CanvasError::Surface)?;
        map.fill(colour(theme.background()));
        Ok(Self { map, theme })
    }

    /// A filled rectangle; nothing when it has no area.
    pub(super) fn rectangle(&mut self, (left, top): Place, width: f32, height: f32, fill: Rgb) {
        if let Some(rect) = Rect::from_xywh(left, top, width, height) {
            self.map.fill_rect(rect, &paint(fill, 1.0), Transform::identity(), None);
        }
    }

    /// A line through all places, with round corners.
    pub(super) fn line(&mut self, places: &[Place], width: f32, ink: Rgb) {
        let mut path = PathBuilder::new();
        for (index, &(x, y)) in places.iter().enumerate() {
            if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        if let Some(path) = path.finish() {
            self.map.stroke_path(&path, &paint(ink, 1.0), &stroke, Transform::identity(), None);
        }
    }

    /// A thin line along whole points, so that it is not blurred.
    pub(super) fn rule(&mut self, (left, top): Place, (right, bottom): Place, ink: Rgb) {
        let (left, top) = (left.round(), top.round());
        self.rectangle((left, top), (right.round() - left).max(1.0), (bottom.round() - top).max(1.0), ink);
    }

    /// A dot; `cover` is from 0, see-through, to 1.
    pub(super) fn dot(&mut self, (x, y): Place, radius: f32, fill: Rgb, cover: f32) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.fill(&path, fill, cover);
        }
    }

    /// A part of a ring around a place; angles in turns, clockwise from the top.
    pub(super) fn wedge(&mut self, (x, y): Place, radii: (f32, f32), turns: (f32, f32), fill: Rgb) {
        let (inner, outer) = radii;
        let on = |turn: f32, radius: f32| {
            let angle = turn * std::f32::consts::TAU;
            (x + angle.sin() * radius, y - angle.cos() * radius)
        };
        // A circle in steps so small that nobody sees them.
        let steps = ((turns.1 - turns.0).abs() * 720.0).ceil().max(1.0);
        let turn = |step: f32| turns.0 + (turns.1 - turns.0) * step / steps;
        let there = (0..=steps as u32).map(|step| on(turn(step as f32), outer));
        let back = (0..=steps as u32).rev().map(|step| on(turn(step as f32), inner));
        let mut path = PathBuilder::new();
        for (index, (x, y)) in there.chain(back).enumerate() {
            if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        path.close();
        if let Some(path) = path.finish() {
            self.fill(&path, fill, 1.0);
        }
    }

    /// One line of text; `y` is the middle of its capitals.
    pub(super) fn text(&mut self, text: &str, (x, y): Place, font: Font, ink: Rgb, anchor: Anchor) {
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - font.width(text) / 2.0,
            Anchor::End => x - font.width(text),
        };
        let base = (y + font.size * HALF_CAPITAL).round();
        if let Some(path) = font.outline(text, left, base) {
            self.fill(&path, ink, 1.0);
        }
    }

    fn fill(&mut self, path: &Path, fill: Rgb, cover: f32) {
        let everywhere: Option<&Mask> = None;
        self.map.fill_path(path, &paint(fill, cover), FillRule::Winding, Transform::identity(), everywhere);
    }

    pub(super) fn png(&self) -> Result<Vec<u8>, CanvasError> {
        self.map.encode_png().map_err(|error| CanvasError::Png(error.to_string()))
    }
}

fn paint((red, green, blue): Rgb, cover: f32) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, (cover.clamp(0.0, 1.0) * 255.0) as u8);
    paint.anti_alias = true;
    paint
}
