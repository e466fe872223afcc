//! Rows in PostgreSQL's binary COPY format.
//!
//! <https://www.postgresql.org/docs/current/sql-copy.html>: a signature, then for each row its number of fields and for
//! each field its length in bytes and its value, then a trailer.

use bytes::{BufMut as _, Bytes, BytesMut};
use uuid::Uuid;

use super::calendar::Moment;
use super::money::Cents;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Rows on their way into one table.
#[derive(Debug)]
pub(super) struct Rows {
    bytes: BytesMut,
    count: u64,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new() -> Self {
        Self { bytes: BytesMut::from(SIGNATURE), count: 0 }
    }

    /// How many rows were started.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Ends the rows: everything to send, and how many rows it is. Leaves no rows behind.
    pub(super) fn take(&mut self) -> (Bytes, u64) {
        let mut full = std::mem::replace(self, Self::new());
        full.bytes.put_i16(-1);
        (full.bytes.freeze(), full.count)
    }

    /// Starts a row; exactly `fields` values follow.
    pub(super) fn row(&mut self, fields: i16) -> &mut Self {
        self.count += 1;
        self.bytes.put_i16(fields);
        self
    }

    pub(super) fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bytes.put_i32(16);
        self.bytes.put_slice(value.as_bytes());
        self
    }

    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.bytes.put_i32(i32::try_from(value.len()).unwrap_or(0));
        self.bytes.put_slice(value.as_bytes());
        self
    }

    pub(super) fn integer(&mut self, value: i64) -> &mut Self {
        self.bytes.put_i32(4);
        self.bytes.put_i32(i32::try_from(value).unwrap_or(i32::MAX));
        self
    }

    /// A `timestamp`: microseconds since 2000-01-01.
    pub(super) fn moment(&mut self, value: Moment) -> &mut Self {
        self.bytes.put_i32(8);
        self.bytes.put_i64(value.0 * 1_000_000);
        self
    }

    /// A `numeric` with two decimals, not negative.
    ///
    /// Its digits are of base 10,000. The first has `weight`, the power of 10,000 it counts; zeros at either end are
    /// left out.
    pub(super) fn cents(&mut self, value: Cents) -> &mut Self {
        let (whole, rest) = (value / 100, value % 100);
        let digits = [whole / 100_000_000, whole / 10_000 % 10_000, whole % 10_000, rest * 100];
        let first = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len());
        let end = digits.iter().rposition(|digit| *digit != 0).map_or(first, |last| last + 1);
        let shown = digits.get(first..end).unwrap_or_default();
        let weight = if shown.is_empty() { 0 } else { 2 - small(first) };
        self.bytes.put_i32(8 + 2 * i32::from(small(shown.len())));
        for header in [small(shown.len()), weight, 0, 2] {
            self.bytes.put_i16(header);
        }
        for digit in shown {
            self.bytes.put_i16(i16::try_from(*digit).unwrap_or(0));
        }
        self
    }
}

/// A number of digits, at most 4.
fn small(number: usize) -> i16 {
    i16::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Rows, SIGNATURE};

    fn numeric(cents: i64) -> Vec<i16> {
        let mut rows = Rows::new();
        rows.cents(cents);
        let bytes = &rows.bytes[SIGNATURE.len() + 4..];
        bytes.chunks(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]])).collect()
    }

    #[test]
    fn amounts_are_base_ten_thousand_digits_without_zeros_at_the_ends() {
        assert_eq!(numeric(0), [0, 0, 0, 2]);
        assert_eq!(numeric(7), [1, -1, 0, 2, 700]);
        assert_eq!(numeric(1_234), [2, 0, 0, 2, 12, 3_400]);
        assert_eq!(numeric(1_000_000), [1, 1, 0, 2, 1]);
        assert_eq!(numeric(123_456_789), [3, 1, 0, 2, 123, 4_567, 8_900]);
    }

    #[test]
    fn taken_rows_end_with_the_trailer_and_leave_none() {
        let mut rows = Rows::new();
        rows.row(1).integer(5);
        let (bytes, count) = rows.take();
        assert_eq!(count, 1);
        assert_eq!(bytes[SIGNATURE.len()..], [0, 1, 0, 0, 0, 4, 0, 0, 0, 5, 0xff, 0xff]);
        assert_eq!(rows.count(), 0);
    }
}
