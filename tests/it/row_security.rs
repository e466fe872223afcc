//! Who sees what: presence and absence, against counts that no row security binds.

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, REDMOND, SEATTLE, STORE_TABLES};

/// Rows of a table in the stores that a condition on retail.stores names, as the superuser counts them.
fn truth(database: &Database, table: &str, stores: &str) -> i64 {
    let sql = format!(
        "SELECT count(*)::text FROM retail.{table} WHERE store_id IN (SELECT store_id FROM retail.stores WHERE {stores})"
    );
    database.value(&sql).parse().expect("a number")
}

#[test]
fn everybody_sees_their_own_stores_rows_and_no_others() {
    let database = shop::shared();
    let people = [
        (SEATTLE, "name = 'Zava Retail Seattle'", 1),
        (REDMOND, "name = 'Zava Retail Redmond'", 1),
        (PUGET_SOUND, "region = 'Puget Sound'", 6),
        (HEAD_OFFICE, "true", 8),
    ];
    for (identity, stores, how_many) in people {
        let mut client = Client::serve(&database, identity);
        for table in STORE_TABLES {
            let expected = truth(&database, table, stores);
            assert!(expected > 0, "{table} has rows for {stores}");
            let seen = client.query(&format!(
                "SELECT count(*), count(DISTINCT store_id), bool_and(store_id IN (SELECT store_id FROM retail.stores WHERE {stores})) \
                 FROM retail.{table}"
            ));
            assert_eq!(seen["r"][0], serde_json::json!([expected, how_many, true]), "{identity} {table}");
        }
    }
}

#[test]
fn the_catalogue_is_everybodys() {
    let database = shop::shared();
    for table in ["categories", "product_types", "products"] {
        let all: i64 =
            database.value(&format!("SELECT count(*)::text FROM retail.{table}")).parse().expect("a number");
        assert!(all > 8);
        let seen = Client::serve(&database, REDMOND).value(&format!("SELECT count(*) FROM retail.{table}"));
        assert_eq!(seen, all);
    }
}

#[test]
fn the_setting_of_the_original_changes_nothing_here() {
    let forge = "WITH x AS MATERIALIZED (SELECT set_config('app.current_rls_user_id', \
         '00000000-0000-0000-0000-000000000000', true)) SELECT count(o.order_id) FROM x, retail.orders AS o";
    let refused = Client::serve(&shop::shared(), REDMOND).refused(forge);
    assert!(refused.starts_with("AUTHORIZATION_ERROR (permission_denied)"), "{refused}");

    // and without the strict profile, by the policies alone
    let database = Database::copy();
    database.script("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC");
    let mut client = Client::serve(&database, REDMOND);
    let plain = client.value("SELECT count(*) FROM retail.orders");
    assert!(plain.as_i64().expect("a number") > 0);
    assert_eq!(plain, client.value(forge));
}

#[test]
fn what_a_query_sets_for_its_session_is_gone_with_it() {
    let database = Database::copy();
    // taken from everybody by the strict profile
    database.script("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC");
    let mut client = Client::serve(&database, REDMOND);
    let set = client.query("SELECT set_config('zava.note', 'kept', false), pg_backend_pid()");
    assert_eq!(set["r"][0][0], "kept");
    let later = client.query("SELECT coalesce(current_setting('zava.note', true), ''), pg_backend_pid()");
    assert_eq!(later["r"][0][1], set["r"][0][1], "the same session");
    assert_eq!(later["r"][0][0], "", "{later}");
}

#[test]
fn a_login_reads_only_its_own_line_of_the_mapping() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    assert_eq!(client.value("SELECT string_agg(login::text, ',') FROM zava.principal"), "zava_seattle");
    assert_eq!(client.value("SELECT count(*) FROM zava.principal_store"), 1);
}

