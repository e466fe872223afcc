//! Reads a chain again and says what is wrong with it, by line.

mod walk;

use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use self::walk::Walk;
use super::days;
use super::head::Head;
use super::line::{self, Hash, Line};

/// What is wrong at a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// Its text is not the one that was written.
    Changed,
    /// Lines before it are gone.
    Removed,
    /// It stands at another place than it was written at.
    Moved,
    /// It stands there twice.
    Duplicated,
    /// It is no whole record: cut short, or never one of this program's.
    NoRecord,
    /// The line before it, or the whole file before it, is another one than it was written after.
    Replaced,
    /// Lines at the end are gone.
    CutOff,
    /// The hash that was kept elsewhere is not in the chain.
    HeadMissing,
}

/// One defect.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// File, or directory for what is not in any file.
    pub file: PathBuf,
    /// Line, from 1; 0 for what is not in any line.
    pub line: usize,
    /// What kind of defect.
    pub defect: Defect,
    /// In words.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// What verifying found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Files that were read.
    pub files: Vec<PathBuf>,
    /// Lines in them.
    pub lines: usize,
    /// Records of calls among them.
    pub calls: usize,
    /// Number of the first record.
    pub first: Option<u64>,
    /// Number of the last record.
    pub last: Option<u64>,
    /// Hash of the last record: keep it elsewhere.
    pub head: Option<String>,
    /// What is no defect, and worth knowing.
    pub notes: Vec<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Verifies a directory, or files in their order.
///
/// # Errors
///
/// When something cannot be read, or there is nothing to read.
pub fn verify(paths: &[PathBuf], expected: Option<&str>) -> anyhow::Result<Report> {
    let mut head = None;
    let mut walk = Walk::default();
    for path in paths {
        if path.is_dir() {
            // Read before the lines: they may only have grown since.
            head = Some((path.clone(), read_head(path)?));
            let files = days::files(path).with_context(|| format!("could not read {}", path.display()))?;
            walk.report.files.extend(files);
        } else {
            walk.report.files.push(path.clone());
        }
    }
    let files = walk.report.files.clone();
    let mut entries = Vec::new();
    for (index, file) in files.iter().enumerate() {
        read_file(file, index, &mut entries).with_context(|| format!("could not read {}", file.display()))?;
    }
    anyhow::ensure!(
        !entries.is_empty() || head.is_some(),
        "VALIDATION_ERROR (no_audit_log): no records there"
    );
    walk.all(&entries);
    if let Some((dir, head)) = head {
        walk.against_head(&dir, head);
    }
    if let Some(expected) = expected {
        walk.against_expected(&entries, expected);
    }
    Ok(walk.report)
}

fn read_head(dir: &Path) -> anyhow::Result<Option<Head>> {
    match File::open(dir.join(days::HEAD)) {
        Ok(file) => {
            // Waits for a writer in the middle of a line; without the lock it is read all the same.
            let _ = file.lock_shared();
            Head::read(&file).with_context(|| format!("could not read {}", dir.join(days::HEAD).display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("could not open {}", dir.join(days::HEAD).display()))
        }
    }
}

/// One line as it was read.
struct Entry {
    file: usize,
    number: usize,
    bytes: usize,
    fingerprint: Hash,
    ended: bool,
    record: Option<Line>,
}

fn read_file(path: &Path, file: usize, entries: &mut Vec<Entry>) -> std::io::Result<()> {
    use sha2::{Digest as _, Sha256};
    let mut reader = BufReader::new(File::open(path)?);
    let mut text = Vec::new();
    let mut number = 0;
    while reader.read_until(b'\n', &mut text)? > 0 {
        number += 1;
        let ended = text.pop_if(|last| *last == b'\n').is_some();
        entries.push(Entry {
            file,
            number,
            bytes: text.len(),
            fingerprint: Sha256::digest(&text).into(),
            ended,
            record: line::read(&text).filter(|_| ended),
        });
        text.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::{Defect, verify};
    use crate::audit::line::{NONE, Tip, seal};

    /// What is found in lines with these numbers, each with a hash that is right.
    fn found(numbers: &[u64]) -> Vec<Defect> {
        let lines = numbers.iter().map(|seq| {
            let before = Tip { seq: seq - 1, hash: NONE };
            seal(Some(before), "2026-11-21T00:00:00.000Z", "call", Map::new()).0 + "\n"
        });
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("audit-2026-11-21.jsonl");
        std::fs::write(&file, lines.collect::<String>()).expect("written");
        let report = verify(&[file], None).expect("a report");
        assert_eq!(report.lines, numbers.len());
        report.findings.into_iter().map(|finding| finding.defect).collect()
    }

    #[test]
    fn numbers_that_nobody_counts_up_to_are_a_gap_like_any_other() {
        assert_eq!(found(&[5, u64::MAX / 2]), [Defect::Removed]);
        assert_eq!(found(&[5, u64::MAX / 2, 9]), [Defect::Moved, Defect::Moved]);
        assert_eq!(found(&[u64::MAX, 7]), [Defect::Moved]);
        assert_eq!(found(&[u64::MAX - 1, u64::MAX, u64::MAX]), [Defect::Replaced, Defect::Duplicated]);
    }
}
