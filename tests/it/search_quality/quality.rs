//! The figures of each way of searching, kind of question and split: measured, pinned in a file, and as a table.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::asked::Rankings;
use super::metrics::{Figures, mean};
use super::questions::{Judged, KINDS, Split};

/// The figures that a change is held against. `scripts/search-quality --pin` writes it.
const PINNED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/search/quality.json");
const SPLITS: [&str; 3] = ["all", "tuning", "held_out"];

/// Way (`text`, `vector`, `hybrid`) → kind or `all` → `all`, `tuning` or `held_out` → figures.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Quality(BTreeMap<String, BTreeMap<String, BTreeMap<String, Figures>>>);

impl Quality {
    /// Adds a way of searching.
    pub(super) fn add(&mut self, way: &str, questions: &[Judged], rankings: &Rankings) {
        assert_eq!(questions.len(), rankings.len());
        let each: Vec<(&Judged, Figures)> = questions
            .iter()
            .zip(rankings)
            .map(|(judged, ranking)| (judged, Figures::of(ranking, &judged.judgements)))
            .collect();
        let kinds = KINDS.iter().chain(&["all"]).map(|kind| ((*kind).to_owned(), splits(&each, kind)));
        self.0.insert(way.to_owned(), kinds.collect());
    }

    /// The figures of a way, kind and split.
    #[track_caller]
    pub(super) fn of(&self, way: &str, kind: &str, split: &str) -> Figures {
        self.0[way][kind][split]
    }

    /// As pinned.
    pub(super) fn pinned() -> Self {
        let text = std::fs::read_to_string(PINNED).expect("scripts/search-quality --pin makes it");
        serde_json::from_str(&text).expect(PINNED)
    }

    /// Makes these the pinned ones.
    pub(super) fn pin(&self) {
        let mut text = serde_json::to_string_pretty(self).expect("JSON");
        text.push('\n');
        std::fs::write(Path::new(PINNED), text).expect(PINNED);
    }
}

fn splits(each: &[(&Judged, Figures)], kind: &str) -> BTreeMap<String, Figures> {
    let of = |split: &str| {
        let counts = |judged: &Judged| {
            (kind == "all" || judged.kind == kind)
                && (split == "all" || (split == "held_out") == (judged.split == Split::HeldOut))
        };
        let figures = mean(each.iter().filter(|(judged, _)| counts(judged)).map(|(_, figures)| *figures));
        (split.to_owned(), figures.rounded())
    };
    SPLITS.map(of).into()
}

impl Display for Quality {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for split in SPLITS {
            write!(out, "{split:10}")?;
            self.0.keys().try_for_each(|way| write!(out, " | {way:^22}"))?;
            write!(out, "\n{:10}", "")?;
            self.0.keys().try_for_each(|_| write!(out, " | nDCG@10 rec@10    MRR "))?;
            writeln!(out)?;
            KINDS.iter().chain(&["all"]).try_for_each(|kind| self.line(out, kind, split))?;
            writeln!(out)?;
        }
        Ok(())
    }
}

impl Quality {
    fn line(&self, out: &mut Formatter<'_>, kind: &str, split: &str) -> fmt::Result {
        write!(out, "{kind:10}")?;
        for way in self.0.keys() {
            let Figures { ndcg, recall, mrr } = self.of(way, kind, split);
            write!(out, " |  {ndcg:6.3}  {recall:6.3} {mrr:6.3}")?;
        }
        writeln!(out)
    }
}
