//! Counts verdicts by class, prints them, and keeps them in `target/attacks.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use super::case::{CLASSES, Case, Must};
use super::verdict::Failure;

/// The sections that were finished so far, by title.
static SECTIONS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// The verdicts on one stage.
pub(super) struct Report {
    title: String,
    /// By class: how many of each verdict, and how many failed.
    counts: BTreeMap<usize, (BTreeMap<Must, usize>, usize)>,
    open: Vec<String>,
    pub(super) failures: Vec<Failure>,
}

impl Report {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), counts: BTreeMap::new(), open: Vec::new(), failures: Vec::new() }
    }

    /// Takes one verdict down.
    pub(super) fn count(&mut self, case: &Case, verdict: Result<(), Failure>) {
        let class = CLASSES.iter().position(|class| *class == case.class).expect("a known class");
        let (verdicts, failed) = self.counts.entry(class).or_default();
        match verdict {
            Ok(()) => *verdicts.entry(case.must).or_default() += 1,
            Err(failure) => {
                *failed += 1;
                self.failures.push(failure);
            }
        }
        if case.must == Must::Open {
            self.open.push(format!("{}: {}", case.id, case.note));
        }
    }

    /// Prints the table and adds it to the file.
    pub(super) fn publish(&self) {
        let mut text = format!("## {}\n\n", self.title);
        let heads = ["cases", "rejected", "empty", "own rows", "value", "open", "failed"];
        let _ = writeln!(text, "| class | {} |\n|---|{}", heads.join(" | "), "---:|".repeat(heads.len()));
        let mut sums = [0; 7];
        for (class, (verdicts, failed)) in &self.counts {
            let row = row(verdicts, *failed);
            sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += number);
            line(&mut text, CLASSES[*class], row);
        }
        line(&mut text, "all", sums);
        if !self.open.is_empty() {
            let _ = writeln!(text, "\nOpen, as this database cannot stop them:\n");
            for open in &self.open {
                let _ = writeln!(text, "- {open}");
            }
        }
        eprintln!("\n{text}");
        let mut sections = SECTIONS.lock().expect("no panic while it was held");
        sections.insert(self.title.clone(), text);
        let all: Vec<&str> = sections.values().map(String::as_str).collect();
        let target =
            std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
        std::fs::write(target.join("attacks.md"), format!("# Attacks\n\n{}", all.join("\n")))
            .expect("target/ can be written");
    }

    /// Panics with all failures together.
    #[track_caller]
    pub(super) fn assert_none_failed(&self) {
        let lines: Vec<String> = self.failures.iter().map(|f| format!("{}: {}", f.id, f.why)).collect();
        assert!(lines.is_empty(), "{} failed on {}:\n{}", lines.len(), self.title, lines.join("\n"));
    }
}

fn row(verdicts: &BTreeMap<Must, usize>, failed: usize) -> [usize; 7] {
    let of = |must| verdicts.get(&must).copied().unwrap_or(0);
    let all = verdicts.values().sum::<usize>() + failed;
    [all, of(Must::Rejected), of(Must::Empty), of(Must::OwnRows), of(Must::Value), of(Must::Open), failed]
}

fn line(text: &mut String, name: &str, row: [usize; 7]) {
    let _ = writeln!(text, "| {name} | {} |", row.map(|number| number.to_string()).join(" | "));
}
