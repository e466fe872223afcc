//! `db create`: numbered, recorded, transactional steps; and what they leave behind.

use crate::support::shop::{Database, shared};
use crate::throw_away::Answer;

fn create(database: &Database) -> Answer {
    Answer::from(database.admin(&["db", "create"]).output().expect("it runs"))
}

const CATALOG: &str = "SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) FROM (
  SELECT c.oid::text || c.relname || c.relowner || coalesce(c.relacl::text, '') || c.relrowsecurity || c.relforcerowsecurity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('retail', 'zava', 'zava_admin')
  UNION ALL SELECT c.oid::text || coalesce(c.relacl::text, '') || c.xmin::text FROM pg_class c
  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND (c.relkind = 'v' OR c.relname = 'pg_class')
  UNION ALL SELECT a.attrelid::text || a.attnum || a.attacl::text || a.xmin::text FROM pg_attribute a WHERE a.attacl IS NOT NULL
  UNION ALL SELECT p.oid::text || p.proname || coalesce(p.proacl::text, '') || p.xmin::text FROM pg_proc p
  UNION ALL SELECT pol.oid::text || pol.polname FROM pg_policy pol
  UNION ALL SELECT datacl::text FROM pg_database WHERE datname = current_database()
  UNION ALL SELECT a.number || a.sha256 || a.applied_at FROM zava_admin.applied_step a
) AS t (row)";

#[test]
fn creating_twice_changes_nothing() {
    let database = Database::empty();
    let first = create(&database);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(first.stdout.matches("applied ").count(), 11, "{first:?}");
    let before = database.value(CATALOG);
    let second = create(&database);
    assert_eq!(second.code, Some(0), "{second:?}");
    assert!(second.stdout.contains("nothing was changed"), "{second:?}");
    assert_eq!(database.value(CATALOG), before);
}

#[test]
fn rights_that_a_copy_lacks_are_set_again() {
    let database = Database::copy();
    database.script(&format!("GRANT TEMPORARY, CREATE ON DATABASE {} TO PUBLIC", database.name));
    database.script("GRANT CREATE ON SCHEMA public TO PUBLIC");
    assert_eq!(create(&database).code, Some(0));
    let rights = "SELECT (has_database_privilege('zava_seattle', current_database(), 'TEMPORARY') \
        OR has_database_privilege('zava_seattle', current_database(), 'CREATE') \
        OR has_schema_privilege('zava_seattle', 'public', 'CREATE'))::text";
    assert_eq!(database.value(rights), "false");
}

#[test]
fn two_creates_at_once_both_succeed() {
    let database = Database::empty();
    let start =
        || database.admin(&["db", "create"]).stdout(std::process::Stdio::piped()).spawn().expect("it runs");
    for child in [start(), start(), start()] {
        assert!(child.wait_with_output().expect("it ends").status.success());
    }
    assert_eq!(database.value("SELECT count(*)::text FROM zava_admin.applied_step"), "11");
}

#[test]
fn a_step_that_was_changed_after_it_was_applied_is_detected() {
    let database = Database::copy();
    database.script("UPDATE zava_admin.applied_step SET sha256 = repeat('0', 64) WHERE number = 3");
    let answer = create(&database);
    assert_eq!(answer.code, Some(1));
    assert!(answer.stderr.contains("step_changed") && answer.stderr.contains("003_stores.sql"), "{answer:?}");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let database = Database::copy();
    database.script("INSERT INTO zava_admin.applied_step VALUES (99, '099_future', repeat('0', 64))");
    let answer = create(&database);
    assert_eq!(answer.code, Some(1));
    assert!(answer.stderr.contains("step_unknown") && answer.stderr.contains("099_future"), "{answer:?}");
}

#[test]
fn a_step_that_fails_leaves_nothing_of_itself() {
    let database = Database::empty();
    // 002 makes the schema retail; this is in its way after half of the step would have run
    database.script("CREATE SCHEMA retail; CREATE TABLE retail.products (x int)");
    let answer = create(&database);
    assert_eq!(answer.code, Some(1));
    assert!(
        answer.stderr.contains("002_catalogue.sql") && answer.stderr.contains("already exists"),
        "{answer:?}"
    );
    assert_eq!(database.value("SELECT count(*)::text FROM pg_tables WHERE schemaname = 'retail'"), "1");
    assert_eq!(database.value("SELECT max(number)::text FROM zava_admin.applied_step"), "1");
    database.script("DROP SCHEMA retail CASCADE");
    assert_eq!(create(&database).code, Some(0), "the next run goes on where it stopped");
}

#[test]
fn every_table_and_every_telling_column_has_a_comment() {
    let database = shared();
    let bare = "SELECT coalesce(string_agg(c.relname, ', '), '') FROM pg_class c \
        WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind = 'r' AND obj_description(c.oid, 'pg_class') IS NULL";
    assert_eq!(database.value(bare), "");
    // keys, names and phone numbers explain themselves
    let bare = "SELECT coalesce(string_agg(c.relname || '.' || a.attname, ', '), '') \
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
        WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 \
        AND a.attname !~ '(_id|_name|^phone)$' AND col_description(c.oid, a.attnum) IS NULL";
    assert_eq!(database.value(bare), "");
}

#[test]
fn the_owner_is_nobody_who_can_log_in_or_bypass_row_security() {
    let database = shared();
    let owners = "SELECT string_agg(DISTINCT r.rolname || r.rolcanlogin || r.rolsuper || r.rolbypassrls, ',') \
        FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relnamespace IN ('retail'::regnamespace, 'zava'::regnamespace)";
    assert_eq!(database.value(owners), "zava_ownerfalsefalsefalse");
}
