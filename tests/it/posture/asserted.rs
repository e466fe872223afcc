//! Databases in which only a setting carries the identity, as in the original sample.

use super::harness::Broken;
use super::{AsNamed, ByHand, Refused, holds};
use crate::original::original;
use crate::support::shop::{SEATTLE, shared};
use crate::throw_away::Answer;

const ALLOW: &[&str] = &["--allow-asserted-identity"];

/// A copy whose policies go by the setting, like the original's.
fn by_setting() -> Broken {
    let broken = Broken::copy();
    broken.harm(
        "DROP SCHEMA zava CASCADE;
         DO $$ DECLARE t text; BEGIN
           FOREACH t IN ARRAY ARRAY['stores', 'customers', 'orders', 'order_items', 'inventory'] LOOP
             EXECUTE format('DROP POLICY zava_read ON retail.%I', t);
             EXECUTE format('CREATE POLICY by_setting ON retail.%I USING (store_id IN (
               SELECT s.store_id FROM retail.stores AS s
               WHERE s.manager_id::text = current_setting(''app.current_rls_user_id'', true)))', t);
           END LOOP;
           DROP POLICY by_setting ON retail.stores;
           CREATE POLICY everybody ON retail.stores USING (true);
         END $$",
    );
    broken
}

#[test]
fn an_asserted_identity_is_served_where_sql_cannot_change_settings() {
    let broken = by_setting();
    let (text, log) = broken.ask(&[]);
    assert!(text.starts_with('{') && log.contains("identity=asserted grade=C"), "{text} {log}");
    let report = broken.doctor(&[]);
    assert_eq!((report.code, report.grade()), (Some(0), "C"), "{report:?}");
    assert!(report.findings.iter().any(|finding| finding.detail.contains("asserted")), "{report:?}");
    assert!(broken.serve(&[]).value("SELECT count(*) FROM retail.orders").as_i64().expect("a count") > 0);
}

#[test]
fn an_asserted_identity_that_sql_can_change_must_be_allowed() {
    for harm in [
        "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC",
        "GRANT UPDATE ON pg_settings TO PUBLIC",
    ] {
        let broken = by_setting();
        broken.harm(harm);
        holds(&broken, &(harm, "settings_fixed", Refused("identity_asserted"), ByHand), &[]);
        let (text, log) = broken.ask(ALLOW);
        assert!(text.starts_with('{') && log.contains("check=\"settings_fixed\""), "{text} {log}");
    }
}

#[test]
fn what_is_unsafe_is_refused_also_where_an_asserted_identity_is_allowed() {
    let cases = [
        ("ALTER ROLE {me} BYPASSRLS", "login_bound", "unsafe_login"),
        ("GRANT zava_owner TO {me}", "login_owns_nothing", "unsafe_login"),
        ("GRANT pg_read_all_data TO {me}", "login_roles", "strong_role"),
        ("ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY", "row_security_forced", "row_security_off"),
        ("ALTER POLICY by_setting ON retail.orders USING (true)", "stores_pinned", "policy_changed"),
        ("GRANT DELETE ON retail.orders TO {me}", "nothing_writable", "writable"),
        ("GRANT CREATE ON SCHEMA retail TO PUBLIC", "nothing_created", "can_create"),
        (
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
            "definer_functions",
            "definer_function",
        ),
    ];
    for (harm, check, reason) in cases {
        let broken = by_setting();
        broken.harm(harm);
        // without its policy a table shows nothing, which doctor remarks
        let mend = if check == "stores_pinned" { ByHand } else { AsNamed };
        holds(&broken, &(harm, check, Refused(reason), mend), ALLOW);
    }
}

#[test]
fn of_the_original_sample_only_the_setting_is_refused() {
    let Some(database) = original() else { return };
    let url = database.url_as("store_manager", "hunter2");
    let doctor = |flags: &[&str]| {
        let args = [&["doctor", "--rls-user", SEATTLE], flags].concat();
        let mut command = shared().admin(&args);
        Answer::from(command.env("DATABASE_URL", &url).output().expect("it runs"))
    };
    let lines = |answer: &Answer, word: &str| -> Vec<String> {
        let lines = answer.stdout.lines().filter(|line| line.starts_with(word));
        let mut names: Vec<String> =
            lines.map(|line| line.split_whitespace().nth(1).expect("a check").to_owned()).collect();
        names.dedup();
        names
    };
    let strict = doctor(&[]);
    assert_eq!(strict.code, Some(3), "{strict:?}");
    assert_eq!(lines(&strict, "FAIL"), ["settings_fixed", "grade"], "{strict:?}");
    let allowed = doctor(ALLOW);
    assert_eq!(allowed.code, Some(0), "{allowed:?}");
    let warned = [
        "row_security_forced",
        "sequences",
        "nothing_created",
        "settings_fixed",
        "strict_profile",
        "statistics",
        "physical_columns",
        "sampling",
        "temp_files",
        "grade",
    ];
    assert_eq!(lines(&allowed, "warn"), warned, "{allowed:?}");
    assert!(allowed.stdout.contains("which is asserted") && allowed.stdout.contains("C: "), "{allowed:?}");
}
