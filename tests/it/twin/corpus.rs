//! Everything that the project itself asks gives the same bytes on all twins: the attacks and the honest queries, the
//! queries of the README and of the examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::ask::{THE_DATABASE, call};
use super::compare::{Counts, Verdict};
use super::databases::{Person, REGIONAL_MANAGER, STORE_MANAGER, Twins};
use super::written::{self, Written};
use crate::attacks::case::{self, Case, Must};
use crate::attacks::stage;

/// Cases that one and the same database answers differently each time, and why. That is found out by asking again; this
/// list bounds it.
const VARY: [(&str, &str); 1] =
    [("catalog-029", "names of the session's own prepared statements, which count its calls")];

/// Time limits of a statement, in seconds; the short one for what only ends by it.
const PATIENT: u32 = 30;
const BRIEF: u32 = 1;

/// A call, and where it comes from.
struct Question {
    id: String,
    class: String,
    call: Value,
    /// Only the time limit ends it.
    endless: bool,
    /// Known not to be stopped: listed and bounded by the attacks themselves.
    open: bool,
}

/// What the comparison found.
#[derive(Default)]
struct Findings {
    classes: BTreeMap<String, (Counts, usize)>,
    differences: Vec<String>,
    vary: Vec<String>,
}

#[test]
fn attacks_and_honest_queries_of_a_store_manager_give_the_same_bytes() {
    compare_cases(STORE_MANAGER);
}

#[test]
fn attacks_and_honest_queries_of_a_regional_manager_give_the_same_bytes() {
    compare_cases(REGIONAL_MANAGER);
}

#[test]
fn the_queries_of_the_readme_and_the_examples_give_the_same_bytes() {
    let written: Vec<Written> = ["README.md", "examples"].into_iter().flat_map(written::queries).collect();
    for file in ["README.md", "examples/ask.py", "examples/ask.sh"] {
        assert!(written.iter().any(|query| query.file == file), "{file} has queries");
    }
    let question = |query: &Written| Question {
        id: format!("{}: {}", query.file, query.sql),
        class: query.file.clone(),
        call: call(&query.sql, 10_000),
        endless: false,
        open: false,
    };
    let questions: Vec<Question> = written.iter().map(question).collect();
    for person in [STORE_MANAGER, REGIONAL_MANAGER] {
        let found = compare(Twins::of(person), &questions);
        found.publish(&format!("README and examples, {}", person.name));
        found.assert_same();
        assert_eq!(found.all().0.errors, 0, "every query that is shown to people is answered");
    }
}

fn compare_cases(person: Person) {
    let twins = Twins::of(person);
    let mut fill = stage::fill(&twins.base, person.name, person.identity, person.stores);
    fill.retain(|(name, _)| *name != "database");
    fill.push(("database", THE_DATABASE.to_owned()));
    let mine = |case: &Case| case.only.as_deref().is_none_or(|only| only == person.name);
    let question = |case: Case| Question {
        call: case.call(&fill),
        endless: case.by.as_deref() == Some("statement_timeout"),
        open: case.must == Must::Open,
        id: case.id,
        class: case.class,
    };
    let questions: Vec<Question> = case::all().into_iter().filter(mine).map(question).collect();
    let found = compare(twins, &questions);
    found.publish(&format!("Attacks and honest queries, {}", person.name));
    found.assert_same();
    let (all, _) = found.all();
    assert!(all.asked >= 1_500 && all.with_rows >= 300, "{all:?}");
    let endless = questions.iter().filter(|question| question.endless);
    assert!(endless.clone().all(|question| question.class == case::DENIAL), "nothing else is slow");
    assert_eq!(all.too_slow, endless.count(), "only of these no more is compared than that all are too slow");
    assert!(all.too_slow <= 15, "{all:?}");
}

/// What ends by itself with much patience, the rest with little.
fn compare(twins: &Twins, questions: &[Question]) -> Findings {
    let mut found = Findings::default();
    for timeout in [PATIENT, BRIEF] {
        let now = |question: &&Question| question.endless == (timeout == BRIEF);
        let questions: Vec<&Question> = questions.iter().filter(now).collect();
        let calls: Vec<Value> = questions.iter().map(|question| question.call.clone()).collect();
        let compared = twins.compare(&calls, timeout);
        for (index, question) in questions.into_iter().enumerate() {
            found.add(question, &compared.verdicts[index]);
            let counts = found.classes.entry(question.class.clone()).or_default();
            counts.0.add(&compared.replies[index], &compared.verdicts[index]);
            let all_end = || compared.others.iter().all(|replies| replies[index].timed_out());
            assert!(!question.endless || all_end(), "{} is answered on a twin", question.id);
        }
    }
    found
}

impl Findings {
    fn add(&mut self, question: &Question, verdict: &Verdict) {
        match verdict {
            Verdict::Varies => self.vary.push(question.id.clone()),
            Verdict::Differs(..) if question.open => {
                self.classes.entry(question.class.clone()).or_default().1 += 1;
            }
            Verdict::OtherPlan => self.differences.push(format!("{}: depends on the plan", question.id)),
            Verdict::Differs(one, other) => {
                let text = format!("{}: {}\n  {one:.600}\n  {other:.600}", question.id, question.call);
                self.differences.push(text);
            }
            Verdict::Same | Verdict::TooSlow => {}
        }
    }

    fn all(&self) -> (Counts, usize) {
        let mut sum = (Counts::default(), 0);
        for (counts, open) in self.classes.values() {
            sum.0 += *counts;
            sum.1 += open;
        }
        sum
    }

    #[track_caller]
    fn assert_same(&self) {
        let unknown = |id: &&String| !VARY.iter().any(|(known, _)| known == id);
        let unknown: Vec<&String> = self.vary.iter().filter(unknown).collect();
        assert!(unknown.is_empty(), "these vary from run to run and are not in the list: {unknown:?}");
        let shown: Vec<&str> = self.differences.iter().take(5).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} differ:\n{}", self.differences.len(), shown.join("\n"));
    }

    /// Prints the table and adds it to `target/non-interference.md`.
    fn publish(&self, title: &str) {
        let heads =
            ["asked", "same bytes", "too slow on all", "vary", "differ, open", "differ", "errors", "rows"];
        let mut text = format!(
            "## {title}\n\n| class | {} |\n|---|{}\n",
            heads.join(" | "),
            "---:|".repeat(heads.len())
        );
        let all = ("all".to_owned(), self.all());
        for (class, (counts, open)) in self.classes.clone().into_iter().chain([all]) {
            let Counts { asked, same, too_slow, vary, differ, other_plan, errors, rows, .. } = counts;
            let numbers = [asked, same, too_slow, vary, open, differ + other_plan - open, errors, rows];
            let _ = writeln!(text, "| {class} | {} |", numbers.map(|number| number.to_string()).join(" | "));
        }
        super::publish(title, text);
    }
}
