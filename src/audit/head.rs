//! `audit.head`: the last line of the chain, kept beside the lines. It is the lock of all writers, and the witness
//! against whoever cuts lines off the end of a file.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use super::line::{Hash, Tip, hex, unhex};

/// Bytes of what is written: a fixed length, so that one write replaces all of it.
const BYTES: usize = 20 + 1 + 64 + 1 + 10 + 1 + 20 + 1;

/// The end of the chain, as the last writer left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) tip: Tip,
    /// Day of the file that holds the last line.
    pub(super) day: String,
    /// Bytes of that file.
    pub(super) bytes: u64,
}

impl Head {
    /// Reads it; `None` when there is none yet, or none that can be read.
    pub(super) fn read(file: &File) -> std::io::Result<Option<Self>> {
        let mut buffer = [0; BYTES];
        match file.read_exact_at(&mut buffer, 0) {
            Ok(()) => Ok(Self::parse(&buffer)),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?.strip_suffix('\n')?;
        let mut parts = text.split(' ');
        let seq = parts.next()?.parse().ok()?;
        let hash: Hash = unhex(parts.next()?)?;
        let day = parts.next()?.to_owned();
        let bytes = parts.next()?.parse().ok()?;
        Some(Self { tip: Tip { seq, hash }, day, bytes })
    }

    /// Replaces what is there.
    pub(super) fn write(&self, file: &File) -> std::io::Result<()> {
        let text = format!("{:020} {} {} {:020}\n", self.tip.seq, hex(&self.tip.hash), self.day, self.bytes);
        file.write_all_at(text.as_bytes(), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Head;
    use crate::audit::line::Tip;

    #[test]
    fn what_was_written_is_read_and_anything_else_is_nothing() {
        let file = tempfile::tempfile().expect("a file");
        assert_eq!(Head::read(&file).expect("readable"), None);
        let head = Head { tip: Tip { seq: 7, hash: [9; 32] }, day: "2026-11-21".to_owned(), bytes: 1_234 };
        head.write(&file).expect("written");
        assert_eq!(Head::read(&file).expect("readable"), Some(head));
        std::os::unix::fs::FileExt::write_all_at(&file, b"x", 0).expect("written");
        assert_eq!(Head::read(&file).expect("readable"), None);
    }
}
