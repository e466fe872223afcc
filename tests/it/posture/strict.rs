//! What the strict profile takes away, and that it is missed where it is not in place.

use super::harness::Broken;
use super::{AsNamed, Warned, run};
use crate::support::mcp::Client;
use crate::support::shop::{SEATTLE, shared};

#[test]
fn what_slips_in_is_told_and_the_grade_falls() {
    run(&[
        (
            "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC",
            "strict_profile",
            Warned,
            AsNamed,
        ),
        ("GRANT EXECUTE ON FUNCTION pg_catalog.age(xid) TO PUBLIC", "strict_profile", Warned, AsNamed),
        ("GRANT UPDATE ON pg_settings TO PUBLIC", "strict_profile", Warned, AsNamed),
        ("GRANT SELECT ON pg_class TO PUBLIC", "statistics", Warned, AsNamed),
        ("GRANT SELECT ON pg_stats TO PUBLIC", "statistics", Warned, AsNamed),
        ("ALTER FUNCTION zava_closed.system(internal) SET SCHEMA pg_catalog", "sampling", Warned, AsNamed),
        ("GRANT USAGE ON SCHEMA zava_closed TO zava_manager", "sampling", Warned, AsNamed),
        (
            "CREATE FUNCTION public.rows(internal) RETURNS tsm_handler LANGUAGE internal AS 'tsm_system_handler'",
            "sampling",
            Warned,
            AsNamed,
        ),
        ("GRANT SELECT ON retail.orders TO zava_manager", "physical_columns", Warned, AsNamed),
        ("GRANT SELECT ON retail.products TO {me}", "physical_columns", Warned, AsNamed),
        ("ALTER TABLE retail.products ADD COLUMN color text", "closed_columns", Warned, AsNamed),
    ]);
    let broken = Broken::copy();
    assert_eq!(broken.doctor(&[]).grade(), "A");
    broken.harm("GRANT SELECT ON pg_stats TO PUBLIC");
    assert_eq!(broken.doctor(&[]).grade(), "B");
}

#[test]
fn nothing_of_it_can_be_called_or_read() {
    let mut client = Client::serve(&shared(), SEATTLE);
    for sql in [
        "SELECT set_config('app.current_rls_user_id', 'x', true)",
        "SELECT pg_sleep(1)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_notify('a', 'b')",
        "SELECT lo_create(0)",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT table_to_xml('retail.orders', true, true, '')",
        "SELECT schema_to_xmlschema('retail', true, true, '')",
        "SELECT * FROM ts_stat('SELECT ''a''::tsvector')",
        "SELECT clock_timestamp()",
        "SELECT pg_current_xact_id()",
        "SELECT txid_current_snapshot()",
        "SELECT age('3'::xid)",
        "SELECT pg_relation_size('retail.orders')",
        "SELECT n_live_tup FROM pg_stat_user_tables",
        "SELECT pg_stat_get_live_tuples('retail.orders'::regclass)",
        "SELECT count(*) FROM pg_stat_activity",
        "SELECT count(*) FROM pg_locks",
        "SELECT count(*) FROM pg_stats",
        "SELECT reltuples FROM pg_class",
        "SELECT to_jsonb(c) FROM pg_class AS c",
        "SELECT ctid FROM retail.orders",
        "SELECT xmin FROM retail.customers",
        "SELECT tableoid FROM retail.orders",
        "SELECT count(*) FROM retail.orders WHERE ctid = '(0,1)'",
        "SELECT ctid FROM zava.principal",
    ] {
        let text = client.refused(sql);
        assert!(text.starts_with("AUTHORIZATION_ERROR (permission_denied)"), "{sql}: {text}");
    }
}

