//! Every attack once more through `explain_sales_query`, which must tell no more than the query itself may.

use super::case::{self, Case, DENIAL, HONEST};
use super::fingerprint::Fingerprint;
use super::marked;
use super::stage::Stage;
use super::verdict::{Answer, short};

#[test]
fn no_attack_learns_of_another_stores_rows_from_its_plan_or_changes_anything() {
    let cases: Vec<Case> = case::all().into_iter().filter(|case| case.sql.is_some()).collect();
    assert!(cases.len() >= 600, "{}", cases.len());
    for stage in [Stage::seattle(marked()), Stage::puget_sound(marked())] {
        let _alone = stage.alone();
        let before = Fingerprint::of(stage.database, &stage.login);
        let mut client = stage.serve(&["--statement-timeout", "2"]);
        let baseline = Stage::state(&mut client);
        let (mut explained, mut failures) = (0, Vec::new());
        for case in cases.iter().filter(|case| case.only.as_deref().is_none_or(|only| only == stage.name)) {
            let mut call = case.call(&stage.fill);
            call["name"] = "explain_sales_query".into();
            if let Some(arguments) = call["arguments"].as_object_mut() {
                arguments.retain(|name, _| name == "postgresql_query");
            }
            let answer = Answer::of(&client.request("tools/call", call.clone()));
            let shown = stage.secrets.shown(&answer.text, &call.to_string());
            if !shown.is_empty() {
                failures.push(format!("{} shows {}: {}", case.id, shown.join(", "), short(&answer.text)));
            }
            if case.class == HONEST && answer.is_error {
                failures.push(format!("{} was refused: {}", case.id, short(&answer.text)));
            }
            if case.class != DENIAL && Stage::state(&mut client) != baseline {
                failures.push(format!("{} left something behind", case.id));
            }
            explained += u32::from(!answer.is_error);
        }
        assert!(explained >= 250, "{explained} were explained");
        assert_eq!(client.value("SELECT 1"), 1);
        assert_eq!(client.hang_up().0, Some(0));
        failures.extend(before.changed(stage.database).into_iter().map(|part| format!("changed {part}")));
        assert!(failures.is_empty(), "{} as {}:\n{}", failures.len(), stage.name, failures.join("\n"));
    }
}
