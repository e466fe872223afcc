//! The judged questions, and what must hold for them to measure anything.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

/// What the kinds are called, in the order of the table.
pub(super) const KINDS: [&str; 9] =
    ["natural", "synonym", "typo", "sku", "sentence", "attribute", "keyword", "language", "job"];

/// Whether the ranking may be tuned on a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Split {
    Tuning,
    HeldOut,
}

/// A question, and the grades of the articles that deserve one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Judged {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) split: Split,
    pub(super) question: String,
    pub(super) judgements: HashMap<String, u32>,
}

/// All of them.
pub(super) fn all() -> Vec<Judged> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/search/questions.jsonl");
    let text = std::fs::read_to_string(path).expect("the judged questions");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn there_are_enough_of_every_kind() {
    let all = all();
    assert!(all.len() >= 150, "{}", all.len());
    for kind in KINDS {
        let of = |split| all.iter().filter(|judged| judged.kind == kind && judged.split == split).count();
        assert!(of(Split::Tuning) >= 2 * of(Split::HeldOut) && of(Split::HeldOut) >= 5, "{kind}");
    }
    assert!(all.iter().all(|judged| KINDS.contains(&judged.kind.as_str())));
}

#[test]
fn every_third_is_held_out_and_no_question_stands_twice() {
    let all = all();
    let mut seen = HashSet::new();
    for (number, judged) in (1..).zip(&all) {
        assert_eq!(judged.id, format!("q{number:03}"));
        assert_eq!(judged.split == Split::HeldOut, number % 3 == 0, "{}", judged.id);
        assert!(seen.insert(judged.question.to_lowercase()), "{} stands twice", judged.question);
    }
}

#[test]
fn grades_are_1_to_3_and_something_is_meant() {
    for judged in all() {
        assert!(judged.judgements.values().all(|grade| (1..=3).contains(grade)), "{}", judged.id);
        assert!(judged.judgements.values().any(|grade| *grade == 3), "{}", judged.id);
    }
}

/// A SKU that left the catalogue would count against every ranking.
#[test]
fn every_judged_article_is_in_the_catalogue() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/seed/catalogue");
    let mut skus = HashSet::new();
    for file in std::fs::read_dir(dir).expect("the catalogue") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("UTF-8");
        skus.extend(text.lines().filter_map(|line| Some(line.split_once(',')?.0.to_owned())));
    }
    assert!(skus.len() > 400, "{}", skus.len());
    for judged in all() {
        for sku in judged.judgements.keys() {
            assert!(skus.contains(sku), "{}: {sku}", judged.id);
        }
    }
}
