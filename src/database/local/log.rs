//! The server's log file: opening it, and the last words in it.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::LocalError;

/// A log longer than this, in bytes, is put aside at the next start.
const LONG: u64 = 8 << 20;

/// Most lines, and most bytes read, of the last words.
const LAST_LINES: usize = 4;
const LAST_BYTES: u64 = 4096;

/// Opens the log for appending; returns it with its length, which [`since`] takes.
pub(super) fn open(path: &Path) -> Result<(File, u64), LocalError> {
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > LONG) {
        let old = path.with_extension("log.old");
        std::fs::rename(path, &old).map_err(LocalError::file("rename", path))?;
    }
    let options = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let file = options.map_err(LocalError::file("open", path))?;
    let length = file.metadata().map_err(LocalError::file("look at", path))?.len();
    Ok((file, length))
}

/// The last words written after the first `start` bytes, on one line.
pub(super) fn since(path: &Path, start: u64) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(start.max(length.saturating_sub(LAST_BYTES))))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    last_lines(&read().unwrap_or_default())
}

/// The last lines of an output, on one line.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.split_at(lines.len().saturating_sub(LAST_LINES)).1;
    if last.is_empty() { "it said nothing".to_owned() } else { last.join(" / ") }
}

/// Megabytes that are free for us on the disk of `path`; `None` when the system does not say.
pub(super) fn free_mb(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}
