//! Colours: two sets, light and dark, told apart by people who see colours differently too.

use plotters::style::RGBColor;

/// Most series of a chart: more colours cannot be told apart.
pub const MOST_SERIES: usize = 8;

/// The background, and with it all colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near black.
    Dark,
}

/// Red, green, blue.
pub(super) type Rgb = RGBColor;

impl Theme {
    pub(super) const fn background(self) -> Rgb {
        match self {
            Self::Light => RGBColor(255, 255, 255),
            Self::Dark => RGBColor(22, 25, 31),
        }
    }

    /// Titles, values.
    pub(super) const fn ink(self) -> Rgb {
        match self {
            Self::Light => RGBColor(28, 37, 48),
            Self::Dark => RGBColor(238, 241, 245),
        }
    }

    /// Labels of axes, notes.
    pub(super) const fn muted(self) -> Rgb {
        match self {
            Self::Light => RGBColor(84, 96, 110),
            Self::Dark => RGBColor(168, 178, 190),
        }
    }

    pub(super) const fn grid(self) -> Rgb {
        match self {
            Self::Light => RGBColor(229, 232, 237),
            Self::Dark => RGBColor(44, 50, 60),
        }
    }

    /// The line that bars stand on.
    pub(super) const fn axis(self) -> Rgb {
        match self {
            Self::Light => RGBColor(148, 158, 170),
            Self::Dark => RGBColor(104, 114, 128),
        }
    }

    /// The colour of a series: Okabe and Ito's, darker or lighter until they stand out from the background.
    pub(super) fn series(self, index: usize) -> Rgb {
        const LIGHT: [Rgb; MOST_SERIES] = [
            RGBColor(0, 104, 170),
            RGBColor(213, 94, 0),
            RGBColor(0, 146, 110),
            RGBColor(176, 80, 150),
            RGBColor(158, 118, 0),
            RGBColor(42, 150, 205),
            RGBColor(96, 72, 160),
            RGBColor(110, 118, 128),
        ];
        const DARK: [Rgb; MOST_SERIES] = [
            RGBColor(82, 168, 232),
            RGBColor(242, 138, 72),
            RGBColor(46, 196, 150),
            RGBColor(226, 146, 200),
            RGBColor(236, 190, 78),
            RGBColor(146, 214, 248),
            RGBColor(164, 140, 232),
            RGBColor(160, 168, 178),
        ];
        let colours = match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        };
        colours.get(index % MOST_SERIES).copied().unwrap_or(self.ink())
    }

    /// From little (0) to much (1).
    pub(super) fn heat(self, share: f64) -> Rgb {
        const LIGHT: [Rgb; 5] = [
            RGBColor(236, 243, 250),
            RGBColor(178, 210, 235),
            RGBColor(98, 164, 212),
            RGBColor(28, 103, 172),
            RGBColor(8, 48, 107),
        ];
        const DARK: [Rgb; 5] = [
            RGBColor(31, 40, 54),
            RGBColor(30, 72, 112),
            RGBColor(38, 116, 172),
            RGBColor(98, 176, 226),
            RGBColor(206, 233, 252),
        ];
        between(if self == Self::Light { &LIGHT } else { &DARK }, share)
    }

    /// From far below zero (0) over zero (0.5) to far above it (1).
    pub(super) fn around_zero(self, share: f64) -> Rgb {
        const LIGHT: [Rgb; 5] = [
            RGBColor(166, 62, 0),
            RGBColor(238, 166, 106),
            RGBColor(244, 245, 247),
            RGBColor(126, 180, 220),
            RGBColor(8, 72, 138),
        ];
        const DARK: [Rgb; 5] = [
            RGBColor(250, 172, 112),
            RGBColor(158, 84, 36),
            RGBColor(38, 44, 54),
            RGBColor(34, 96, 148),
            RGBColor(142, 206, 248),
        ];
        between(if self == Self::Light { &LIGHT } else { &DARK }, share)
    }

    /// Ink that can be read on a colour.
    pub(super) fn ink_on(colour: Rgb) -> Rgb {
        // Nearly black: with the ink of titles, neither could be read on colours half way.
        let (dark, light) = (RGBColor(8, 10, 14), Self::Light.background());
        if contrast(colour, dark) >= contrast(colour, light) { dark } else { light }
    }
}

/// A colour on a way through five.
fn between(way: &[Rgb; 5], share: f64) -> Rgb {
    let place = share.clamp(0.0, 1.0) * 4.0;
    let step = (place.floor() as usize).min(3);
    let part = place - step as f64;
    let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    match way.get(step..=step + 1) {
        Some([from, to]) => RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2)),
        _ => way[4],
    }
}

/// How well two colours can be told apart, 1 to 21, as WCAG 2 defines it.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let light = |RGBColor(red, green, blue): Rgb| {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::{MOST_SERIES, Theme, contrast};

    #[test]
    fn text_can_be_read_and_series_stand_out_in_both_themes() {
        for theme in [Theme::Light, Theme::Dark] {
            let on = theme.background();
            assert!(contrast(theme.ink(), on) >= 7.0, "{theme:?}");
            assert!(contrast(theme.muted(), on) >= 4.5, "{theme:?}");
            for index in 0..MOST_SERIES {
                assert!(contrast(theme.series(index), on) >= 3.0, "{theme:?} {index}");
            }
        }
    }

    #[test]
    fn values_can_be_read_on_every_colour_of_a_heat_map() {
        for theme in [Theme::Light, Theme::Dark] {
            for step in 0..=100 {
                let share = f64::from(step) / 100.0;
                for colour in [theme.heat(share), theme.around_zero(share)] {
                    assert!(contrast(Theme::ink_on(colour), colour) >= 4.0, "{theme:?} {share}");
                }
            }
        }
    }
}
