//! Colours: two sets, light and dark, told apart by people who see colours differently too.

use tiny_skia::Color;

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
pub(super) type Rgb = (u8, u8, u8);

impl Theme {
    pub(super) const fn background(self) -> Rgb {
        match self {
            Self::Light => (255, 255, 255),
            Self::Dark => (22, 25, 31),
        }
    }

    /// Titles, values.
    pub(super) const fn ink(self) -> Rgb {
        match self {
            Self::Light => (28, 37, 48),
            Self::Dark => (238, 241, 245),
        }
    }

    /// Labels of axes, notes.
    pub(super) const fn muted(self) -> Rgb {
        match self {
            Self::Light => (84, 96, 110),
            Self::Dark => (168, 178, 190),
        }
    }

    pub(super) const fn grid(self) -> Rgb {
        match self {
            Self::Light => (229, 232, 237),
            Self::Dark => (44, 50, 60),
        }
    }

    /// The line that bars stand on.
    pub(super) const fn axis(self) -> Rgb {
        match self {
            Self::Light => (148, 158, 170),
            Self::Dark => (104, 114, 128),
        }
    }

    /// The colour of a series: Okabe and Ito's, darker or lighter until they stand out from the background.
    pub(super) fn series(self, index: usize) -> Rgb {
        const LIGHT: [Rgb; MOST_SERIES] = [
            (0, 104, 170),
            (213, 94, 0),
            (0, 146, 110),
            (176, 80, 150),
            (158, 118, 0),
            (42, 150, 205),
            (96, 72, 160),
            (110, 118, 128),
        ];
        const DARK: [Rgb; MOST_SERIES] = [
            (82, 168, 232),
            (242, 138, 72),
            (46, 196, 150),
            (226, 146, 200),
            (236, 190, 78),
            (146, 214, 248),
            (164, 140, 232),
            (160, 168, 178),
        ];
        let colours = match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        };
        colours.get(index % MOST_SERIES).copied().unwrap_or(self.ink())
    }

    /// From little (0) to much (1).
    pub(super) fn heat(self, share: f64) -> Rgb {
        const LIGHT: [Rgb; 5] =
            [(236, 243, 250), (178, 210, 235), (98, 164, 212), (28, 103, 172), (8, 48, 107)];
        const DARK: [Rgb; 5] = [(31, 40, 54), (30, 72, 112), (38, 116, 172), (98, 176, 226), (206, 233, 252)];
        between(if self == Self::Light { &LIGHT } else { &DARK }, share)
    }

    /// From far below zero (0) over zero (0.5) to far above it (1).
    pub(super) fn around_zero(self, share: f64) -> Rgb {
        const LIGHT: [Rgb; 5] =
            [(166, 62, 0), (238, 166, 106), (244, 245, 247), (126, 180, 220), (8, 72, 138)];
        const DARK: [Rgb; 5] = [(250, 172, 112), (158, 84, 36), (38, 44, 54), (34, 96, 148), (142, 206, 248)];
        between(if self == Self::Light { &LIGHT } else { &DARK }, share)
    }

    /// Ink that can be read on a colour.
    pub(super) fn ink_on(colour: Rgb) -> Rgb {
        // Nearly black: with the ink of titles, neither could be read on colours half way.
        let (dark, light) = ((8, 10, 14), Self::Light.background());
        if contrast(colour, dark) >= contrast(colour, light) { dark } else { light }
    }
}

pub(super) fn colour((red, green, blue): Rgb) -> Color {
    Color::from_rgba8(red, green, blue, 255)
}

/// A colour on a way through five.
fn between(way: &[Rgb; 5], share: f64) -> Rgb {
    let place = share.clamp(0.0, 1.0) * 4.0;
    let step = (place.floor() as usize).min(3);
    let part = place - step as f64;
    let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    match way.get(step..=step + 1) {
        Some([from, to]) => (mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2)),
        _ => way[4],
    }
}

/// How well two colours can be told apart, 1 to 21, as WCAG 2 defines it.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let light = |(red, green, blue): Rgb| {
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
