//! Every attack once more through the other tools that take SQL, which must tell no more than the query itself may.

use super::case::{self, Case, DENIAL, HONEST};
use super::fingerprint::Fingerprint;
use super::marked;
use super::stage::Stage;
use super::verdict::{Answer, short};

#[test]
fn no_attack_learns_of_another_stores_rows_from_its_plan_or_changes_anything() {
    for stage in [Stage::seattle(marked()), Stage::puget_sound(marked())] {
        let Tried { answered, refused, .. } = through("explain_sales_query", &stage);
        assert!(answered >= 250, "{answered} were explained");
        assert!(refused.is_empty(), "honest queries: {refused:?}");
    }
}

#[test]
fn no_attack_draws_another_stores_rows_or_changes_anything() {
    for stage in [Stage::seattle(marked()), Stage::puget_sound(marked())] {
        let Tried { answered, refused, unfit } = through("chart_sales_query", &stage);
        assert!(answered >= 30 && unfit >= 300, "{answered} were drawn, {unfit} are no chart");
        assert!(refused.is_empty(), "honest queries: {refused:?}");
    }
}

/// What came of all cases.
struct Tried {
    answered: u32,
    /// Answered with rows that make no chart.
    unfit: u32,
    /// Honest queries that were refused for another reason.
    refused: Vec<String>,
}

/// Sends every SQL of the suite to a tool. Nothing may be shown, left behind or changed.
fn through(tool: &str, stage: &Stage<'_>) -> Tried {
    let cases: Vec<Case> = case::all().into_iter().filter(|case| case.sql.is_some()).collect();
    assert!(cases.len() >= 600, "{}", cases.len());
    let _alone = stage.alone();
    let before = Fingerprint::of(stage.database, &stage.login);
    let mut client = stage.serve(&["--statement-timeout", "2"]);
    let baseline = Stage::state(&mut client);
    let mut tried = Tried { answered: 0, unfit: 0, refused: Vec::new() };
    let mut failures = Vec::new();
    for case in cases.iter().filter(|case| case.only.as_deref().is_none_or(|only| only == stage.name)) {
        let mut call = case.call(&stage.fill);
        call["name"] = tool.into();
        if let Some(arguments) = call["arguments"].as_object_mut() {
            arguments.retain(|name, _| name == "postgresql_query");
        }
        let answer = Answer::of(&client.request("tools/call", call.clone()));
        let shown = stage.secrets.shown(&answer.text, &call.to_string());
        if !shown.is_empty() {
            failures.push(format!("{} shows {}: {}", case.id, shown.join(", "), short(&answer.text)));
        }
        if case.class != DENIAL && Stage::state(&mut client) != baseline {
            failures.push(format!("{} left something behind", case.id));
        }
        let unfit = answer.text.contains("(not_chartable)");
        tried.answered += u32::from(!answer.is_error);
        tried.unfit += u32::from(unfit);
        if case.class == HONEST && answer.is_error && !unfit {
            tried.refused.push(format!("{}: {}", case.id, short(&answer.text)));
        }
    }
    assert_eq!(client.value("SELECT 1"), 1);
    assert_eq!(client.hang_up().0, Some(0));
    failures.extend(before.changed(stage.database).into_iter().map(|part| format!("changed {part}")));
    assert!(failures.is_empty(), "{} as {}:\n{}", failures.len(), stage.name, failures.join("\n"));
    tried
}
