//! One value: how it becomes JSON without losing anything.
//!
//! PostgreSQL's own text is what counts. Booleans and integers are JSON booleans and numbers, finite floats are numbers;
//! all else is PostgreSQL's text as a string: numeric stays exact, NaN and Infinity stay themselves. Integers beyond 2^53
//! are strings too, because most JSON readers would round them.

use std::borrow::Cow;

use serde_json::{Number, Value};
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::wrap::Widths;

/// Integers up to here are exact in every JSON reader.
const EXACT_INTEGER: u64 = 1 << 53;

/// How a column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Boolean,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Uuid,
    /// Text; a T between date and time.
    Timestamp,
    Text,
}

/// A value, and what is to be known about it.
pub(super) struct Read {
    pub(super) value: Value,
    /// Bytes as JSON, with a comma.
    pub(super) bytes: usize,
    /// The value is only the beginning, and says how long it was.
    pub(super) shortened: bool,
    /// PostgreSQL cut it: how long it was is not known.
    pub(super) overlong: bool,
}

impl Cell {
    /// How a column of a type is read.
    pub(super) fn of(kind: &Type) -> Self {
        match *kind {
            Type::BOOL => Self::Boolean,
            Type::INT2 => Self::Int2,
            Type::INT4 => Self::Int4,
            Type::INT8 => Self::Int8,
            Type::FLOAT4 => Self::Float4,
            Type::FLOAT8 => Self::Float8,
            Type::UUID => Self::Uuid,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Self::Timestamp,
            _ => Self::Text,
        }
    }

    /// Whether it travels in the binary form of its type, not as text.
    pub(super) fn is_binary(self) -> bool {
        !matches!(self, Self::Text | Self::Timestamp)
    }

    /// The value as JSON.
    pub(super) fn read(self, row: &Row, index: usize, widths: Widths) -> Result<Read, tokio_postgres::Error> {
        let value = match self {
            Self::Boolean => row.try_get::<_, Option<bool>>(index)?.map(Value::from),
            Self::Int2 => row.try_get::<_, Option<i16>>(index)?.map(Value::from),
            Self::Int4 => row.try_get::<_, Option<i32>>(index)?.map(Value::from),
            Self::Int8 => row.try_get::<_, Option<i64>>(index)?.map(integer),
            Self::Float4 => row.try_get::<_, Option<f32>>(index)?.map(single),
            Self::Float8 => row.try_get::<_, Option<f64>>(index)?.map(double),
            Self::Uuid => row.try_get::<_, Option<Uuid>>(index)?.map(|id| id.to_string().into()),
            Self::Timestamp => row.try_get::<_, Option<&str>>(index)?.map(timestamp),
            Self::Text => {
                let text = row.try_get::<_, Option<&str>>(index)?;
                return Ok(text.map_or_else(|| Read::whole(Value::Null), |text| Read::text(text, widths)));
            }
        };
        Ok(Read::whole(value.unwrap_or(Value::Null)))
    }
}

impl Read {
    fn whole(value: Value) -> Self {
        let bytes = 1 + match &value {
            Value::String(text) => json_length(text),
            Value::Number(number) => number_length(number),
            _ => "false".len(),
        };
        Self { value, bytes, shortened: false, overlong: false }
    }

    fn text(text: &str, widths: Widths) -> Self {
        let Some((kept, rest)) = split_at_character(text, widths.shown) else {
            return Self::whole(text.into());
        };
        let overlong = widths.cut_at.is_some_and(|cut| text.chars().count() >= cut);
        let length = match widths.cut_at {
            None => Cow::Borrowed(rest.trim_start()),
            Some(cut) if overlong => format!("{cut} or more").into(),
            Some(_) => text.chars().count().to_string().into(),
        };
        let read = Self::whole(format!("{kept}… [{length} characters]").into());
        Self { shortened: true, overlong, ..read }
    }
}

/// The first `most` characters and the rest, when there is a rest.
fn split_at_character(text: &str, most: usize) -> Option<(&str, &str)> {
    if text.len() <= most {
        return None;
    }
    let (end, _) = text.char_indices().nth(most)?;
    text.split_at_checked(end)
}

