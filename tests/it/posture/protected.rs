//! The original sample's database after `db protect`: proven, graded, and mended by it.

use super::harness::Broken;
use super::{AsNamed, Refused, command, holds};
use crate::protect::{PROTECT, copy};
use crate::support::shop::STORE_TABLES;

/// A protected copy with one more login, for two stores.
fn protected(flags: &[&str]) -> Option<Broken> {
    let broken = Broken::of(copy()?);
    let answer = command(broken.database(), &[&PROTECT, flags].concat());
    assert_eq!(answer.code, Some(0), "{answer:?}");
    broken.harm(
        "CREATE ROLE {me} LOGIN PASSWORD 'hunter2' IN ROLE zava_regional; ALTER ROLE {me} SET temp_file_limit = '1GB';
         INSERT INTO zava.principal VALUES ('{me}', '{id}', 'regional', 'Two');
         INSERT INTO zava.principal_store SELECT '{me}', store_id FROM retail.stores WHERE store_id IN (1, 2)",
    );
    Some(broken)
}

#[test]
fn a_protected_database_has_grade_a() {
    let Some(broken) = protected(&[]) else { return };
    let (text, log) = broken.ask(&[]);
    assert!(text.starts_with('{') && log.contains("identity=proven grade=A"), "{text} {log}");
    let report = broken.doctor(&[]);
    assert_eq!((report.grade(), report.bad().count()), ("A", 0), "{report:?}");
}

#[test]
fn without_the_strict_profile_it_has_grade_b_and_a_further_run_applies_it() {
    let Some(broken) = protected(&["--without-strict-profile"]) else { return };
    let (text, log) = broken.ask(&[]);
    assert!(text.starts_with('{') && log.contains("identity=proven grade=B"), "{text} {log}");
    let report = broken.doctor(&[]);
    let mut told: Vec<&str> = report.bad().map(|finding| finding.name.as_str()).collect();
    told.dedup();
    assert_eq!(told, ["strict_profile", "statistics", "sampling"], "{report:?}");
    broken.mend("no harm", report, &[]);
    assert_eq!(broken.doctor(&[]).grade(), "A");
    let again = command(broken.database(), &PROTECT);
    assert!(again.code == Some(0) && again.stdout.contains("nothing was changed"), "{again:?}");
    assert_eq!(broken.doctor(&[]).grade(), "A");
}

/// As earlier versions made it.
#[test]
fn head_offices_pin_of_an_earlier_version_is_as_good_and_a_further_run_replaces_it() {
    let Some(broken) = protected(&[]) else { return };
    let pins = "SELECT string_agg(DISTINCT pg_get_expr(polqual, polrelid), ';') FROM pg_policy WHERE polname = 'zava_own_all'";
    let now = broken.database().value(pins);
    for table in STORE_TABLES {
        broken.harm(&format!(
            "ALTER POLICY zava_own_all ON retail.{table} USING ((SELECT zava.is_head_office()));
             UPDATE zava_admin.protection SET statement = regexp_replace(statement, 'USING .*', 'USING ()'), found = (
               SELECT 'f r zava_head_office ' || pg_get_expr(polqual, polrelid) FROM pg_policy
               WHERE polname = 'zava_own_all' AND polrelid = 'retail.{table}'::regclass)
             WHERE object = 'policy zava_own_all on retail.{table}'"
        ));
    }
    assert_ne!(broken.database().value(pins), now);
    let report = broken.doctor(&[]);
    assert_eq!((report.grade(), report.bad().count()), ("A", 0), "{report:?}");
    let again = command(broken.database(), &PROTECT);
    assert!(again.code == Some(0) && again.stdout.contains("protected  retail.orders"), "{again:?}");
    assert_eq!(broken.database().value(pins), now);
}

#[test]
fn what_was_weakened_since_is_refused_and_mended_by_protect() {
    let Some(broken) = protected(&[]) else { return };
    for (harm, check, reason) in [
        ("ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY", "row_security_forced", "row_security_off"),
        ("DROP POLICY zava_own_store ON retail.orders", "stores_pinned", "policy_changed"),
        ("DROP POLICY zava_own_all ON retail.customers", "stores_pinned", "policy_changed"),
        ("ALTER POLICY zava_own_region ON retail.customers USING (true)", "stores_pinned", "policy_changed"),
        (
            "ALTER POLICY zava_own_region ON retail.inventory
             USING (store_id = ANY (ARRAY(SELECT unnest(zava.my_region()))) OR stock_level > 0)",
            "stores_pinned",
            "policy_changed",
        ),
        (
            "CREATE OR REPLACE FUNCTION zava.my_store() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
            "identity_functions",
            "identity_changed",
        ),
        ("ALTER POLICY own_row ON zava.principal USING (true)", "mapping_private", "identity_changed"),
    ] {
        broken.harm(harm);
        holds(&broken, &(harm, check, Refused(reason), AsNamed), &[]);
    }
}
