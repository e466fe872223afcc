//! What plotters draws on: smooth edges by tiny-skia, letters of the embedded font.
//!
//! Plotters counts in whole units. A unit is an eighth of a point here, so that slanting lines do not step.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::font::{CAPITAL, Font};
use super::theme::Theme;

/// The size of a picture, in points.
pub(super) const WIDTH: f32 = 1000.0;
pub(super) const HEIGHT: f32 = 600.0;
/// Units of plotters in a point.
pub(super) const UNITS: f32 = 8.0;
/// Room between a text and the edge of the picture, in points.
const EDGE: f32 = 6.0;

/// A part of a picture that plotters draws on.
pub(super) type Surface<'a> = DrawingArea<Canvas<'a>, Shift>;
type Done = Result<(), DrawingErrorKind<CanvasError>>;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum CanvasError {
    /// The surface could not be made.
    #[error("no surface to draw on")]
    Surface,
    /// It could not be written.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(String),
    /// It could not be laid out.
    #[error("the chart cannot be laid out: {0}")]
    Layout(String),
}

impl From<DrawingAreaErrorKind<Self>> for CanvasError {
    fn from(error: DrawingAreaErrorKind<Self>) -> Self {
        Self::Layout(error.to_string())
    }
}

/// Units of plotters from points.
pub(super) fn units(points: f32) -> i32 {
    (points * UNITS).round() as i32
}

/// Points from units of plotters.
pub(super) fn points(units: i32) -> f32 {
    units as f32 / UNITS
}

/// The PNG of what `draw` draws on the background of a theme.
pub(super) fn picture(
    theme: Theme,
    draw: impl FnOnce(&Surface<'_>) -> Result<(), CanvasError>,
) -> Result<Vec<u8>, CanvasError> {
    let mut map = Pixmap::new(WIDTH as u32, HEIGHT as u32).ok_or(CanvasError::Surface)?;
    let surface = Canvas { map: &mut map }.into_drawing_area();
    surface.fill(&theme.background())?;
    draw(&surface)?;
    drop(surface);
    map.encode_png().map_err(|error| CanvasError::Png(error.to_string()))
}

/// A backend of plotters.
pub(super) struct Canvas<'a> {
    map: &'a mut Pixmap,
}

impl Canvas<'_> {
    fn fill(&mut self, path: Option<&Path>, colour: BackendColor) {
        if let Some(path) = path {
            let (paint, still) = (paint(colour), Transform::identity());
            self.map.fill_path(path, &paint, FillRule::Winding, still, None);
        }
    }

    /// Fills from edge to edge. The edges of what is large lie on whole points, so that they are not blurred.
    fn rectangle(&mut self, (x1, y1): (f32, f32), (x2, y2): (f32, f32), least: f32, colour: BackendColor) {
        let sharp = |low: f32, high: f32| {
            if high - low >= 6.0 { (low.round(), high.round()) } else { (low, high.max(low + least)) }
        };
        let ((left, right), (top, bottom)) = (sharp(x1.min(x2), x1.max(x2)), sharp(y1.min(y2), y1.max(y2)));
        if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
            self.map.fill_rect(rect, &paint(colour), Transform::identity(), None);
        }
    }

    /// A line along an axis, on whole points.
    fn rule(&mut self, (x1, y1): (f32, f32), (x2, y2): (f32, f32), width: f32, colour: BackendColor) {
        let width = width.round().max(1.0);
        let (left, top) = (x1.min(x2).round(), y1.min(y2).round());
        let (right, bottom) = (x1.max(x2).round().max(left + width), y1.max(y2).round().max(top + width));
        self.rectangle((left, top), (right, bottom), width, colour);
    }

    fn stroke(&mut self, places: &[(f32, f32)], width: f32, colour: BackendColor) {
        if colour.alpha == 0.0 {
            return;
        }
        if let [one, other] = places
            && (one.0 - other.0 == 0.0 || one.1 - other.1 == 0.0)
        {
            return self.rule(*one, *other, width, colour);
        }
        let look =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        if let Some(path) = path(places, false) {
            self.map.stroke_path(&path, &paint(colour), &look, Transform::identity(), None);
        }
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        (units(WIDTH) as u32, units(HEIGHT) as u32)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, place: BackendCoord, colour: BackendColor) -> Done {
        let at = place_of(place);
        self.rectangle(at, at, 1.0 / UNITS, colour);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        one: BackendCoord,
        other: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        if fill {
            self.rectangle(place_of(one), place_of(other), 0.8, style.color());
            return Ok(());
        }
        self.draw_path([one, (other.0, one.1), other, (one.0, other.1), one], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        let places: Vec<_> = path.into_iter().map(place_of).collect();
        self.stroke(&places, style.stroke_width() as f32 / UNITS, style.color());
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        middle: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Done {
        let (x, y) = place_of(middle);
        self.fill(PathBuilder::from_circle(x, y, radius as f32 / UNITS).as_ref(), style.color());
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Done {
        let places: Vec<_> = corners.into_iter().map(place_of).collect();
        self.fill(path(&places, true).as_ref(), style.color());
        Ok(())
    }

    /// One line of text, moved where it would leave the picture.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, place: BackendCoord) -> Done {
        let (font, (x, y), anchor) = (Font::of(style), place_of(place), style.anchor());
        let width = font.width(text);
        let left = match anchor.h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2.0,
            HPos::Right => x - width,
        };
        let below = match anchor.v_pos {
            VPos::Top => 1.0,
            VPos::Center => 0.5,
            VPos::Bottom => 0.0,
        };
        let left = left.min(WIDTH - EDGE - width).max(EDGE);
        let base = (y + font.size * CAPITAL * below).round();
        self.fill(font.outline(text, left, base).as_ref(), style.color());
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<CanvasError>> {
        let font = Font::of(style);
        Ok((units(font.width(text)) as u32, units(font.size * CAPITAL) as u32))
    }
}

fn place_of((x, y): BackendCoord) -> (f32, f32) {
    (points(x), points(y))
}

fn path(places: &[(f32, f32)], close: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, &(x, y)) in places.iter().enumerate() {
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if close {
        path.close();
    }
    path.finish()
}

fn paint(colour: BackendColor) -> Paint<'static> {
    let (red, green, blue) = colour.rgb;
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, (colour.alpha.clamp(0.0, 1.0) * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}
