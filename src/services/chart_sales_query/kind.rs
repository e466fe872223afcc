//! The kinds of charts, and which one suits when nobody says.

use serde::Serialize;

use super::column::Holds;
use super::roles::Roles;
use super::words::unit;
use crate::charts::Unit;

/// Kinds of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Values along time or a scale.
    Line,
    /// Values to compare, side by side.
    Bar,
    /// Parts of several sums.
    StackedBar,
    /// A few parts of one whole.
    Pie,
    /// Two measures against each other.
    Scatter,
    /// A table in colours.
    Heatmap,
}

/// From here on in both directions, bars become a table in colours.
const MANY: usize = 6;

impl Kind {
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Line => "a line chart",
            Self::Bar => "a bar chart",
            Self::StackedBar => "a stacked bar chart",
            Self::Pie => "a pie",
            Self::Scatter => "a scatter chart",
            Self::Heatmap => "a heat map",
        }
    }

    /// The kind that suits what the columns hold.
    pub(super) fn fitting(roles: &Roles<'_>) -> Self {
        let (places, series) =
            (roles.x.different(), roles.series.map_or(1, super::column::Column::different));
        match roles.x.holds {
            Holds::Numbers if roles.series.is_none() && (roles.repeats() || !ascends(roles)) => Self::Scatter,
            Holds::Moments | Holds::Numbers if places > 3 => Self::Line,
            _ if series >= MANY && places >= MANY => Self::Heatmap,
            _ if series > 1 && roles.y.iter().all(|y| unit(&y.name) != Unit::Percent) => Self::StackedBar,
            _ => Self::Bar,
        }
    }
}

/// Numbers in their order are a scale, such as hours or years; others are measured.
fn ascends(roles: &Roles<'_>) -> bool {
    roles.x.cells.iter().filter_map(|cell| cell.number).is_sorted()
}
