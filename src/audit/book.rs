//! Appends to the chain: one file a day, shared by all processes that name the same directory.
//!
//! One chain for all of them, and not one each, because then nobody can take away a whole process's calls unseen, and
//! the order of everybody's calls is kept. A writer holds a lock on `audit.head` while it looks where the chain ends and
//! appends one write. It goes on from what `audit.head` says, so lines that were cut off leave a gap for ever.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::AuditError;
use super::days;
use super::head::Head;
use super::line::{self, Tip};
use super::place::{OpenFile, Place};
use super::writing::{lock, write_whole};

/// The lines of one kind.
pub(super) struct Entry {
    pub(super) kind: &'static str,
    pub(super) fields: Map<String, Value>,
}

/// A directory of days.
pub(super) struct Book {
    path: PathBuf,
    /// What this process says of itself before its first line.
    start: Option<Map<String, Value>>,
    open: Option<Open>,
}

struct Open {
    place: Place,
    head: OpenFile,
    day: Option<OpenFile>,
}

/// Where the chain ends, and what was found behind or missing from it.
struct End {
    tip: Option<Tip>,
    /// Bytes of today's file.
    bytes: u64,
    found: Option<Map<String, Value>>,
    /// The file ends within a line.
    open_line: bool,
}

impl Book {
    pub(super) fn new(path: &Path, start: Map<String, Value>) -> Self {
        Self { path: path.to_owned(), start: Some(start), open: None }
    }

    /// Appends one entry. After a failure the files are opened anew by the next one.
    pub(super) fn append(&mut self, entry: Entry, now: Timestamp) -> Result<(), AuditError> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => Open::at(&self.path)?,
        };
        open.append(self.start.as_ref(), entry, now)?;
        self.start = None;
        self.open = Some(open);
        Ok(())
    }
}

impl Open {
    fn at(path: &Path) -> Result<Self, AuditError> {
        let place = Place::open(path)?;
        let head = place.file(days::HEAD, false)?;
        Ok(Self { place, head, day: None })
    }

    fn append(
        &mut self,
        start: Option<&Map<String, Value>>,
        entry: Entry,
        now: Timestamp,
    ) -> Result<(), AuditError> {
        lock(&self.head.file)?;
        let done = self.append_locked(start, entry, now);
        let _ = self.head.file.unlock();
        done
    }

    fn append_locked(
        &mut self,
        start: Option<&Map<String, Value>>,
        entry: Entry,
        now: Timestamp,
    ) -> Result<(), AuditError> {
        self.place.must_stand()?;
        self.place.bytes(&self.head)?;
        let head = Head::read(&self.head.file).map_err(|error| AuditError::io("read audit.head", error))?;
        // A clock that was set back does not open an earlier day again.
        let today = now.strftime("%Y-%m-%d").to_string();
        let today = head.as_ref().map_or(today.clone(), |head| today.max(head.day.clone()));
        let end = self.end(head.as_ref(), &today)?;
        let time = now.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let mut text = Text { lines: String::new(), tip: end.tip, time };
        if end.open_line {
            text.lines.push('\n');
        }
        if end.tip.is_none() {
            text.add("genesis", genesis());
        }
        if let Some(found) = end.found {
            text.add("recovered", found);
        }
        if let Some(start) = start {
            text.add("start", start.clone());
        }
        text.add(entry.kind, entry.fields);
        let day = self.day.as_mut().ok_or(AuditError::NotOpen)?;
        write_whole(&mut day.file, text.lines.as_bytes(), end.bytes)?;
        let bytes = end.bytes + text.lines.len() as u64;
        if let Some(tip) = text.tip
            && let Err(error) = (Head { tip, day: today, bytes }).write(&self.head.file)
        {
            // The line is there; the next writer finds it behind the head.
            tracing::warn!("could not write {}: {error}", days::HEAD);
        }
        Ok(())
    }

