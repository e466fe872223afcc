//! Reads the rows of a wrapped query, up to the caps.

use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row, RowStream};

use super::lease::Lease;
use super::query::{Cap, Cut};
use super::wrap::Wrapped;

/// After a cut by bytes the rest is read for its number of rows, for as many times the bytes of an answer ...
const COUNTED_BYTES: usize = 8;
/// ... and at most so long.
const COUNTED_TIME: Duration = Duration::from_millis(100);

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) cut: Option<Cut>,
    pub(super) left_out: Option<usize>,
    pub(super) shortened: usize,
    /// A value was cut by PostgreSQL, so that its length is not known.
    pub(super) overlong: bool,
    /// The statement was cancelled: the cancel may still be under way, and could hit the next one.
    pub(super) cancelled: bool,
}

/// Runs the statement and reads its rows.
#[expect(clippy::disallowed_methods, reason = "runs the wrapped query")]
pub(super) async fn collect(
    lease: &Lease,
    client: &Client,
    wrapped: &Wrapped,
    cap: Cap,
) -> Result<Collected, Error> {
    let no_params: [(&(dyn ToSql + Sync), Type); 0] = [];
    let mut stream = pin!(client.query_typed_raw(&wrapped.sql, no_params).await?);
    let mut collected = Collected::default();
    let mut bytes = 0;
    while let Some(row) = stream.try_next().await? {
        if collected.rows.len() == cap.rows as usize {
            collected.cut = Some(Cut::Rows);
            return Ok(collected);
        }
        let line = Line::read(&row, wrapped)?;
        bytes += line.bytes;
        if bytes > cap.bytes as usize {
            collected.cut = Some(Cut::Bytes);
            collected.count_rest(stream, cap).await;
            if collected.cancelled {
                lease.cancel().await;
            }
            return Ok(collected);
        }
        collected.add(line);
    }
    Ok(collected)
}

/// One row.
#[derive(Default)]
struct Line {
    values: Vec<Value>,
    bytes: usize,
    shortened: usize,
    overlong: bool,
}

impl Line {
    fn read(row: &Row, wrapped: &Wrapped) -> Result<Self, Error> {
        let values = Vec::with_capacity(wrapped.cells.len());
        let mut line = Self { values, bytes: 2, ..Self::default() };
        for (index, cell) in wrapped.cells.iter().enumerate() {
            let read = cell.read(row, index, wrapped.widths)?;
            line.bytes += read.bytes;
            line.shortened += usize::from(read.shortened);
            line.overlong |= read.overlong;
            line.values.push(read.value);
        }
        Ok(line)
    }
}

impl Collected {
    fn add(&mut self, line: Line) {
        self.shortened += line.shortened;
        self.overlong |= line.overlong;
        self.rows.push(line.values);
    }

    /// Counts the rows behind a cut, as long as that is cheap.
    async fn count_rest(&mut self, mut stream: Pin<&mut RowStream>, cap: Cap) {
        let mut left_out = 1;
        let mut bytes = 0;
        let count = async {
            while let Some(row) = stream.try_next().await? {
                left_out += 1;
                bytes += row.raw_size_bytes();
                if bytes > COUNTED_BYTES * cap.bytes as usize {
                    return Ok(false);
                }
            }
            Ok::<_, Error>(true)
        };
        let ended = tokio::time::timeout(COUNTED_TIME, count).await;
        self.cancelled = !matches!(ended, Ok(Ok(true)));
        // The LIMIT asks for one row more than is wanted: with that one, there may be any number.
        let all = !self.cancelled && self.rows.len() + left_out <= cap.rows as usize;
        self.left_out = all.then_some(left_out);
    }
}