#[test]
fn a_sample_is_refused_with_what_to_write_instead() {
    let mut client = Client::serve(&shared(), SEATTLE);
    for method in ["SYSTEM", "bernoulli", "pg_catalog.system"] {
        let text = client.refused(&format!("SELECT count(*) FROM retail.orders TABLESAMPLE {method} (10)"));
        assert!(text.starts_with("VALIDATION_ERROR (unknown_name)"), "{text}");
        assert!(
            text.contains("Next: TABLESAMPLE is closed here") && text.contains("ORDER BY random()"),
            "{text}"
        );
    }
    assert_eq!(client.query("SELECT order_id FROM retail.orders ORDER BY random() LIMIT 5")["n"], 5);
}

/// A restored dump has its own copies of what was moved, beside what PostgreSQL made there.
#[test]
fn samples_are_closed_again_in_a_restored_dump_and_the_owner_keeps_them() {
    let broken = Broken::copy();
    broken.harm(
        "ALTER FUNCTION zava_closed.system(internal) SET SCHEMA pg_catalog;
         CREATE FUNCTION zava_closed.system(internal) RETURNS tsm_handler LANGUAGE internal STRICT AS 'tsm_system_handler'",
    );
    let report = broken.doctor(&[]);
    assert!(report.finding("sampling").is_some() && report.grade() == "B", "{report:?}");
    broken.mend("restored", report, &[]);
    assert_eq!(broken.doctor(&[]).grade(), "A");
    broken.harm("SELECT count(*) FROM retail.orders TABLESAMPLE zava_closed.system (50)");
}

#[test]
fn what_a_question_needs_is_still_there() {
    let mut client = Client::serve(&shared(), SEATTLE);
    for sql in [
        "SELECT now(), current_date, age(now(), timestamptz '2020-01-01'), random(), gen_random_uuid()",
        "SELECT * FROM retail.stores",
        "SELECT to_jsonb(p) FROM retail.products AS p LIMIT 1",
        "SELECT pg_column_size(o.*) FROM retail.orders AS o LIMIT 1",
        "SELECT relname, relkind FROM pg_class LIMIT 1",
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'retail'",
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'retail'",
        "SELECT tablename FROM pg_tables WHERE schemaname = 'retail'",
        "SELECT name, setting FROM pg_settings LIMIT 1",
        "SELECT current_setting('TimeZone')",
        "SELECT '[1,2,3]'::vector <=> '[3,2,1]'::vector",
        "SELECT o FROM retail.orders AS o LIMIT 1",
    ] {
        client.query(sql);
    }
}

#[test]
fn the_owner_dumps_the_database_and_reads_its_statistics() {
    let broken = Broken::copy();
    // Whoever owns the database has what was taken from PUBLIC; FORCE hides rows from a dump of data.
    broken.harm(
        "CREATE ROLE {me}_owner LOGIN PASSWORD 'hunter2' IN ROLE zava_owner; ALTER DATABASE {db} OWNER TO {me}_owner;
         GRANT USAGE ON SCHEMA zava_admin TO {me}_owner; GRANT SELECT ON ALL TABLES IN SCHEMA zava_admin TO {me}_owner",
    );
    let owner = broken.database().url_as(&format!("{}_owner", broken.me), "hunter2");
    let superuser = broken.database().owner_url();
    let bin = std::path::PathBuf::from(std::env::var_os("ZAVA_PG_BIN_DIR").expect("scripts/test sets it"));
    for (url, what) in [(&owner, "--schema-only"), (&superuser, "--schema-only"), (&superuser, "--data-only")]
    {
        let dump = std::process::Command::new(bin.join("pg_dump")).args([what, "-d", url]).output();
        let dump = dump.expect("pg_dump runs");
        let text = String::from_utf8_lossy(&dump.stdout);
        assert!(dump.status.success(), "{what}: {}", String::from_utf8_lossy(&dump.stderr));
        assert!(text.contains("retail.orders"), "{what}");
    }
    broken.harm(
        "SET ROLE {me}_owner; SELECT pg_relation_size('retail.orders'), set_config('a.b', 'c', true);
         SELECT reltuples FROM pg_class; SELECT count(*) FROM pg_stat_user_tables; SELECT count(*) FROM pg_stats; RESET ROLE",
    );
}
