//! Cuts stdin into messages, one a line, and skips those that are too long without holding them.

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::recover::IdScanner;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;
/// A buffer that grew beyond this for one long message is given back.
const KEPT: usize = 4 * CHUNK;

/// One line of input.
#[derive(Debug)]
pub(super) enum Line {
    /// A line, with or without its newline.
    Text(BytesMut),
    /// A line that was too long, and its id as JSON text.
    TooLong(Option<String>),
}

/// The lines of a stream.
pub(super) struct Lines<R> {
    source: R,
    buffer: BytesMut,
    /// Bytes of the buffer that are known to hold no newline.
    scanned: usize,
    most: usize,
    /// Set while the rest of a line that is too long passes by.
    skipping: Option<IdScanner>,
    ended: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Lines of at most `most` bytes.
    pub(super) fn new(source: R, most: usize) -> Self {
        let buffer = BytesMut::new();
        Self { source, buffer, scanned: 0, most, skipping: None, ended: false }
    }

    /// The next line; `None` at the end of the stream. A last line without newline is a line. Dropping the future loses
    /// nothing.
    pub(super) async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(line) = self.cut() {
                return Some(line);
            }
            if self.ended {
                return self.last();
            }
            if self.buffer.is_empty() && self.buffer.capacity() > KEPT {
                self.buffer = BytesMut::new();
            }
            self.buffer.reserve(CHUNK);
            // A stream that cannot be read is one that has ended.
            let read = self.source.read_buf(&mut self.buffer).await;
            self.ended = matches!(read, Ok(0) | Err(_));
        }
    }

    fn cut(&mut self) -> Option<Line> {
        let unseen = self.buffer.get(self.scanned..).unwrap_or_default();
        let found = unseen.iter().position(|byte| *byte == b'\n');
        if let Some(position) = found {
            let line = self.buffer.split_to(self.scanned + position + 1);
            self.scanned = 0;
            return Some(self.whole(line));
        }
        self.scanned = self.buffer.len();
        if self.skipping.is_some() || self.scanned > self.most {
            self.skipping.get_or_insert_default().feed(&self.buffer);
            self.buffer.clear();
            self.scanned = 0;
        }
        None
    }

    fn whole(&mut self, line: BytesMut) -> Line {
        let mut scanner = match self.skipping.take() {
            Some(scanner) => scanner,
            None if line.len() > self.most => IdScanner::default(),
            None => return Line::Text(line),
        };
        scanner.feed(&line);
        Line::TooLong(scanner.finish())
    }

    fn last(&mut self) -> Option<Line> {
        if let Some(scanner) = self.skipping.take() {
            return Some(Line::TooLong(scanner.finish()));
        }
        self.scanned = 0;
        (!self.buffer.is_empty()).then(|| Line::Text(self.buffer.split()))
    }
}
