//! The figures of a review, found by what they are of.

use crate::database::{Line, Performance, Totals};
use crate::services::period::Period;

/// The stretches of a review, in the order of the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// The period that was asked for.
    Now = 1,
    /// The one before.
    Before = 2,
    /// The same a year earlier.
    YearBefore = 3,
    /// The one before that.
    BeforeYearBefore = 4,
}

/// What a review is about, and what the database says of it.
pub(super) struct Facts<'a> {
    /// The period.
    pub(super) period: &'a Period,
    /// The figures.
    pub(super) figures: &'a Performance,
    /// Whether the figures are of several stores.
    pub(super) several_stores: bool,
}

impl<'a> Facts<'a> {
    /// Orders and customers of a stretch.
    pub(super) fn totals(&self, span: Span) -> Option<&'a Totals> {
        self.figures.totals.get(span as usize - 1)
    }

    /// All lines of a stretch; `None` when it has none.
    pub(super) fn all(&self, span: Span) -> Option<&'a Line> {
        self.lines("all", span).next()
    }

    /// A category's lines in a stretch; `None` when it has none.
    pub(super) fn category(&self, name: &str, span: Span) -> Option<&'a Line> {
        self.lines("category", span).find(|line| line.name.as_deref() == Some(name))
    }

    /// Lines of a kind in a stretch, in the order of the statement.
    pub(super) fn lines<'b>(
        &self,
        kind: &'b str,
        span: Span,
    ) -> impl Iterator<Item = &'a Line> + use<'a, 'b> {
        let figures = self.figures;
        figures.lines.iter().filter(move |line| line.kind == kind && line.span == span as i32)
    }

    /// The same product or category in another stretch.
    pub(super) fn other(&self, line: &Line, span: Span) -> Option<&'a Line> {
        self.lines(&line.kind, span).find(|other| other.name == line.name && other.sku == line.sku)
    }

    /// Names of all categories that sold anything in any stretch, by name.
    pub(super) fn categories(&self) -> Vec<&'a str> {
        let of_categories = self.figures.lines.iter().filter(|line| line.kind == "category");
        let mut names: Vec<&str> = of_categories.filter_map(|line| line.name.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Revenue of a line that may not be there.
pub(super) fn revenue(line: Option<&Line>) -> i64 {
    line.map_or(0, |line| line.revenue)
}

/// Pieces of a line that may not be there.
pub(super) fn units(line: Option<&Line>) -> i64 {
    line.map_or(0, |line| line.units)
}
