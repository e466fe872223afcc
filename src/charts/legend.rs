//! Names beside their colours, in one or two lines above the values.

use plotters::element::Rectangle;
use plotters::style::Color as _;
use plotters_backend::text_anchor::HPos;

use super::canvas::{CanvasError, Surface, WIDTH, units};
use super::font::Font;
use super::frame::{MARGIN, write};
use super::theme::Theme;

const FONT: Font = Font::regular(15.0);
const SWATCH: f32 = 13.0;
const LINE: f32 = 26.0;

/// Draws the names from `y` on; returns where the last line ends.
pub(super) fn draw(surface: &Surface<'_>, theme: Theme, names: &[&str], y: f32) -> Result<f32, CanvasError> {
    let most = room_of(names);
    let (mut x, mut y) = (MARGIN, y);
    for (index, name) in names.iter().enumerate() {
        let name = FONT.fit(name, most);
        let width = SWATCH + 8.0 + FONT.width(&name);
        if x > MARGIN && x + width > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + LINE);
        }
        let corners = [(x, y - SWATCH / 2.0), (x + SWATCH, y + SWATCH / 2.0)];
        let corners = corners.map(|(x, y)| (units(x), units(y)));
        surface.draw(&Rectangle::new(corners, theme.series(index).filled()))?;
        write(surface, &name, (x + SWATCH + 8.0, y), FONT, theme.ink(), HPos::Left)?;
        x += width + 24.0;
    }
    Ok(y + LINE / 2.0)
}

/// The most points that a name may take so that two lines suffice.
fn room_of(names: &[&str]) -> f32 {
    const MOST: f32 = 300.0;
    let line = WIDTH - 2.0 * MARGIN;
    let all: f32 = names.iter().map(|name| FONT.width(name).min(MOST) + SWATCH + 32.0).sum();
    let a_line = names.len().div_ceil(2).max(1) as f32;
    if all < 1.7 * line { MOST } else { (line / a_line - SWATCH - 32.0).min(MOST) }
}