/// Bytes of a number in JSON; of a float the most they can be.
fn number_length(number: &Number) -> usize {
    let digits = number.as_i64().map(|number| {
        let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
        usize::from(number < 0) + digits as usize
    });
    digits.unwrap_or(24)
}

/// Bytes of a string in JSON.
fn json_length(text: &str) -> usize {
    let escape = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..=31 => 5,
        _ => 0,
    };
    text.len() + 2 + text.bytes().map(escape).sum::<usize>()
}

fn integer(number: i64) -> Value {
    if number.unsigned_abs() <= EXACT_INTEGER { number.into() } else { number.to_string().into() }
}

/// The shortest digits that mean this float, as PostgreSQL prints it.
fn single(number: f32) -> Value {
    number.to_string().parse().map_or(Value::Null, double)
}

fn double(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| not_finite(number).into(), Value::Number)
}

fn not_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// `2026-11-20 10:00:00` as ISO 8601 has it; `infinity` stays.
fn timestamp(text: &str) -> Value {
    text.replacen(' ', "T", 1).into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Read, double, integer, json_length, number_length, single, timestamp};
    use crate::database::wrap::Widths;

    #[test]
    fn numbers_that_json_readers_would_round_are_strings() {
        assert_eq!(integer(9_007_199_254_740_992), json!(9_007_199_254_740_992_i64));
        assert_eq!(integer(9_007_199_254_740_993), json!("9007199254740993"));
        assert_eq!(integer(i64::MIN), json!("-9223372036854775808"));
        assert_eq!(double(0.1), json!(0.1));
        assert_eq!(single(0.1), json!(0.1));
        assert_eq!(single(f32::INFINITY), json!("Infinity"));
        assert_eq!(double(f64::NAN), json!("NaN"));
        assert_eq!(double(f64::NEG_INFINITY), json!("-Infinity"));
    }

    #[test]
    fn timestamps_get_a_t_and_special_ones_stay() {
        assert_eq!(timestamp("2026-11-20 10:00:00+00"), json!("2026-11-20T10:00:00+00"));
        assert_eq!(timestamp("0044-03-15 00:00:00 BC"), json!("0044-03-15T00:00:00 BC"));
        assert_eq!(timestamp("infinity"), json!("infinity"));
    }

    #[test]
    fn a_long_cell_says_how_long_it_was() {
        let widths = Widths { shown: 4_000, cut_at: Some(5_000) };
        let shown = |length: usize, widths| Read::text(&"ä".repeat(length), widths);
        let (fits, long, cut) = (shown(4_000, widths), shown(4_001, widths), shown(5_000, widths));
        assert!(!fits.shortened && fits.value == json!("ä".repeat(4_000)));
        assert!(long.shortened && !long.overlong && ends(&long.value, "ä… [4001 characters]"));
        assert!(cut.shortened && cut.overlong && ends(&cut.value, "ä… [5000 or more characters]"));
        // PostgreSQL counted it and put the number behind the beginning.
        let counted = format!("{} 300000000", "ä".repeat(4_000));
        let counted = Read::text(&counted, Widths { shown: 4_000, cut_at: None });
        assert!(counted.shortened && !counted.overlong && ends(&counted.value, "ä… [300000000 characters]"));
    }

    fn ends(value: &Value, end: &str) -> bool {
        value.as_str().expect("a string").ends_with(end)
    }

    #[test]
    fn the_length_of_an_integer_is_that_of_its_digits() {
        for number in [0, 9, 10, -1, 99_999, -100_000, 1_i64 << 53] {
            assert_eq!(number_length(&number.into()), number.to_string().len(), "{number}");
        }
    }

    #[test]
    fn the_length_of_a_string_is_that_of_its_json() {
        for text in ["", "plain", "\"quoted\" \\ \n\t\r\u{8}\u{c}", "\u{1}\u{1f}", "ä€😀", "\u{7f}"] {
            assert_eq!(json_length(text), json!(text).to_string().len(), "{text:?}");
        }
    }
}
