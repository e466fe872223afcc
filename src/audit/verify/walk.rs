//! The walk along the chain, from line to line.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Defect, Entry, Finding, Report};
use crate::audit::days;
use crate::audit::head::Head;
use crate::audit::line::{self, Hash, Line, Tip, hex, unhex};

/// The walk along the chain.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) report: Report,
    tip: Option<Tip>,
    /// Lines since the tip that could not be read as what they were.
    damaged: u64,
    /// Where each record stands that was passed, by its hash.
    passed: HashMap<Hash, (usize, usize)>,
}

impl Walk {
    pub(super) fn all(&mut self, entries: &[Entry]) {
        let mut last_place: BTreeMap<u64, usize> = BTreeMap::new();
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
                    self.find(
                        entry,
                        Defect::Changed,
                        "the text was changed: its hash is another one".to_owned(),
                    );
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

    fn record(&mut self, entry: &Entry, record: &Line, last_place: &BTreeMap<u64, usize>, index: usize) {
        self.report.calls += usize::from(record.kind == "call");
        let tip = Tip { seq: record.seq, hash: record.hash };
        let Some(before) = self.tip else {
            self.first(entry, record);
            self.pass(entry, tip);
            return;
        };
        // Anybody can write a line with any number and the right hash.
        let due = before.seq.saturating_add(1);
        let after_damage = due.saturating_add(self.damaged);
        if record.seq == due && record.prev == before.hash || record.seq > due && record.seq <= after_damage {
            self.pass(entry, tip);
        } else if let Some((file, line)) = self.passed.get(&record.hash).copied() {
            let of = self.report.files.get(file).map(|file| file.display().to_string()).unwrap_or_default();
            self.find(entry, Defect::Duplicated, format!("this is {of}:{line} once more"));
        } else if record.seq > due {
            let later = last_place.range(after_damage..record.seq).any(|(_, place)| *place > index);
            if later {
                self.find(entry, Defect::Moved, format!("record {} stands where {due} belongs", record.seq));
            } else {
                let (from, to) = (after_damage, record.seq - 1);
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
    pub(super) fn against_head(&mut self, dir: &Path, head: Option<Head>) {
        let Some(head) = head else {
            let note =
                "there is no audit.head: lines cut off the end would not be noticed without --expect-head";
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
    pub(super) fn against_expected(&mut self, entries: &[Entry], expected: &str) {
        let sound =
            |entry: &Entry| entry.record.as_ref().filter(|record| record.sound).map(|record| record.hash);
        let at = unhex(expected).and_then(|hash| entries.iter().position(|entry| sound(entry) == Some(hash)));
        match at {
            Some(at) => self
                .report
                .notes
                .push(format!("the expected head is there, with {} lines after it", entries.len() - at - 1)),
            None => self.report.findings.push(Finding {
                file: self.report.files.last().cloned().unwrap_or_default(),
                line: 0,
                defect: Defect::HeadMissing,
                message: format!(
                    "no record has the expected head {expected}: the end was cut off, or all was rewritten"
                ),
            }),
        }
    }
}