#[test]
fn a_login_without_a_mapping_sees_nothing_even_in_the_strongest_group() {
    let database = Database::copy();
    database.script("DELETE FROM zava.principal WHERE login = 'zava_hq'");
    let url = database.url(HEAD_OFFICE);
    let text = Client::spawn(&["--rls-user", HEAD_OFFICE], &[("DATABASE_URL", &url)]).refused("SELECT 1");
    assert!(text.starts_with("AUTHORIZATION_ERROR (identity_unknown)"), "{text}");
    // and past the server's own check, by the policies alone
    let count = "SET ROLE zava_hq; SET SESSION AUTHORIZATION zava_hq; \
        DO $$ BEGIN IF (SELECT count(*) FROM retail.orders) <> 0 THEN RAISE 'rows'; END IF; END $$";
    database.script(count);
}

/// Of a condition that it learns while it runs, PostgreSQL expects half of the rows, and joins large tables accordingly.
#[test]
fn head_office_is_planned_for_as_one_who_sees_every_row() {
    let database = Database::copy();
    for table in STORE_TABLES {
        database.script(&format!(
            "ANALYZE retail.{table}; SET SESSION AUTHORIZATION zava_hq;
             DO $$ DECLARE found bigint := (SELECT count(*) FROM retail.{table}); plan json; BEGIN
               EXECUTE 'EXPLAIN (FORMAT JSON) SELECT store_id FROM retail.{table}' INTO plan;
               ASSERT found > 0 AND (plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint BETWEEN 0.9 * found AND 1.1 * found,
                 format('{table}: %s rows, %s', found, plan);
             END $$"
        ));
    }
}

#[test]
fn the_mapping_takes_no_unknown_kind_and_no_second_login_for_an_id() {
    let database = Database::copy();
    let refused = [
        ("'zava_nobody', gen_random_uuid(), 'everybody', 'Nobody'".to_owned(), "check_violation"),
        (format!("'zava_nobody', '{SEATTLE}', 'store', 'Nobody'"), "unique_violation"),
        ("'zava_seattle', gen_random_uuid(), 'head_office', 'Nobody'".to_owned(), "unique_violation"),
    ];
    for (line, error) in refused {
        database.script(&format!(
            "DO $$ BEGIN BEGIN INSERT INTO zava.principal VALUES ({line}); EXCEPTION WHEN {error} THEN RETURN; END; \
             RAISE 'it was taken'; END $$"
        ));
    }
}

#[test]
fn nobody_but_the_groups_may_call_the_functions_of_the_policies() {
    let allowed = "SELECT string_agg(DISTINCT coalesce(r.rolname, 'everybody'), ',')
        FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS granted
        LEFT JOIN pg_roles AS r ON r.oid = granted.grantee
        WHERE p.pronamespace = 'zava'::regnamespace";
    assert_eq!(shop::shared().value(allowed), "zava_head_office,zava_manager,zava_owner,zava_regional");
}

#[test]
fn new_tables_and_functions_are_closed_until_they_are_granted() {
    let database = Database::copy();
    database.script(
        "SET ROLE zava_owner; CREATE TABLE retail.payroll AS SELECT 1 AS salary; \
         CREATE FUNCTION retail.bonus() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; RESET ROLE",
    );
    let mut client = Client::serve(&database, HEAD_OFFICE);
    for sql in ["SELECT salary FROM retail.payroll", "SELECT retail.bonus()"] {
        let text = client.refused(sql);
        assert!(text.starts_with("AUTHORIZATION_ERROR (permission_denied)"), "{sql}: {text}");
    }
}

#[test]
fn every_query_has_our_time_limits_and_search_path() {
    let mut client = Client::serve(&shop::shared(), REDMOND);
    let settings = [
        ("statement_timeout", "30s"),
        ("lock_timeout", "5s"),
        ("search_path", "retail, public, pg_temp"),
        ("app.current_rls_user_id", REDMOND),
    ];
    for (name, value) in settings {
        assert_eq!(client.value(&format!("SELECT current_setting('{name}')")), value, "{name}");
    }
}

#[test]
fn every_query_runs_read_only_whatever_the_logins_own_default_is() {
    let database = Database::copy();
    database.script(&format!(
        "ALTER ROLE zava_redmond IN DATABASE {} SET default_transaction_read_only = off",
        database.name
    ));
    let mut client = Client::serve(&database, REDMOND);
    assert_eq!(client.value("SELECT current_setting('default_transaction_read_only')"), "off");
    assert_eq!(client.value("SELECT current_setting('transaction_read_only')"), "on");
}
