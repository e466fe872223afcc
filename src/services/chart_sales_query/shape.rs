//! From columns to what is drawn: caps, labels, title.

use super::column::{Cell, Column, Holds};
use super::kind::Kind;
use super::pivot::{Pivot, adds_up, pivot};
use super::roles::Roles;
use super::{refusal, words};
use crate::charts::{self, Along, Group, Label, MOST_SERIES, Plot, Positions, Series};
use crate::error::ToolError;

/// Most bars with names, and most moments with bars.
const MOST_NAMES: usize = 25;
const MOST_MOMENTS: usize = 120;
/// Most numbers on an axis that are names rather than a scale.
const MOST_COUNTED: usize = 60;
/// Most parts of a pie.
const MOST_PARTS: usize = 7;
/// Most columns and rows of a heat map.
const MOST_ACROSS: usize = 60;
const MOST_DOWN: usize = 31;

type Shaped = Result<(Plot, Vec<String>), ToolError>;

/// What is drawn, and what to say about it.
pub(super) fn plot(kind: Kind, roles: &Roles<'_>) -> Shaped {
    match kind {
        Kind::Line => lines(roles),
        Kind::Bar => bars(roles, false),
        Kind::StackedBar => bars(roles, true),
        Kind::Pie => pie(roles),
        Kind::Scatter => points(roles),
        Kind::Heatmap => heat_map(roles),
    }
}

/// The name of a chart that got none.
pub(super) fn title(kind: Kind, roles: &Roles<'_>) -> String {
    let y = roles.y.first().map_or("", |y| &y.name);
    let (y, x) = (words::title(y), words::plain(&roles.x.name));
    match (kind, roles.series) {
        (Kind::Scatter, _) => format!("{y} against {x}"),
        (_, Some(series)) => format!("{y} by {x} and {}", words::plain(&series.name)),
        (_, None) if roles.y.len() > 1 => {
            let rest: Vec<String> = roles.y.iter().skip(1).map(|y| words::plain(&y.name)).collect();
            format!("{y}, {} by {x}", rest.join(", "))
        }
        (_, None) => format!("{y} by {x}"),
    }
}

/// What is measured.
pub(super) fn subtitle(kind: Kind, roles: &Roles<'_>) -> String {
    let first = roles.y.first().map_or("", |y| &y.name);
    let measure = words::measure(first);
    match roles.y.as_slice() {
        [_, _, ..] if words::unit(first) == charts::Unit::Dollars => "US dollars".to_owned(),
        [_, _, ..] => String::new(),
        _ if kind == Kind::Pie => format!("{measure}, and share of the whole"),
        _ => measure,
    }
}

fn lines(roles: &Roles<'_>) -> Shaped {
    let mut pivot = pivot(roles, roles.x.holds != Holds::Names)?;
    pivot.at_most(MOST_SERIES, "lines", false);
    let along = match positions(roles.x) {
        Some(positions) if !are_counted(positions, &pivot.places) => {
            Along::Places(positions, pivot.places.iter().map(|cell| place(positions, cell)).collect())
        }
        _ => Along::Names(labels(roles.x, &pivot.places)),
    };
    Ok((Plot::Lines { along, series: pivot.series }, pivot.notes))
}

fn bars(roles: &Roles<'_>, stacked: bool) -> Shaped {
    let moments = roles.x.holds == Holds::Moments;
    let mut pivot = pivot(roles, moments)?;
    let summed = stacked && roles.y.first().is_none_or(|y| adds_up(words::unit(&y.name)));
    pivot.at_most(MOST_SERIES, "series", summed);
    pivot.first_places(if moments { MOST_MOMENTS } else { MOST_NAMES }, "bars");
    let labels = labels(roles.x, &pivot.places);
    Ok((Plot::Bars { labels, series: pivot.series, stacked }, pivot.notes))
}

fn pie(roles: &Roles<'_>) -> Shaped {
    if roles.series.is_some() || roles.y.len() > 1 {
        return Err(refusal::one_measure(Kind::Pie));
    }
    let Pivot { places, series, notes } = pivot(roles, false)?;
    let values = series.into_iter().flat_map(|series| series.values);
    let mut parts: Vec<(String, f64)> = places
        .iter()
        .zip(values)
        .filter_map(|(cell, value)| Some((cell.name().to_owned(), value?)))
        .collect();
    if let Some((name, _)) = parts.iter().find(|(_, value)| *value < 0.0) {
        let name: String = name.chars().take(80).collect();
        return Err(refusal::no_pie(&format!("`{name}` is negative")));
    }
    if parts.len() > MOST_PARTS {
        return Err(refusal::no_pie(&format!(
            "{} are more than the {MOST_PARTS} that can be read",
            parts.len()
        )));
    }
    if parts.len() < 2 || parts.iter().all(|(_, value)| *value == 0.0) {
        return Err(refusal::no_pie("here is only one, or nothing in any of them"));
    }
    parts.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    Ok((Plot::Pie(parts), notes))
}

