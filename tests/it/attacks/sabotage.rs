//! Breaks the policies of one table after the other and expects the attacks to notice.

use crate::support::shop::{Database, STORE_TABLES};

use super::case::{self, Case};
use super::markers;
use super::run::{Compare, run};
use super::stage::Stage;
use super::verdict::Failure;

const INTACT: &str = "store_id = (SELECT zava.my_store())";

/// What fails while the policy of a table is another.
fn failures(stage: &mut Stage, table: &str, policy: &str, cases: &[Case]) -> Vec<Failure> {
    let alter =
        |condition: &str| format!("ALTER POLICY zava_own_store ON retail.{table} USING ({condition})");
    stage.harm = Some(alter(policy));
    let report = run(stage, cases, Compare::Never);
    stage.database.script(&alter(INTACT));
    report.failures
}

fn about(table: &str, classes: &[&str]) -> Vec<Case> {
    let mentions = |case: &Case| {
        let sql = case.sql.as_deref().unwrap_or_default();
        sql.contains(&format!("retail.{table} ")) || sql.ends_with(&format!("retail.{table}"))
    };
    case::all().into_iter().filter(|case| classes.contains(&case.class.as_str()) && mentions(case)).collect()
}

#[test]
fn the_attacks_notice_a_table_whose_policy_lets_everything_through() {
    let database = Database::copy();
    markers::plant(&database);
    let mut stage = Stage::seattle(&database);
    for table in STORE_TABLES {
        let cases = about(table, &["cross_tenant", "leaky_operators", "planner"]);
        let failed = failures(&mut stage, table, "true", &cases);
        let leaks = failed.iter().filter(|failure| failure.leak).count();
        eprintln!("{table} with policy true: {} of {} cases fail, {leaks} leak", failed.len(), cases.len());
        assert!(failed.len() >= 20 && leaks >= 5, "{table}: {failed:?}");
    }
    let intact = about("inventory", &["cross_tenant", "planner"]);
    assert!(
        failures(&mut stage, "inventory", INTACT, &intact).is_empty(),
        "all is well with the policies as they were"
    );
}

#[test]
fn the_attacks_notice_a_table_whose_policy_believes_a_setting() {
    let database = Database::copy();
    markers::plant(&database);
    database.script("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC");
    let mut stage = Stage::seattle(&database);
    for table in STORE_TABLES {
        let mut cases = about(table, &["forging"]);
        cases.retain(|case| case.sql.as_deref().unwrap_or_default().contains("app.current_rls_user_id"));
        assert_eq!(cases.len(), 8, "{table}: head office and a colleague, each in four places");
        let believing = format!(
            "{INTACT} OR current_setting('app.current_rls_user_id', true) NOT IN ('', '{}')",
            crate::support::shop::SEATTLE
        );
        let failed = failures(&mut stage, table, &believing, &cases);
        let leaks = failed.iter().filter(|failure| failure.leak).count();
        eprintln!("{table} believing a setting: {leaks} of {} cases leak", cases.len());
        assert_eq!(leaks, 8, "{table}: {failed:?}");
    }
}
