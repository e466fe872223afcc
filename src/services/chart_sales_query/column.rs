//! What the columns of an answer hold: numbers, moments or names, told by their values.

use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::services::sales_query::Rows;

/// One value, as everything that it can be read as.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    /// As it stands in the answer; `None` is NULL.
    pub(super) text: Option<String>,
    /// When it is a finite number.
    pub(super) number: Option<f64>,
    /// When it is a date or a time: seconds since the beginning of 1970.
    pub(super) moment: Option<f64>,
}

/// What all values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Numbers,
    Moments,
    Names,
}

/// A column of the answer.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) holds: Holds,
    pub(super) cells: Vec<Cell>,
}

/// Turns rows into columns.
pub(super) fn columns(rows: &Rows) -> Vec<Column> {
    rows.c.iter().enumerate().map(|(index, name)| Column::of(name, rows, index)).collect()
}

impl Column {
    fn of(name: &str, rows: &Rows, index: usize) -> Self {
        let null = Value::Null;
        let values: Vec<&Value> = rows.r.iter().map(|row| row.get(index).unwrap_or(&null)).collect();
        let cells: Vec<Cell> = values.iter().map(|value| cell(value)).collect();
        let known = || cells.iter().zip(&values).filter(|(cell, _)| cell.text.is_some());
        let holds = if known().next().is_none() {
            Holds::Names
        } else if known().all(|(cell, _)| cell.moment.is_some()) {
            Holds::Moments
        } else if known().all(|(cell, value)| cell.number.is_some() || is_no_finite_number(value)) {
            Holds::Numbers
        } else {
            Holds::Names
        };
        Self { name: name.to_owned(), holds, cells }
    }

    /// How many different values there are.
    pub(super) fn different(&self) -> usize {
        let mut texts: Vec<&str> = self.cells.iter().map(Cell::name).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.len()
    }

    /// A value that is not what the column should hold, to be quoted.
    pub(super) fn a_name(&self) -> Option<&str> {
        self.cells.iter().find(|cell| cell.number.is_none() && cell.text.is_some()).map(Cell::name)
    }
}

impl Cell {
    /// The value as a name; NULL has one too.
    pub(super) fn name(&self) -> &str {
        match self.text.as_deref() {
            None => "(none)",
            Some(text) if text.trim().is_empty() => "(empty)",
            Some(text) => text,
        }
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::default(),
        Value::String(text) => Cell { number: number(text), moment: moment(text), text: Some(text.clone()) },
        other => Cell {
            number: other.as_f64().filter(|number| number.is_finite()),
            text: Some(other.to_string()),
            moment: None,
        },
    }
}

/// NaN and Infinity are numbers of PostgreSQL that nobody can draw.
fn is_no_finite_number(value: &Value) -> bool {
    value.as_str().is_some_and(|text| ["NaN", "Infinity", "-Infinity"].contains(&text))
}

/// A number as PostgreSQL writes it; nothing else that Rust would take.
fn number(text: &str) -> Option<f64> {
    let begins = text.strip_prefix('-').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit());
    if !begins || text.len() > 400 {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `2026-05-04`, `2026-05-04T13:30:00`, with a zone too, `2026-05`, `2026-Q2`.
fn moment(text: &str) -> Option<f64> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let whole = match text.split_once("-Q") {
        Some((year, quarter)) => {
            let quarter: u8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
            format!("{year}-{:02}-01", quarter * 3 - 2)
        }
        None if text.len() == 7 => format!("{text}-01"),
        None => text.to_owned(),
    };
    let moment = match whole.split_once('T') {
        Some((day, time)) => {
            let time = time.split(['+', '-', 'Z']).next().unwrap_or(time);
            format!("{day}T{time}").parse::<DateTime>().ok()?
        }
        None => whole.parse::<Date>().ok()?.at(0, 0, 0, 0),
    };
    let since = moment.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    Some(since.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Holds, columns, moment};
    use crate::services::sales_query::Rows;

    fn holds(values: &[Value]) -> Holds {
        let rows = Rows::of(&["a"], values.iter().map(|value| vec![value.clone()]));
        columns(&rows)[0].holds
    }

    #[test]
    fn a_column_is_what_all_its_values_are() {
        assert_eq!(holds(&[json!("1.50"), json!(2), Value::Null]), Holds::Numbers);
        assert_eq!(holds(&[json!("NaN"), json!("-3e5")]), Holds::Numbers);
        assert_eq!(holds(&[json!("2026-05"), json!("2026-05-04")]), Holds::Moments);
        assert_eq!(holds(&[json!("2026-05"), json!("later")]), Holds::Names);
        assert_eq!(holds(&[json!("12"), json!("inf")]), Holds::Names);
        assert_eq!(holds(&[Value::Null]), Holds::Names);
        assert_eq!(holds(&[json!(true)]), Holds::Names);
    }

    #[test]
    fn moments_are_read_as_postgresql_writes_them() {
        for (text, seconds) in [
            ("1970-01-02", 86_400.0),
            ("1970-01-01T01:00:00", 3_600.0),
            ("1970-01-01T00:00:00.5+00", 0.5),
            ("1970-02", 31.0 * 86_400.0),
            ("1970-Q2", 90.0 * 86_400.0),
        ] {
            assert_eq!(moment(text), Some(seconds), "{text}");
        }
        for text in ["1970", "1970-13", "1970-Q5", "2026-02-30", "555-1234", "monday"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