    /// Finds the end of the chain, and opens today's file.
    fn end(&mut self, head: Option<&Head>, today: &str) -> Result<End, AuditError> {
        let name = days::file_name(today);
        if self.day.as_ref().is_none_or(|day| day.name != name) {
            self.day = Some(self.place.file(&name, true)?);
        }
        let Some(day) = &self.day else { return Err(AuditError::NotOpen) };
        let bytes = self.place.bytes(day)?;
        let known = match head {
            Some(head) if head.day == today => head.bytes,
            _ => 0,
        };
        let tip = match head {
            Some(head) if head.day == today => Some(head.tip),
            Some(head) => self.end_of(head)?,
            // The head is new or was removed: the newest line that there is.
            None => days::newest_before(&self.place, today)?,
        };
        if bytes == known {
            return Ok(End { tip, bytes, found: None, open_line: false });
        }
        if bytes < known {
            let found = json!({"found": "cut", "missing_bytes": known - bytes});
            return Ok(End { tip, bytes, found: object(found), open_line: ends_open(day, bytes)? });
        }
        behind(day, known, tip)
    }

    /// The end of an earlier day, whose last writer may have died before it wrote the head. Where that day's file is gone,
    /// archived or removed, the head stands for it.
    fn end_of(&self, head: &Head) -> Result<Option<Tip>, AuditError> {
        let name = days::file_name(&head.day);
        if !self.place.path().join(&name).exists() {
            return Ok(Some(head.tip));
        }
        let day = self.place.file(&name, true)?;
        if self.place.bytes(&day)? <= head.bytes {
            return Ok(Some(head.tip));
        }
        Ok(behind(&day, head.bytes, Some(head.tip))?.tip)
    }
}

/// Reads what stands behind the known end: lines whose writer died before it wrote the head, or a fragment of one.
fn behind(day: &OpenFile, known: u64, mut tip: Option<Tip>) -> Result<End, AuditError> {
    let read = read_from(&day.file, known).map_err(|error| AuditError::io("read the file", error))?;
    let bytes = known + read.len() as u64;
    let mut rest = read.as_slice();
    while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
        let (whole, after) = rest.split_at(at + 1);
        let follows = line::read(whole.trim_ascii_end()).filter(|line| {
            line.sound && tip.is_none_or(|tip| (line.seq, line.prev) == (tip.seq + 1, tip.hash))
        });
        let Some(line) = follows else { break };
        tip = Some(Tip { seq: line.seq, hash: line.hash });
        rest = after;
    }
    if rest.is_empty() {
        return Ok(End { tip, bytes, found: None, open_line: false });
    }
    let open_line = !rest.ends_with(b"\n");
    let fragment = rest.strip_suffix(b"\n").unwrap_or(rest);
    let found = json!({
        "found": "fragment", "fragment_bytes": fragment.len(), "fragment_sha256": line::fingerprint(fragment),
    });
    Ok(End { tip, bytes, found: object(found), open_line })
}

pub(super) fn read_from(mut file: &File, from: u64) -> std::io::Result<Vec<u8>> {
    let mut read = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut read)?;
    Ok(read)
}

fn ends_open(day: &OpenFile, bytes: u64) -> Result<bool, AuditError> {
    let Some(last) = bytes.checked_sub(1) else { return Ok(false) };
    let read = read_from(&day.file, last).map_err(|error| AuditError::io("read the file", error))?;
    Ok(read.last() != Some(&b'\n'))
}

/// Lines that are written together.
struct Text {
    lines: String,
    tip: Option<Tip>,
    time: String,
}

impl Text {
    fn add(&mut self, kind: &str, fields: Map<String, Value>) {
        let (line, tip) = line::seal(self.tip, &self.time, kind, fields);
        self.lines.push_str(&line);
        self.lines.push('\n');
        self.tip = Some(tip);
    }
}

fn genesis() -> Map<String, Value> {
    object(json!({"format": "zava-mcp audit 1"})).unwrap_or_default()
}

pub(super) fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}
