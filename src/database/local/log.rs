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

/// The last lines of an output that tell why something failed, or else simply the last, on one line.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let reasons: Vec<&str> = lines.iter().copied().filter(|line| is_reason(line)).collect();
    let telling = if reasons.is_empty() { lines } else { reasons };
    let last = telling.split_at(telling.len().saturating_sub(LAST_LINES)).1;
    if last.is_empty() { "it said nothing".to_owned() } else { last.join(" / ") }
}

/// Whether a line is more than `Success.`, `LOG:  starting` and the farewells of other processes. PostgreSQL reports
/// faults in its settings as `LOG:`.
fn is_reason(line: &str) -> bool {
    const MARKS: [&str; 10] = [
        "ERROR:",
        "FATAL:",
        "PANIC:",
        "DETAIL:",
        "HINT:",
        "error:",
        "could not ",
        "unrecognized ",
        "invalid ",
        "syntax ",
    ];
    MARKS.iter().any(|mark| line.contains(mark))
}

/// Megabytes that are free for us on the disk of `path`, which need not exist yet; `None` when the system does not say.
#[must_use]
pub fn free_mb(path: &Path) -> Option<u64> {
    let place = path.ancestors().find(|place| place.exists())?;
    let disk = rustix::fs::statvfs(place).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn reasons_go_before_what_merely_came_last() {
        let text =
            "LOG:  starting\nFATAL:  could not write lock file: No space left on device\n\nLOG:  shut down\n";
        assert_eq!(last_lines(text), "FATAL:  could not write lock file: No space left on device");
        assert_eq!(last_lines("a\nb\n"), "a / b");
        assert_eq!(last_lines(""), "it said nothing");
    }
}