fn points(roles: &Roles<'_>) -> Shaped {
    let positions = positions(roles.x).ok_or_else(|| refusal::no_scale(roles.x))?;
    let [y] = roles.y.as_slice() else { return Err(refusal::one_measure(Kind::Scatter)) };
    let mut groups: Vec<Group> = Vec::new();
    let mut left_out = 0;
    for (index, (x, y)) in roles.x.cells.iter().zip(&y.cells).enumerate() {
        let name = roles.series.and_then(|series| series.cells.get(index)).map_or("", Cell::name);
        let at = match positions {
            Positions::Moments => x.moment,
            Positions::Numbers(_) => x.number,
        };
        match (at, y.number) {
            (Some(x), Some(y)) => match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.points.push((x, y)),
                None => groups.push(Group { name: name.to_owned(), points: vec![(x, y)] }),
            },
            _ => left_out += 1,
        }
    }
    let mut notes = Vec::new();
    if groups.is_empty() {
        return Err(refusal::no_values(&y.name));
    }
    if left_out > 0 {
        notes.push(format!("Left out: {} without a number to draw.", words::count(left_out, "row")));
    }
    if groups.len() > MOST_SERIES {
        notes.push(format!("The {MOST_SERIES} largest of {} groups.", groups.len()));
        groups.sort_by_key(|group| std::cmp::Reverse(group.points.len()));
        groups.truncate(MOST_SERIES);
    }
    let x = words::measure(&roles.x.name);
    Ok((Plot::Points { x, along: positions, groups }, notes))
}

fn heat_map(roles: &Roles<'_>) -> Shaped {
    if roles.series.is_none() {
        return Err(refusal::no_rows_of_map());
    }
    let mut pivot = pivot(roles, false)?;
    pivot.first_places(MOST_ACROSS, "columns");
    let rows = pivot.series.len();
    if rows > MOST_DOWN {
        pivot.series.truncate(MOST_DOWN);
        pivot.notes.push(format!("The first {MOST_DOWN} of {rows} rows."));
    }
    if let Some(series) = roles.series.filter(|series| series.holds == Holds::Moments) {
        name_moments(&mut pivot.series, series);
    }
    let columns = labels(roles.x, &pivot.places);
    Ok((Plot::HeatMap { columns, rows: pivot.series }, pivot.notes))
}

/// Rows that are moments are called as on an axis.
fn name_moments(rows: &mut [Series], column: &Column) {
    let moment = |name: &str| column.cells.iter().find(|cell| cell.name() == name)?.moment;
    let moments: Option<Vec<f64>> = rows.iter().map(|row| moment(&row.name)).collect();
    for (row, label) in rows.iter_mut().zip(charts::labels(&moments.unwrap_or_default())) {
        row.name = [label.text, label.below].join(" ").trim_end().into();
    }
}

/// What places on x are, if it is a scale.
fn positions(x: &Column) -> Option<Positions> {
    match x.holds {
        Holds::Moments => Some(Positions::Moments),
        Holds::Numbers => Some(Positions::Numbers(words::unit(&x.name))),
        Holds::Names => None,
    }
}

/// Whether places are whole numbers one after the other, as hours and years are: each has its own mark then.
fn are_counted(positions: Positions, places: &[Cell]) -> bool {
    let numbers: Vec<f64> = places.iter().filter_map(|cell| cell.number).collect();
    let mut pairs = numbers.iter().zip(numbers.iter().skip(1));
    positions != Positions::Moments
        && numbers.len() <= MOST_COUNTED
        && pairs.all(|(one, next)| (next - one - 1.0).abs() < 1e-9)
}

fn place(positions: Positions, cell: &Cell) -> f64 {
    let place = if positions == Positions::Moments { cell.moment } else { cell.number };
    place.unwrap_or_default()
}

/// The places of x as labels.
fn labels(x: &Column, places: &[Cell]) -> Vec<Label> {
    let moments: Option<Vec<f64>> = places.iter().map(|cell| cell.moment).collect();
    match moments {
        Some(moments) if x.holds == Holds::Moments => charts::labels(&moments),
        _ => places.iter().map(|cell| Label { text: cell.name().to_owned(), below: String::new() }).collect(),
    }
}
