//! The drawing room: plain values in, a PNG out. It knows no protocol, no database and no shop.
//!
//! A picture has 1000 by 600 points, its own background and its own font, so that it looks the same in every client and
//! on every machine. Plotters lays it out: `axis.rs` gives it coordinates, `canvas.rs` is what it draws on. [`draw`] blocks
//! while it draws: call it where that harms nobody.
#![expect(clippy::disallowed_types, reason = "the one room that draws")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "places in a picture: small numbers, and a fraction of a point more or less"
)]

mod axis;
mod bars;
mod calendar;
mod canvas;
mod font;
mod frame;
mod heat_map;
mod legend;
mod lines;
mod number;
mod pie;
mod scatter;
mod theme;

pub use self::calendar::labels;
pub use self::canvas::CanvasError;
pub use self::number::{Unit, compact};
pub use self::theme::{MOST_SERIES, Theme};

/// A picture to be drawn.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it shows, in the first line.
    pub title: String,
    /// What is measured, in the second line.
    pub subtitle: String,
    /// What to know about it, in the last line; may be empty.
    pub note: String,
    /// Light or dark.
    pub theme: Theme,
    /// What the values are.
    pub unit: Unit,
    /// The values.
    pub plot: Plot,
}

/// The kinds of charts, with their values. `None` is a value that is not known.
#[derive(Clone, Debug)]
pub enum Plot {
    /// Values along an axis, joined.
    Lines {
        /// The axis.
        along: Along,
        /// At most [`MOST_SERIES`].
        series: Vec<Series>,
    },
    /// Bars beside or upon each other, from zero.
    Bars {
        /// What the bars are of.
        labels: Vec<Label>,
        /// At most [`MOST_SERIES`].
        series: Vec<Series>,
        /// Upon each other.
        stacked: bool,
    },
    /// Parts of a whole, from the largest on; none is negative.
    Pie(Vec<(String, f64)>),
    /// Points.
    Points {
        /// What the horizontal axis measures; it stands below it.
        x: String,
        /// Whether `x` is moments, and else its unit.
        along: Positions,
        /// At most [`MOST_SERIES`].
        groups: Vec<Group>,
    },
    /// A coloured table.
    HeatMap {
        /// Above each column.
        columns: Vec<Label>,
        /// Each row with its name and one value for each column.
        rows: Vec<Series>,
    },
}

/// What lies along the horizontal axis of lines.
#[derive(Clone, Debug)]
pub enum Along {
    /// Names in their order.
    Names(Vec<Label>),
    /// Places on a scale, ascending.
    Places(Positions, Vec<f64>),
}

/// What a place on a horizontal scale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Positions {
    /// Seconds since the beginning of 1970.
    Moments,
    /// Numbers.
    Numbers(Unit),
}

/// A name on an axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The name.
    pub text: String,
    /// What stands below it, where it changes: the year of a month.
    pub below: String,
}

/// Named values, one for each place.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name; empty when there is only one.
    pub name: String,
    /// The values.
    pub values: Vec<Option<f64>>,
}

/// Named points.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name; empty when there is only one.
    pub name: String,
    /// Across and up.
    pub points: Vec<(f64, f64)>,
}

/// Draws a chart.
///
/// # Errors
///
/// [`CanvasError`] when there is no memory for the picture or it cannot be written.
pub fn draw(chart: &Chart) -> Result<Vec<u8>, CanvasError> {
    canvas::picture(chart.theme, |surface| match &chart.plot {
        Plot::Lines { along, series } => lines::draw(surface, chart, along, series),
        Plot::Bars { labels, series, stacked } => bars::draw(surface, chart, labels, series, *stacked),
        Plot::Pie(parts) => pie::draw(surface, chart, parts),
        Plot::Points { x, along, groups } => scatter::draw(surface, chart, x, *along, groups),
        Plot::HeatMap { columns, rows } => heat_map::draw(surface, chart, columns, rows),
    })
}
