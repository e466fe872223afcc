//! The attacks of `tests/attacks/` against the built server, over MCP: no SQL, argument or fault shows one identity
//! another's rows, or changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::support::shop::Database;

pub(crate) mod case;

mod fingerprint;
mod markers;
mod other_tools;
mod run;
mod sabotage;
pub(crate) mod stage;
mod table;
mod verdict;

use case::{CLASSES, Case, HONEST};
use run::{Compare, run};
use stage::Stage;

/// The marked copy of the shop, once for all tests; nothing that they do changes it.
fn marked() -> &'static Database {
    static MARKED: OnceLock<Database> = OnceLock::new();
    MARKED.get_or_init(|| {
        let database = Database::copy();
        markers::plant(&database);
        database
    })
}

fn attacks() -> Vec<Case> {
    case::all().into_iter().filter(|case| case.class != HONEST).collect()
}

#[test]
fn no_attack_shows_seattle_another_stores_rows_or_changes_anything() {
    let report = run(&Stage::seattle(marked()), &attacks(), Compare::Classes);
    report.publish();
    report.assert_none_failed();
}

#[test]
fn no_attack_shows_a_regional_manager_rows_beyond_her_stores_or_changes_anything() {
    let report = run(&Stage::puget_sound(marked()), &attacks(), Compare::Classes);
    report.publish();
    report.assert_none_failed();
}

#[test]
fn no_attack_works_on_tables_partitioned_by_month_either() {
    let database = Database::copy();
    crate::partitioned::partition(&database);
    // the markers change dates, which lines repeat
    let refers = "FOREIGN KEY (order_id, store_id, order_date) REFERENCES retail.orders";
    database.script("ALTER TABLE retail.order_items DROP CONSTRAINT order_items_order_id_store_id_fkey");
    markers::plant(&database);
    database.script(&format!(
        "UPDATE retail.order_items AS i SET order_date = o.order_date FROM retail.orders AS o
           WHERE i.order_id = o.order_id AND i.store_id = o.store_id AND i.order_date <> o.order_date;
         ALTER TABLE retail.order_items ADD {refers}"
    ));
    let report = run(&Stage::seattle(&database), &attacks(), Compare::End);
    report.assert_none_failed();
}

#[test]
fn on_the_originals_database_all_is_stopped_but_what_is_listed_as_open() {
    let Some(database) = crate::original::original() else { return };
    let cases: Vec<Case> = case::all().iter().filter_map(Case::on_original).collect();
    let report = run(&Stage::original(database), &cases, Compare::End);
    report.publish();
    report.assert_none_failed();
}

#[test]
fn after_db_protect_nothing_of_it_is_open() {
    let Some(database) = crate::protect::protected() else { return };
    let stage = Stage::protected(database);
    let cases = stage.understood(case::all().iter().map(Case::on_protected).collect());
    assert!(cases.iter().all(|case| case.must != case::Must::Open));
    assert!(cases.len() > 1_300, "{}", cases.len());
    let report = run(&stage, &cases, Compare::End);
    report.publish();
    report.assert_none_failed();
}

#[test]
fn after_db_protect_head_office_changes_nothing_either() {
    let Some(database) = crate::protect::protected() else { return };
    let stage = Stage::protected_head_office(database);
    let refused = |case: &Case| case.must == case::Must::Rejected && case.tool.is_none();
    let cases = stage.understood(case::all().iter().map(Case::on_protected).filter(refused).collect());
    assert!(cases.len() > 800, "{}", cases.len());
    let report = run(&stage, &cases, Compare::End);
    report.publish();
    report.assert_none_failed();
}

#[test]
fn what_a_setting_leaves_open_shows_own_rows_only_after_db_protect_also_without_the_strict_profile() {
    let Some(database) = crate::protect::protected_but_open() else { return };
    let database = &database;
    let open = |case: &Case| case.must == case::Must::Open && case.value_sql.is_some();
    let mut cases: Vec<Case> = case::all().iter().filter_map(Case::on_original).filter(open).collect();
    assert!(cases.len() >= 60, "forging is open there: {}", cases.len());
    for case in &mut cases {
        case.must = case::Must::Value;
    }
    let report = run(&Stage::protected(database), &cases, Compare::Never);
    report.publish();
    report.assert_none_failed();
}

#[test]
fn honest_but_tricky_queries_work() {
    let honest: Vec<Case> = case::all().into_iter().filter(|case| case.class == HONEST).collect();
    for stage in [Stage::seattle(marked()), Stage::puget_sound(marked())] {
        let report = run(&stage, &honest, Compare::End);
        report.assert_none_failed();
    }
}

#[test]
fn the_suite_has_at_least_six_hundred_attacks_in_every_class() {
    let cases = case::all();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "ids are unique");
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        assert!(case.id.starts_with(&case.class) && !case.note.is_empty(), "{}", case.id);
        assert!(case.must != case::Must::Rejected || case.by.is_some(), "{} says why it is refused", case.id);
        *sizes.entry(&case.class).or_default() += 1;
    }
    assert!(CLASSES.iter().all(|class| sizes[class] >= 25), "every class has its attacks: {sizes:?}");
    assert!(sizes[HONEST] >= 100, "{sizes:?}");
    assert!(cases.len() - sizes[HONEST] >= 600, "{sizes:?}");
}

#[test]
fn nothing_is_open_in_the_shop() {
    let open: Vec<Case> = case::all().into_iter().filter(|case| case.must == case::Must::Open).collect();
    assert!(open.is_empty(), "{open:?}");
}
