//! From rows to series: one value for each place of x and each series.

use std::collections::HashMap;

use super::column::{Cell, Column, Holds};
use super::roles::Roles;
use super::{refusal, words};
use crate::charts::{Series, Unit};
use crate::error::ToolError;

/// Values by place and series.
pub(super) struct Pivot {
    /// One cell of x for each place.
    pub(super) places: Vec<Cell>,
    pub(super) series: Vec<Series>,
    pub(super) notes: Vec<String>,
}

/// The different values of a column, and for each row which one it has; `None` where it is left out.
struct Order {
    cells: Vec<Cell>,
    of_row: Vec<Option<usize>>,
}

impl Order {
    /// Moments and numbers ascend, weekdays and months too; names stay as the query has them. Where `scale`, a row
    /// without a place on it is left out.
    fn of(column: &Column, scale: bool) -> Self {
        let key = |cell: &Cell| match column.holds {
            Holds::Moments => cell.moment,
            Holds::Numbers => cell.number,
            Holds::Names => None,
        };
        let mut found: HashMap<&str, usize> = HashMap::new();
        let mut cells: Vec<(usize, &Cell)> = Vec::new();
        let mut first = Vec::with_capacity(column.cells.len());
        for cell in &column.cells {
            if scale && key(cell).is_none() {
                first.push(None);
                continue;
            }
            let index = *found.entry(cell.name()).or_insert_with(|| {
                cells.push((cells.len(), cell));
                cells.len() - 1
            });
            first.push(Some(index));
        }
        sort(&mut cells, column.holds, key);
        let mut place = vec![0; cells.len()];
        for (sorted, (index, _)) in cells.iter().enumerate() {
            if let Some(place) = place.get_mut(*index) {
                *place = sorted;
            }
        }
        let of_row =
            first.into_iter().map(|index| index.and_then(|index| place.get(index).copied())).collect();
        Self { cells: cells.into_iter().map(|(_, cell)| cell.clone()).collect(), of_row }
    }
}

fn sort(cells: &mut [(usize, &Cell)], holds: Holds, key: impl Fn(&Cell) -> Option<f64>) {
    if holds != Holds::Names {
        let least = f64::NEG_INFINITY;
        cells.sort_by(|(_, one), (_, other)| {
            key(one).unwrap_or(least).total_cmp(&key(other).unwrap_or(least))
        });
    } else if cells.iter().all(|(_, cell)| words::place_in_calendar(cell.name()).is_some()) {
        cells.sort_by_key(|(_, cell)| words::place_in_calendar(cell.name()));
    }
}

/// Reads the rows. Where `scale`, x must have a place on a scale.
pub(super) fn pivot(roles: &Roles<'_>, scale: bool) -> Result<Pivot, ToolError> {
    let across = Order::of(roles.x, scale);
    let mut pivot = match roles.series {
        None => measures(roles, &across)?,
        Some(series) => told_apart(roles, series, &across)?,
    };
    let values = || pivot.series.iter().flat_map(|series| &series.values);
    if values().all(Option::is_none) {
        return Err(refusal::no_values(roles.y.first().map_or("", |y| &y.name)));
    }
    let without = across.of_row.iter().filter(|place| place.is_none()).count();
    if without > 0 {
        pivot.notes.push(format!("Left out: {} without `{}`.", words::count(without, "row"), roles.x.name));
    }
    let unknown = roles.y.iter().flat_map(|y| &y.cells).filter(|cell| cell.number.is_none()).count();
    if unknown > 0 {
        pivot.notes.push(format!("Not drawn: {}, NULL, NaN or Infinity.", words::count(unknown, "value")));
    }
    if !roles.left_out.is_empty() {
        pivot.notes.push(format!("Not drawn: {}.", roles.left_out.join(", ")));
    }
    Ok(pivot)
}

