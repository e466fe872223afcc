//! The files of an audit log, a day each.

use std::path::{Path, PathBuf};

use super::AuditError;
use super::book::read_from;
use super::line::{self, Tip};
use super::place::Place;

/// The file that holds the end of the chain.
pub(super) const HEAD: &str = "audit.head";

/// The file of a day such as `2026-11-21`.
pub(super) fn file_name(day: &str) -> String {
    format!("audit-{day}.jsonl")
}

/// The files in a directory, the oldest first.
pub(super) fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        let day = name.to_str().and_then(|name| name.strip_prefix("audit-")?.strip_suffix(".jsonl"));
        if day.is_some() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names.into_iter().map(|name| dir.join(name)).collect())
}

/// The last line of the days before `today`.
pub(super) fn newest_before(place: &Place, today: &str) -> Result<Option<Tip>, AuditError> {
    let failed = |error| AuditError::io("look for earlier days", error);
    let today = file_name(today);
    let files = files(place.path()).map_err(failed)?;
    for path in files.iter().rev() {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name >= today.as_str() {
            continue;
        }
        let text = read_from(&place.file(name, true)?.file, 0).map_err(failed)?;
        let last = text.split(|byte| *byte == b'\n').rev().find_map(line::read);
        if let Some(line) = last {
            return Ok(Some(Tip { seq: line.seq, hash: line.hash }));
        }
    }
    Ok(None)
}
