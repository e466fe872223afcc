//! Which column is what: named by the caller, or told by what the columns hold.

use super::column::{Column, Holds};
use super::kind::Kind;
use super::words::unit;
use super::{Ask, refusal};
use crate::error::ToolError;

/// The columns of a chart.
#[derive(Clone, Debug)]
pub(super) struct Roles<'a> {
    pub(super) x: &'a Column,
    pub(super) y: Vec<&'a Column>,
    pub(super) series: Option<&'a Column>,
    /// Measures that were not named and have another unit.
    pub(super) left_out: Vec<&'a str>,
}

impl<'a> Roles<'a> {
    /// Takes the columns that were named and finds the others.
    pub(super) fn of(ask: &Ask, columns: &'a [Column]) -> Result<Self, ToolError> {
        let named = |argument: &str, name: &Option<String>| {
            name.as_deref().map(|name| find(argument, name, columns)).transpose()
        };
        let (x, series) = (named("x", &ask.x)?, named("series", &ask.series)?);
        let y = ask.y.iter().map(|name| measure(name, columns)).collect::<Result<Vec<_>, _>>()?;
        let rest = Rest { columns, y: &y, taken: [x, series] };
        let (x, series) = match ask.kind {
            Some(Kind::Heatmap) => rest.map(x, series)?,
            kind => (x.or_else(|| rest.x(kind)).ok_or_else(|| refusal::too_few_columns(columns))?, series),
        };
        let mut roles = Self { x, y, series, left_out: Vec::new() };
        if roles.series.is_none() && roles.y.len() < 2 && roles.repeats() && ask.kind != Some(Kind::Scatter) {
            roles.series = columns.iter().find(|column| roles.may_be_series(column));
        }
        roles.find_measures(columns)?;
        Ok(roles)
    }

    /// Whether a value of x comes twice.
    pub(super) fn repeats(&self) -> bool {
        self.x.different() < self.x.cells.len()
    }

    fn may_be_series(&self, column: &Column) -> bool {
        let taken = std::ptr::eq(column, self.x) || self.y.iter().any(|y| std::ptr::eq(*y, column));
        !taken && column.holds != Holds::Numbers
    }

    /// All other columns of numbers that have the unit of the first.
    fn find_measures(&mut self, columns: &'a [Column]) -> Result<(), ToolError> {
        if let [first, rest @ ..] = self.y.as_slice() {
            let other = rest.iter().find(|y| unit(&y.name) != unit(&first.name));
            return other.map_or(Ok(()), |other| Err(refusal::two_units(&first.name, &other.name)));
        }
        let series = self.series;
        let free = |column: &&Column| {
            let taken =
                std::ptr::eq(*column, self.x) || series.is_some_and(|series| std::ptr::eq(*column, series));
            !taken && column.holds == Holds::Numbers && !is_key(column)
        };
        let all: Vec<&Column> = columns.iter().filter(free).collect();
        let Some(first) = all.first() else { return Err(refusal::too_few_columns(columns)) };
        let fits = |column: &&Column| unit(&column.name) == unit(&first.name) && series.is_none();
        let (y, others): (Vec<&Column>, Vec<&Column>) =
            all.iter().partition(|column| std::ptr::eq(**column, *first) || fits(column));
        self.y = y;
        self.left_out = others.into_iter().map(|column| column.name.as_str()).collect();
        Ok(())
    }
}

/// The columns that nobody named yet.
struct Rest<'a, 'b> {
    columns: &'a [Column],
    y: &'b [&'a Column],
    taken: [Option<&'a Column>; 2],
}

impl<'a> Rest<'a, '_> {
    fn free(&self, column: &Column) -> bool {
        let mut taken = self.taken.iter().flatten().chain(self.y);
        !taken.any(|other| std::ptr::eq(*other, column))
    }

    /// Moments before names before numbers; for points, numbers first.
    fn x(&self, kind: Option<Kind>) -> Option<&'a Column> {
        let of = |holds| self.columns.iter().find(|column| self.free(column) && column.holds == holds);
        // The only column of numbers is what is measured.
        let numbers =
            self.columns.iter().filter(|column| self.free(column) && column.holds == Holds::Numbers);
        let spare = if self.y.is_empty() { 2 } else { 1 };
        let number = if numbers.count() >= spare { of(Holds::Numbers) } else { None };
        match kind {
            Some(Kind::Scatter) => number.or_else(|| of(Holds::Moments)).or_else(|| of(Holds::Names)),
            _ => of(Holds::Moments).or_else(|| of(Holds::Names)).or(number),
        }
    }

    /// Both directions of a heat map: the one with more values goes across.
    fn map(
        &self,
        x: Option<&'a Column>,
        series: Option<&'a Column>,
    ) -> Result<(&'a Column, Option<&'a Column>), ToolError> {
        let mut free: Vec<&Column> = self.columns.iter().filter(|column| self.free(column)).collect();
        if self.y.is_empty() {
            // The last column of numbers is what is measured.
            let measured = free.iter().rposition(|column| column.holds == Holds::Numbers);
            measured.map(|index| free.remove(index));
        }
        let mut free = free.into_iter();
        let mut next = || free.next().ok_or_else(refusal::no_rows_of_map);
        match (x, series) {
            (Some(x), Some(series)) => Ok((x, Some(series))),
            (Some(x), None) => Ok((x, Some(next()?))),
            (None, Some(series)) => Ok((next()?, Some(series))),
            (None, None) => {
                let (one, other) = (next()?, next()?);
                let turned = other.different() > one.different();
                Ok(if turned { (other, Some(one)) } else { (one, Some(other)) })
            }
        }
    }
}

/// The column of that name, whatever its case.
fn find<'a>(argument: &str, name: &str, columns: &'a [Column]) -> Result<&'a Column, ToolError> {
    let exact = columns.iter().find(|column| column.name == name);
    let near = || columns.iter().find(|column| column.name.eq_ignore_ascii_case(name.trim()));
    exact.or_else(near).ok_or_else(|| refusal::unknown(argument, name, columns))
}

fn measure<'a>(name: &str, columns: &'a [Column]) -> Result<&'a Column, ToolError> {
    let column = find("y", name, columns)?;
    if column.holds == Holds::Numbers { Ok(column) } else { Err(refusal::not_numbers("y", column)) }
}

/// Keys are numbers that measure nothing.
fn is_key(column: &Column) -> bool {
    let name = column.name.to_lowercase();
    name == "id" || name.ends_with("_id")
}
