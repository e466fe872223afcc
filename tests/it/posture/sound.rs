//! Sound databases: ours with grade A, and one made by somebody who is no superuser with grade B.

use serde_json::json;

use super::command;
use super::harness::Broken;
use crate::support::shop::{Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE, shared};

#[test]
fn a_sound_database_has_grade_a_and_no_finding() {
    let broken = Broken::copy();
    let (text, log) = broken.ask(&[]);
    assert!(text.starts_with('{') && log.contains("identity=proven grade=A"), "{text} {log}");
    assert!(!log.contains("WARN"), "{log}");
    let report = broken.doctor(&[]);
    assert_eq!((report.code, report.grade(), report.bad().count()), (Some(0), "A", 0), "{report:?}");
    let identity = report.findings.iter().find(|finding| finding.name == "identity").expect("a line");
    assert!(identity.detail.contains("proven"), "{identity:?}");
}

#[test]
fn every_kind_of_identity_of_the_shared_shop_has_grade_a() {
    for identity in [HEAD_OFFICE, PUGET_SOUND, SEATTLE] {
        let answer = shared().doctor(identity, &shared().url(identity));
        assert_eq!(answer.code, Some(0), "{answer:?}");
        assert!(answer.stdout.contains("ok    grade                A"), "{answer:?}");
    }
}

#[test]
fn every_check_has_a_line_and_no_finding_is_of_an_unknown_check() {
    let report = Broken::copy().doctor(&[]);
    for (check, _) in zava_mcp::database::CHECKS {
        let lines = report.findings.iter().filter(|finding| finding.name == *check).count();
        assert_eq!(lines, 1, "{check}: {report:?}");
    }
    let known = |name: &str| zava_mcp::database::CHECKS.iter().any(|(check, _)| *check == name);
    for (statement, sql) in zava_mcp::database::statements::ALL {
        let checks = sql.split("SELECT '").skip(1).filter(|_| statement.starts_with("posture_"));
        for name in checks.map(|rest| rest.split('\'').next().expect("a name")) {
            let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(!is_name || known(name), "{statement}: {name}");
        }
    }
}

#[test]
fn calls_that_come_at_once_are_all_refused_or_all_answered_and_mending_needs_no_new_start() {
    let broken = Broken::copy();
    broken.harm("ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY");
    let mut client = broken.serve(&[]);
    let mut at_once = || -> Vec<String> {
        let ask = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELECT 1"}});
        let ids: Vec<u64> = (0..8).map(|_| client.send("tools/call", ask.clone())).collect();
        ids.into_iter().map(|id| client.answer(id)["result"]["content"][0]["text"].to_string()).collect()
    };
    let refused = at_once();
    assert!(refused.iter().all(|text| text.contains("row_security_off")), "{refused:?}");
    broken.harm("ALTER TABLE retail.orders FORCE ROW LEVEL SECURITY");
    let answered = at_once();
    assert!(answered.iter().all(|text| text.starts_with("\"{")), "{answered:?}");
}

/// As on a managed server: the owner makes roles and owns the database, and nobody is a superuser.
#[test]
fn a_database_made_without_a_superuser_has_grade_b_and_says_what_stays_open() {
    let broken = Broken::of(Database::empty());
    broken.harm(
        "CREATE ROLE {me}_admin LOGIN CREATEROLE PASSWORD 'hunter2';
         GRANT zava_owner, zava_head_office, zava_regional, zava_manager TO {me}_admin WITH ADMIN OPTION;
         ALTER DATABASE {db} OWNER TO {me}_admin; CREATE EXTENSION vector",
    );
    let admin = broken.database().url_as(&format!("{}_admin", broken.me), "hunter2");
    let create = ["db", "create", "--admin-url", admin.as_str()];
    let first = command(broken.database(), &create);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.stdout.contains("needs a superuser") && first.stdout.contains("set_config"), "{first:?}");
    let second = command(broken.database(), &create);
    assert!(second.code == Some(0) && second.stdout.contains("nothing was changed"), "{second:?}");

    broken.harm(
        "CREATE ROLE {me} LOGIN PASSWORD 'hunter2' IN ROLE zava_manager;
         UPDATE retail.stores SET manager_id = '{id}' WHERE name = 'Zava Retail Tacoma';
         INSERT INTO zava.principal VALUES ('{me}', '{id}', 'store', 'Tacoma');
         INSERT INTO zava.principal_store SELECT '{me}', store_id FROM retail.stores WHERE manager_id = '{id}'",
    );
    let (text, log) = broken.ask(&[]);
    assert!(text.starts_with('{') && log.contains("identity=proven grade=B"), "{text} {log}");
    let report = broken.doctor(&[]);
    let told: Vec<&str> = report.bad().map(|finding| finding.name.as_str()).collect();
    // columns need only the owner; the shop of this test is empty
    assert_eq!(
        told,
        ["strict_profile", "strict_profile", "statistics", "sampling", "temp_files", "shop"],
        "{report:?}"
    );
    assert_eq!((report.code, report.grade()), (Some(0), "B"));
    assert!(broken.serve(&[]).refused("SELECT ctid FROM retail.orders").contains("permission denied"));
}
