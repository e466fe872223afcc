//! Runs cases on a stage: one verdict each, nothing left in the session, nothing changed in the database.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::mcp::Client;

use super::case::{Case, DENIAL, Must, filled};
use super::fingerprint::Fingerprint;
use super::stage::Stage;
use super::table::Report;
use super::verdict::{Answer, Failure, judge};

/// Queries that run into a limit are sent so many at a time, each with this time limit.
const AT_ONCE: usize = 6;
const TIMEOUT: [&str; 4] = ["--statement-timeout", "2", "--pool-max", "6"];
/// Such a lot must have ended by then: the limit, and patience with two processors for six queries.
const QUICKLY: Duration = Duration::from_secs(15);

/// What the superuser's own queries give, by the id of the case.
type Expected = HashMap<String, Option<String>>;

/// How often the whole database is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    /// After each class.
    Classes,
    /// Once at the end; for a large database.
    End,
    /// Not at all, as somebody else does or the database was changed on purpose.
    Never,
}

/// Runs the cases in their order, those of a class together.
pub(super) fn run(stage: &Stage, cases: &[Case], compare: Compare) -> Report {
    let _alone = stage.alone();
    let mine: Vec<&Case> =
        cases.iter().filter(|case| case.only.as_deref().is_none_or(|only| only == stage.name)).collect();
    let expected = expected(stage, &mine);
    let before = (compare != Compare::Never).then(|| Fingerprint::of(stage.database, &stage.login));
    let changed = |at: &str| {
        let changed = before.iter().flat_map(|before| before.changed(stage.database));
        changed.map(|part| Failure::of(at, format!("changed {part}"))).collect::<Vec<_>>()
    };
    let mut report = Report::new(stage.name);
    let mut client = stage.serve(&[]);
    let baseline = Stage::state(&mut client);
    if let Some(harm) = &stage.harm {
        stage.database.script(harm);
    }
    for class in mine.chunk_by(|a, b| a.class == b.class) {
        let verdicts = if class[0].class == DENIAL {
            bounded(stage, class, &expected)
        } else {
            one_by_one(stage, &mut client, class, &expected, &baseline)
        };
        class.iter().zip(verdicts).for_each(|(case, verdict)| report.count(case, verdict));
        assert_eq!(client.value("SELECT 1"), 1, "still answers after {}", class[0].class);
        if compare == Compare::Classes {
            report.failures.extend(changed(&class[0].class));
        }
    }
    let (code, _) = client.hang_up();
    assert_eq!(code, Some(0), "the server ends well");
    if compare == Compare::End {
        report.failures.extend(changed("all"));
    }
    report
}

type Verdict = Result<(), Failure>;

fn one_by_one(
    stage: &Stage,
    client: &mut Client,
    class: &[&Case],
    expected: &Expected,
    baseline: &Value,
) -> Vec<Verdict> {
    let mut alone = None;
    let verdicts = class.iter().map(|case| {
        // what a database cannot stop may well leave something behind: another process, which ends before the comparison
        let open = case.must == Must::Open;
        let client = if open { alone.get_or_insert_with(|| stage.serve(&[])) } else { &mut *client };
        let call = case.call(&stage.fill);
        let answer = Answer::of(&client.request("tools/call", call.clone()));
        judge(case, &answer, &call.to_string(), expected.get(&case.id), &stage.secrets)?;
        let now = if open { baseline.clone() } else { Stage::state(client) };
        if now == *baseline {
            Ok(())
        } else {
            Err(Failure::of(&case.id, format!("left behind {now}, was {baseline}")))
        }
    });
    verdicts.collect()
}

/// Several at once by a process with a short time limit.
fn bounded(stage: &Stage, class: &[&Case], expected: &Expected) -> Vec<Verdict> {
    let mut client = stage.serve(&TIMEOUT);
    let mut verdicts = Vec::new();
    for lot in class.chunks(AT_ONCE) {
        let calls: Vec<Value> = lot.iter().map(|case| case.call(&stage.fill)).collect();
        let began = Instant::now();
        let sent: Vec<u64> = calls.iter().map(|call| client.send("tools/call", call.clone())).collect();
        for ((case, call), id) in lot.iter().zip(&calls).zip(sent) {
            let answer = Answer::of(&client.answer(id));
            let verdict = judge(case, &answer, &call.to_string(), expected.get(&case.id), &stage.secrets);
            let took = began.elapsed();
            let late = || Failure::of(&case.id, format!("took {took:?}"));
            verdicts.push(verdict.and_then(|()| if took < QUICKLY { Ok(()) } else { Err(late()) }));
        }
    }
    assert_eq!(client.value("SELECT 1"), 1);
    verdicts
}

impl Failure {
    fn of(id: &str, why: String) -> Self {
        Self { id: id.to_owned(), why, leak: false }
    }
}

/// Asks the superuser for all values in one statement.
fn expected(stage: &Stage, cases: &[&Case]) -> Expected {
    let one = |case: &&Case| {
        let sql = filled(case.value_sql.as_ref()?, &stage.fill);
        Some(format!("SELECT '{}', ({sql})::text", case.id))
    };
    let all: Vec<String> = cases.iter().filter_map(one).collect();
    if all.is_empty() {
        return Expected::new();
    }
    let sql = format!("SELECT jsonb_object_agg(id, v)::text FROM ({}) AS e(id, v)", all.join(" UNION ALL "));
    serde_json::from_str(&stage.database.value(&sql)).expect("texts by id")
}
