//! Letters: the outlines of an embedded font, as wide as they are drawn.

use std::sync::LazyLock;

use plotters::style::{FontDesc, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendTextStyle, FontFamily, FontStyle};
use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::canvas::UNITS;
use super::theme::Rgb;

const REGULAR: &[u8] = include_bytes!("font/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("font/Inter-SemiBold.otf");

/// The height of a capital letter, in sizes.
pub(super) const CAPITAL: f32 = 0.7273;

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// A size in points, and a weight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Font {
    pub(super) size: f32,
    pub(super) weight: Weight,
}

impl Font {
    pub(super) const fn regular(size: f32) -> Self {
        Self { size, weight: Weight::Regular }
    }

    pub(super) const fn semi_bold(size: f32) -> Self {
        Self { size, weight: Weight::SemiBold }
    }

    /// What plotters calls this font in a colour, centred on the place in height.
    pub(super) fn style(self, ink: Rgb, side: HPos) -> TextStyle<'static> {
        let weight = if self.weight == Weight::SemiBold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::SansSerif, f64::from(self.size * UNITS), weight);
        font.color(&ink).pos(Pos::new(side, VPos::Center))
    }

    /// The font that a style of plotters means.
    pub(super) fn of(style: &impl BackendTextStyle) -> Self {
        let size = style.size() as f32 / UNITS;
        match style.style() {
            FontStyle::Bold => Self::semi_bold(size),
            _ => Self::regular(size),
        }
    }

    /// How many points wide a text is.
    pub(super) fn width(self, text: &str) -> f32 {
        let Some(face) = self.face() else { return 0.0 };
        let units: u32 = text.chars().map(|c| u32::from(advance(face, glyph(face, c)))).sum();
        units as f32 * self.scale(face)
    }

    /// The text, or its beginning with an ellipsis that is at most so many points wide.
    pub(super) fn fit(self, text: &str, most: f32) -> String {
        if self.width(text) <= most {
            return text.to_owned();
        }
        let room = most - self.width("…");
        let mut end = 0;
        for (at, c) in text.char_indices() {
            let after = at + c.len_utf8();
            if text.get(..after).is_none_or(|text| self.width(text) > room) {
                break;
            }
            end = after;
        }
        format!("{}…", text.get(..end).unwrap_or_default().trim_end())
    }

    /// The outline of a text whose base line begins at a place.
    pub(super) fn outline(self, text: &str, left: f32, base: f32) -> Option<Path> {
        let face = self.face()?;
        let scale = self.scale(face);
        let mut pen = Pen { path: PathBuilder::new(), shift: 0.0 };
        for c in text.chars() {
            let glyph = glyph(face, c);
            face.outline_glyph(glyph, &mut pen);
            pen.shift += f32::from(advance(face, glyph));
        }
        pen.path.finish()?.transform(Transform::from_row(scale, 0.0, 0.0, -scale, left, base))
    }

    fn face(self) -> Option<&'static Face<'static>> {
        static FACES: LazyLock<[Option<Face<'static>>; 2]> =
            LazyLock::new(|| [REGULAR, SEMI_BOLD].map(|font| Face::parse(font, 0).ok()));
        let [regular, semi_bold] = &*FACES;
        match self.weight {
            Weight::Regular => regular.as_ref(),
            Weight::SemiBold => semi_bold.as_ref(),
        }
    }

    fn scale(self, face: &Face<'_>) -> f32 {
        self.size / f32::from(face.units_per_em())
    }
}

/// The glyph of a character; an empty box for those that the font lacks.
fn glyph(face: &Face<'_>, c: char) -> GlyphId {
    let c = if c.is_control() || c.is_whitespace() { ' ' } else { c };
    face.glyph_index(c).or_else(|| face.glyph_index('□')).unwrap_or_default()
}

fn advance(face: &Face<'_>, glyph: GlyphId) -> u16 {
    face.glyph_hor_advance(glyph).unwrap_or_default()
}

/// Takes outlines down, one letter after the other.
struct Pen {
    path: PathBuilder,
    shift: f32,
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(x + self.shift, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(x + self.shift, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(x1 + self.shift, y1, x + self.shift, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(x1 + self.shift, y1, x2 + self.shift, y2, x + self.shift, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::Font;

    #[test]
    fn a_long_text_is_cut_to_its_room_at_a_character() {
        let font = Font::regular(15.0);
        assert_eq!(font.fit("Paint", 100.0), "Paint");
        let cut = font.fit("Électrique très long, plus long que la place", 90.0);
        assert!(cut.ends_with('…') && font.width(&cut) <= 90.0 && font.width(&cut) > 60.0, "{cut}");
        assert_eq!(font.fit("Paint", 1.0), "…");
    }

    #[test]
    fn both_fonts_have_outlines_and_a_box_stands_for_what_they_lack() {
        for font in [Font::regular(15.0), Font::semi_bold(15.0)] {
            for text in ["$1.2M", "Ünïcödé", "Инструменты", "漢", "−5 %"] {
                assert!(font.width(text) > 5.0 && font.outline(text, 0.0, 20.0).is_some(), "{text}");
            }
        }
    }
}
