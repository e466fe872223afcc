//! One value: how it is asked for, and how it becomes JSON without losing anything.
//!
//! PostgreSQL renders every value. Booleans and integers are JSON booleans and numbers, finite floats are numbers; all
//! else is PostgreSQL's own text as a string: numeric stays exact, NaN and Infinity stay themselves. Integers beyond
//! 2^53 are strings too, because most JSON readers would round them.

use serde_json::{Number, Value};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// Longest cell, in characters; what is longer is shortened with its true length.
const LONGEST_CELL: usize = 4_000;
/// Integers up to here are exact in every JSON reader.
const EXACT_INTEGER: u64 = 1 << 53;

/// The way a column travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Boolean,
    Int2,
    Int4,
    Int8,
    /// Text to begin with; a cast would strip the blanks that pad character(n).
    Text,
    /// Cast to text; a number when finite.
    Float,
    /// Cast to text; a T between date and time.
    Timestamp,
    /// Cast to text.
    Rendered,
}

impl Cell {
    /// The way a column of a type travels.
    pub(super) fn of(kind: &Type) -> Self {
        match *kind {
            Type::BOOL => Self::Boolean,
            Type::INT2 => Self::Int2,
            Type::INT4 => Self::Int4,
            Type::INT8 => Self::Int8,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => Self::Text,
            Type::FLOAT4 | Type::FLOAT8 => Self::Float,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Self::Timestamp,
            _ => Self::Rendered,
        }
    }

    /// What goes behind the column's name in the wrapping SELECT.
    pub(super) fn cast(self) -> &'static str {
        match self {
            Self::Boolean | Self::Int2 | Self::Int4 | Self::Int8 | Self::Text => "",
            Self::Float | Self::Timestamp | Self::Rendered => "::text",
        }
    }

    /// The value as JSON, and about how many bytes it takes there.
    pub(super) fn read(self, row: &Row, index: usize) -> Result<(Value, usize), tokio_postgres::Error> {
        let value = match self {
            Self::Boolean => row.try_get::<_, Option<bool>>(index)?.map(Value::from),
            Self::Int2 => row.try_get::<_, Option<i16>>(index)?.map(Value::from),
            Self::Int4 => row.try_get::<_, Option<i32>>(index)?.map(Value::from),
            Self::Int8 => row.try_get::<_, Option<i64>>(index)?.map(integer),
            Self::Text | Self::Rendered => row.try_get::<_, Option<&str>>(index)?.map(text),
            Self::Float => row.try_get::<_, Option<&str>>(index)?.map(float),
            Self::Timestamp => row.try_get::<_, Option<&str>>(index)?.map(timestamp),
        };
        let value = value.unwrap_or(Value::Null);
        let size = value.as_str().map_or(12, |text| text.len() + 3);
        Ok((value, size))
    }
}

fn integer(number: i64) -> Value {
    if number.unsigned_abs() <= EXACT_INTEGER { number.into() } else { number.to_string().into() }
}

fn float(text: &str) -> Value {
    let finite = text.parse().ok().and_then(Number::from_f64);
    finite.map_or_else(|| text.into(), Value::Number)
}

/// `2026-11-20 10:00:00` as ISO 8601 has it; `infinity` stays.
fn timestamp(text: &str) -> Value {
    text.replacen(' ', "T", 1).into()
}

fn text(text: &str) -> Value {
    match text.char_indices().nth(LONGEST_CELL) {
        None => text.into(),
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default();
            format!("{kept}… [{} characters]", text.chars().count()).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{float, integer, text, timestamp};

    #[test]
    fn numbers_that_json_readers_would_round_are_strings() {
        assert_eq!(integer(9_007_199_254_740_992), json!(9_007_199_254_740_992_i64));
        assert_eq!(integer(9_007_199_254_740_993), json!("9007199254740993"));
        assert_eq!(integer(i64::MIN), json!("-9223372036854775808"));
        assert_eq!(float("0.1"), json!(0.1));
        assert_eq!(float("NaN"), json!("NaN"));
        assert_eq!(float("-Infinity"), json!("-Infinity"));
    }

    #[test]
    fn timestamps_get_a_t_and_special_ones_stay() {
        assert_eq!(timestamp("2026-11-20 10:00:00+00"), json!("2026-11-20T10:00:00+00"));
        assert_eq!(timestamp("0044-03-15 00:00:00 BC"), json!("0044-03-15T00:00:00 BC"));
        assert_eq!(timestamp("infinity"), json!("infinity"));
    }

    #[test]
    fn a_long_cell_says_how_long_it_was() {
        let long = "ä".repeat(4_001);
        let shortened = text(&long);
        let shortened = shortened.as_str().expect("a string");
        assert!(shortened.ends_with("ä… [4001 characters]"), "{shortened}");
        assert_eq!(text(&"ä".repeat(4_000)).as_str().expect("a string").chars().count(), 4_000);
    }
}
