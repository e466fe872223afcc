//! Reads a chain again and says what is wrong with it, by line.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::days;
use super::head::Head;
use super::line::{self, Hash, Line, Tip, hex, unhex};

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
    anyhow::ensure!(!entries.is_empty() || head.is_some(), "VALIDATION_ERROR (no_audit_log): no records there");
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
        Err(error) => Err(error).with_context(|| format!("could not open {}", dir.join(days::HEAD).display())),
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

/// The walk along the chain.
#[derive(Default)]
struct Walk {
    report: Report,
    tip: Option<Tip>,
    /// Lines since the tip that could not be read as what they were.
    damaged: u64,
    /// Where each record stands that was passed, by its hash.
    passed: HashMap<Hash, (usize, usize)>,
}

impl Walk {
    fn all(&mut self, entries: &[Entry]) {
        let mut last_place: HashMap<u64, usize> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            if let Some(record) = entry.record.as_ref().filter(|record| record.sound) {
                last_place.insert(record.seq, index);
            }
        }
        self.report.lines = entries.len();
        for (index, entry) in entries.iter().enumerate() {
            let next = entries.get(index + 1).and_then(|next| next.record.as_ref());
            match &entry.record {
                Some(record) if record.sound => self.record(entry, record, &last_place, index),
                Some(_) => {
                    self.find(entry, Defect::Changed, "the text was changed: its hash is another one".to_owned());
                    self.damaged += 1;
                }
                None => self.fragment(entry, next),
            }
        }
        self.report.last = self.tip.map(|tip| tip.seq);
        self.report.head = self.tip.map(|tip| hex(&tip.hash));
    }

    fn find(&mut self, entry: &Entry, defect: Defect, message: String) {
        let file = self.report.files.get(entry.file).cloned().unwrap_or_default();
        self.report.findings.push(Finding { file, line: entry.number, defect, message });
    }

    /// A line that is no record.
    fn fragment(&mut self, entry: &Entry, next: Option<&Line>) {
        let vouched = next.is_some_and(|next| next.sound && next.fragment == Some(entry.fingerprint));
        if vouched {
            let file = self.report.files.get(entry.file).map(|file| file.display().to_string());
            self.report.notes.push(format!(
                "{}:{}: a line that was cut short ({} bytes): its writer was killed, or the disk was full; the next writer \
                 entered it as found",
                file.unwrap_or_default(),
                entry.number,
                entry.bytes
            ));
            return;
        }
        let message = if entry.ended {
            "this is no record: it was cut short, or another program wrote it"
        } else {
            "the last line is not whole: its writer was killed, the disk was full, or it was cut"
        };
        self.find(entry, Defect::NoRecord, message.to_owned());
        self.damaged += 1;
    }

    fn record(&mut self, entry: &Entry, record: &Line, last_place: &HashMap<u64, usize>, index: usize) {
        self.report.calls += usize::from(record.kind == "call");
        let tip = Tip { seq: record.seq, hash: record.hash };
        let Some(before) = self.tip else {
            self.first(entry, record);
            self.pass(entry, tip);
            return;
        };
        let due = before.seq + 1;
        if record.seq == due && record.prev == before.hash
            || self.damaged > 0 && record.seq == due + self.damaged
        {
            self.pass(entry, tip);
        } else if let Some((file, line)) = self.passed.get(&record.hash).copied() {
            let of = self.report.files.get(file).map(|file| file.display().to_string()).unwrap_or_default();
            self.find(entry, Defect::Duplicated, format!("this is {of}:{line} once more"));
        } else if record.seq > due {
            let missing = due + self.damaged..record.seq;
            let later = missing.clone().any(|seq| last_place.get(&seq).is_some_and(|place| *place > index));
            if later {
                self.find(entry, Defect::Moved, format!("record {} stands where {due} belongs", record.seq));
            } else {
                let (from, to) = (missing.start, record.seq - 1);
                self.find(entry, Defect::Removed, format!("records {from} to {to} are missing before it"));
            }
            self.pass(entry, tip);
        } else if record.seq < due {
            self.find(entry, Defect::Moved, format!("record {} stands where {due} belongs", record.seq));
            self.passed.insert(record.hash, (entry.file, entry.number));
        } else {
            let message = "it was written after another line than the one before it, which was replaced";
            self.find(entry, Defect::Replaced, message.to_owned());
            self.pass(entry, tip);
        }
    }

    /// The first record: the beginning of everything, or of what is left.
    fn first(&mut self, entry: &Entry, record: &Line) {
        self.report.first = Some(record.seq);
        if self.damaged > 0 && record.seq == 1 + self.damaged {
            return;
        }
        match (record.seq, record.kind.as_str(), record.prev == line::NONE) {
            (1, "genesis", true) => {}
            (1, ..) => self.find(entry, Defect::Replaced, "the first record is no beginning".to_owned()),
            (seq, ..) => self.report.notes.push(format!(
                "the chain begins with record {seq}, after {}: earlier files are not here, archived or removed",
                hex(&record.prev)
            )),
        }
    }

    fn pass(&mut self, entry: &Entry, tip: Tip) {
        self.passed.insert(tip.hash, (entry.file, entry.number));
        self.tip = Some(tip);
        self.damaged = 0;
    }

    /// The end of the files against the end that was kept beside them.
    fn against_head(&mut self, dir: &Path, head: Option<Head>) {
        let Some(head) = head else {
            let note = "there is no audit.head: lines cut off the end would not be noticed without --expect-head";
            self.report.notes.push(note.to_owned());
            return;
        };
        let last = self.tip.map_or(0, |tip| tip.seq);
        let end = head.tip.seq;
        let message = if last < end {
            format!("records {} to {end} were cut off the end: audit.head knows of them", last + 1)
        } else if !self.passed.contains_key(&head.tip.hash) {
            format!("record {end} is not the one that audit.head knows")
        } else {
            return;
        };
        let defect = if last < end { Defect::CutOff } else { Defect::Replaced };
        self.report.findings.push(Finding { file: dir.join(days::HEAD), line: 1, defect, message });
    }

    /// The chain against a head that was kept elsewhere.
    fn against_expected(&mut self, entries: &[Entry], expected: &str) {
        let sound = |entry: &Entry| entry.record.as_ref().filter(|record| record.sound).map(|record| record.hash);
        let at = unhex(expected).and_then(|hash| entries.iter().position(|entry| sound(entry) == Some(hash)));
        match at {
            Some(at) => self.report.notes.push(format!(
                "the expected head is there, with {} lines after it",
                entries.len() - at - 1
            )),
            None => self.report.findings.push(Finding {
                file: self.report.files.last().cloned().unwrap_or_default(),
                line: 0,
                defect: Defect::HeadMissing,
                message: format!("no record has the expected head {expected}: the end was cut off, or all was rewritten"),
            }),
        }
    }
}
