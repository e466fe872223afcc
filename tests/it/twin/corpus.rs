//! Everything that the project itself asks gives the same bytes on all twins: the attacks and the honest queries, the
//! queries of the README and of the examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Add;

use serde_json::Value;

use super::ask::{Asker, THE_DATABASE, call};
use super::databases::{Answers, Person, REGIONAL_MANAGER, STORE_MANAGER, Twins};
use super::written;
use crate::attacks::case::{self, Case, Must};
use crate::attacks::stage;

/// Cases whose answers differ from run to run on one and the same database, and why. That is found out by asking twice;
/// this list bounds it.
const VARY: [(&str, &str); 1] =
    [("catalog-029", "names of the session's own prepared statements, which count its calls")];

/// Time limit of a statement, in seconds; the shorter one for what only ends by it.
const PATIENT: u32 = 30;
const BRIEF: u32 = 1;

/// A call, with the name of who asks it.
struct Question {
    id: String,
    class: String,
    call: Value,
    /// Only the time limit ends it.
    endless: bool,
    /// Known not to be stopped; listed and bounded by the attacks themselves.
    open: bool,
}

/// How the answers to one class compare.
#[derive(Clone, Copy, Default)]
struct Counts {
    asked: usize,
    same: usize,
    /// They ran into the time limit somewhere: an error on all of them is all that can be expected.
    timed_out: usize,
    vary: usize,
    open: usize,
    with_rows: usize,
}

impl Add for Counts {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            asked: self.asked + more.asked,
            same: self.same + more.same,
            timed_out: self.timed_out + more.timed_out,
            vary: self.vary + more.vary,
            open: self.open + more.open,
            with_rows: self.with_rows + more.with_rows,
        }
    }
}

/// What the comparison found.
#[derive(Default)]
struct Comparison {
    classes: BTreeMap<String, Counts>,
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
    let written: Vec<_> = ["README.md", "examples"].into_iter().flat_map(written::queries).collect();
    for file in ["README.md", "examples/ask.py", "examples/ask.sh"] {
        assert!(written.iter().any(|query| query.file == file), "{file} has queries");
    }
    let question = |query: &written::Written| Question {
        id: format!("{}: {}", query.file, query.sql),
        class: query.file.clone(),
        call: call(&query.sql),
        endless: false,
        open: false,
    };
    for person in [STORE_MANAGER, REGIONAL_MANAGER] {
        let questions: Vec<_> = written.iter().map(question).collect();
        let found = compare(Twins::of(person), &questions, PATIENT);
        found.publish(&format!("README and examples, {}", person.name));
        found.assert_same();
        let answered: usize = found.classes.values().map(|counts| counts.with_rows).sum();
        assert_eq!(answered, questions.len(), "every query that is shown to people gives rows");
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
    let questions: Vec<_> = case::all().into_iter().filter(mine).map(question).collect();
    let (endless, others): (Vec<_>, Vec<_>) = questions.into_iter().partition(|question| question.endless);
    let mut found = compare(twins, &others, PATIENT);
    assert_eq!(found.all().timed_out, 0, "nothing else runs into the time limit");
    found.add(compare(twins, &endless, BRIEF));
    found.publish(&format!("attacks and honest queries, {}", person.name));
    found.assert_same();
    let all = found.all();
    assert!(all.asked >= 1_500 && all.with_rows >= 300, "{} asked, {} with rows", all.asked, all.with_rows);
    assert_eq!(all.timed_out, endless.len(), "what is not compared by its bytes");
    assert!(endless.len() <= 20 && endless.iter().all(|question| question.class == case::DENIAL));
}

/// Asks everything everywhere, and the shop itself twice.
fn compare(twins: &Twins, questions: &[Question], timeout: u32) -> Comparison {
    let calls: Vec<Value> = questions.iter().map(|question| question.call.clone()).collect();
    let Answers { base, others } = twins.ask(&calls, timeout);
    let mut again = base.clone();
    if timeout == PATIENT {
        again = Asker { identity: twins.person.identity, timeout }.ask(&twins.base, &calls);
    }
    let mut found = Comparison::default();
    for (index, question) in questions.iter().enumerate() {
        let answers = others.each_ref().map(|answers| answers[index].as_str());
        found.count(question, [&base[index], &again[index]], answers);
    }
    found
}

impl Comparison {
    fn count(&mut self, question: &Question, [base, again]: [&str; 2], others: [&str; 3]) {
        let counts = self.classes.entry(question.class.clone()).or_default();
        counts.asked += 1;
        counts.with_rows += usize::from(has_rows(base));
        let known = VARY.iter().any(|(id, _)| *id == question.id);
        if question.open {
            counts.open += 1;
        } else if base != again || known {
            counts.vary += 1;
            self.vary.push(question.id.clone());
        } else if [base].iter().chain(&others).any(|answer| answer.contains("QUERY_TIMEOUT")) {
            counts.timed_out += 1;
            if ![base].iter().chain(&others).all(|answer| is_error(answer)) {
                self.differences.push(format!("{}: answered on some, too slow on others", question.id));
            }
        } else if let Some(other) = others.iter().find(|other| **other != base) {
            self.differences
                .push(format!("{}: {}\n  {base:.600}\n  {other:.600}", question.id, question.call));
        } else {
            counts.same += 1;
        }
    }

    fn add(&mut self, more: Self) {
        for (class, counts) in more.classes {
            let sum = self.classes.entry(class).or_default();
            *sum = *sum + counts;
        }
        self.differences.extend(more.differences);
        self.vary.extend(more.vary);
    }

    fn all(&self) -> Counts {
        self.classes.values().fold(Counts::default(), |sum, more| sum + *more)
    }

    #[track_caller]
    fn assert_same(&self) {
        let known: Vec<&str> = VARY.iter().map(|(id, _)| *id).collect();
        let unknown: Vec<_> = self.vary.iter().filter(|id| !known.contains(&id.as_str())).collect();
        assert!(unknown.is_empty(), "these differ from run to run and are not in the list: {unknown:?}");
        let shown: Vec<&str> = self.differences.iter().take(5).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} differ:\n{}", self.differences.len(), shown.join("\n"));
    }

    /// Prints the table and adds it to `target/non-interference.md`.
    fn publish(&self, title: &str) {
        let heads = ["asked", "same bytes", "too slow on all", "vary", "open", "differ", "with rows"];
        let mut text = format!(
            "## {title}\n\n| class | {} |\n|---|{}\n",
            heads.join(" | "),
            "---:|".repeat(heads.len())
        );
        let all = ("all".to_owned(), self.all());
        for (class, counts) in
            self.classes.iter().map(|(class, counts)| (class.clone(), *counts)).chain([all])
        {
            let Counts { asked, same, timed_out, vary, open, with_rows } = counts;
            let differ = asked - same - timed_out - vary - open;
            let _ = writeln!(
                text,
                "| {class} | {asked} | {same} | {timed_out} | {vary} | {open} | {differ} | {with_rows} |"
            );
        }
        eprintln!("\n{text}");
        super::publish(title, text);
    }
}

fn is_error(answer: &str) -> bool {
    answer.contains("\"isError\":true") || answer.contains("\"error\":{")
}

fn has_rows(answer: &str) -> bool {
    !is_error(answer) && !answer.contains("\"msg\":\"No rows\"")
}