/// Each measure is a series.
fn measures(roles: &Roles<'_>, across: &Order) -> Result<Pivot, ToolError> {
    let mut taken = vec![false; across.cells.len()];
    for place in across.of_row.iter().flatten() {
        let twice = taken.get_mut(*place).is_some_and(|taken| std::mem::replace(taken, true));
        if twice {
            let name = across.cells.get(*place).map_or("", Cell::name);
            return Err(refusal::repeated(roles.x, name, None));
        }
    }
    let alone = roles.y.len() == 1;
    let series = roles.y.iter().map(|y| {
        let mut values = vec![None; across.cells.len()];
        for (cell, place) in y.cells.iter().zip(&across.of_row) {
            if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                *value = cell.number;
            }
        }
        Series { name: if alone { String::new() } else { words::title(&y.name) }, values }
    });
    Ok(Pivot { places: across.cells.clone(), series: series.collect(), notes: Vec::new() })
}

/// Each value of a column is a series of one measure.
fn told_apart(roles: &Roles<'_>, apart: &Column, across: &Order) -> Result<Pivot, ToolError> {
    let [y] = roles.y.as_slice() else { return Err(refusal::one_measure(super::Kind::Line)) };
    let down = Order::of(apart, false);
    let mut series: Vec<Series> = down
        .cells
        .iter()
        .map(|cell| Series { name: cell.name().to_owned(), values: vec![None; across.cells.len()] })
        .collect();
    let mut taken = vec![false; across.cells.len() * down.cells.len()];
    for ((cell, place), line) in y.cells.iter().zip(&across.of_row).zip(&down.of_row) {
        let (Some(place), Some(line)) = (*place, *line) else { continue };
        let twice = taken.get_mut(line * across.cells.len() + place);
        if twice.is_some_and(|taken| std::mem::replace(taken, true)) {
            let name = across.cells.get(place).map_or("", Cell::name);
            return Err(refusal::repeated(roles.x, name, Some(apart)));
        }
        if let Some(value) = series.get_mut(line).and_then(|series| series.values.get_mut(place)) {
            *value = cell.number;
        }
    }
    Ok(Pivot { places: across.cells.clone(), series, notes: Vec::new() })
}

impl Pivot {
    /// Keeps the largest series, the rest as their sum when parts may be summed.
    pub(super) fn at_most(&mut self, most: usize, what: &str, summed: bool) {
        let all = self.series.len();
        if all <= most {
            return;
        }
        let size = |series: &Series| series.values.iter().flatten().map(|value| value.abs()).sum::<f64>();
        let mut by_size: Vec<(usize, f64)> = self.series.iter().map(size).enumerate().collect();
        by_size.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let kept = if summed { most - 1 } else { most };
        let large: Vec<usize> = by_size.into_iter().take(kept).map(|(index, _)| index).collect();
        let (large, small): (Vec<_>, Vec<_>) = std::mem::take(&mut self.series)
            .into_iter()
            .enumerate()
            .partition(|(index, _)| large.contains(index));
        let [large, small]: [Vec<Series>; 2] =
            [large, small].map(|part| part.into_iter().map(|(_, series)| series).collect());
        self.series = large;
        if summed {
            self.series.push(sum(&small));
            self.notes.push(format!("The {kept} largest of {all} {what}; Other is the sum of the rest."));
        } else {
            self.notes.push(format!("The {kept} largest of {all} {what}."));
        }
    }

    /// Keeps the first places.
    pub(super) fn first_places(&mut self, most: usize, what: &str) {
        let all = self.places.len();
        if all <= most {
            return;
        }
        self.places.truncate(most);
        for series in &mut self.series {
            series.values.truncate(most);
        }
        self.notes.push(format!("The first {most} of {all} {what}."));
    }
}

fn sum(series: &[Series]) -> Series {
    let places = series.first().map_or(0, |series| series.values.len());
    let at = |place: usize| {
        let values = series.iter().filter_map(|series| series.values.get(place).copied().flatten());
        values.reduce(|sum, value| sum + value)
    };
    Series { name: "Other".to_owned(), values: (0..places).map(at).collect() }
}

/// Whether parts of a unit may be summed: shares of different wholes may not.
pub(super) fn adds_up(unit: Unit) -> bool {
    unit != Unit::Percent
}
