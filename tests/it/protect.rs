//! `db protect` on the original sample's database: identities become proven, and nothing of the original's is lost.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::original::{original, restored, serve};
use crate::support::mcp::Client;
use crate::support::shop::{Database, HEAD_OFFICE, REDMOND, SEATTLE, STORE_TABLES};
use crate::throw_away::{Answer, block_on};

pub(crate) const PROTECT: [&str; 4] = ["db", "protect", "--head-office", HEAD_OFFICE];

/// A copy of the original's database, to protect; none without the dump.
pub(crate) fn copy() -> Option<Database> {
    static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
    TEMPLATE.get_or_init(restored).as_ref().map(Database::copy_of)
}

/// One protected copy for all tests that only read.
pub(crate) fn protected() -> Option<&'static Database> {
    static PROTECTED: OnceLock<Option<Database>> = OnceLock::new();
    let make = || {
        let database = copy()?;
        let answer = run(&database, &PROTECT);
        assert_eq!(answer.code, Some(0), "{answer:?}");
        Some(database)
    };
    PROTECTED.get_or_init(make).as_ref()
}

pub(crate) fn run(database: &Database, args: &[&str]) -> Answer {
    Answer::from(database.admin(args).output().expect("it runs"))
}

/// The same with what only a superuser takes away left open.
pub(crate) fn protected_but_open() -> Option<Database> {
    let database = copy()?;
    let answer = run(&database, &[&PROTECT[..], &["--without-strict-profile"]].concat());
    assert_eq!(answer.code, Some(0), "{answer:?}");
    Some(database)
}

/// Counts and keys of everything that the original pins.
const SEEN: &str = "SELECT
  (SELECT count(*) FROM retail.customers), (SELECT count(*) FROM retail.orders), (SELECT count(*) FROM retail.order_items),
  (SELECT count(*) FROM retail.inventory),
  (SELECT md5(string_agg(customer_id::text, ',' ORDER BY customer_id)) FROM retail.customers),
  (SELECT md5(string_agg(order_id::text, ',' ORDER BY order_id)) FROM retail.orders),
  (SELECT md5(string_agg(order_item_id::text, ',' ORDER BY order_item_id)) FROM retail.order_items),
  (SELECT md5(string_agg(i::text, ',' ORDER BY i)) FROM retail.inventory AS i)";

#[test]
fn everybody_sees_exactly_what_the_originals_policies_show_them_and_proven() {
    let (Some(database), Some(original)) = (protected(), original()) else { return };
    let counts = [
        (SEATTLE, json!([20_269, 55_210, 115_720, 424])),
        (REDMOND, json!([4_578, 5_335, 11_219, 424])),
        (HEAD_OFFICE, json!([50_000, 199_908, 420_096, 3_392])),
    ];
    for (identity, counted) in counts {
        let proven = Client::serve(database, identity).query(SEEN)["r"][0].clone();
        assert_eq!(proven, serve(original, identity).query(SEEN)["r"][0], "{identity}");
        assert_eq!(
            proven.as_array().expect("a row")[..4],
            counted.as_array().expect("four")[..],
            "{identity}"
        );
    }
}

#[test]
fn forging_the_setting_shows_nothing_more_also_without_the_strict_profile() {
    let Some(database) = protected_but_open() else { return };
    let mut client = Client::serve(&database, SEATTLE);
    let forge = format!("set_config('app.current_rls_user_id', '{HEAD_OFFICE}', true)");
    for table in STORE_TABLES {
        let honest = client.value(&format!("SELECT count(*) FROM retail.{table}"));
        for attack in [
            format!(
                "WITH x AS MATERIALIZED (SELECT {forge} AS s) SELECT count(t) FROM x, retail.{table} AS t WHERE s <> ''"
            ),
            format!("SELECT (SELECT count(*) FROM retail.{table} WHERE {forge} IS NOT NULL)"),
            format!(
                "SELECT count(*) FROM (SELECT {forge} AS s OFFSET 0) AS x CROSS JOIN retail.{table} WHERE s <> ''"
            ),
            format!(
                "SELECT count(*) FROM retail.{table} AS t, LATERAL (SELECT {forge} || t::text AS s OFFSET 0) AS x WHERE s <> ''"
            ),
        ] {
            assert_eq!(client.value(&attack), honest, "{attack}");
        }
    }
    let ids = client.query("SELECT rls_user_id FROM retail.stores");
    assert_eq!(ids["r"], json!([[SEATTLE]]));
}

#[test]
fn a_group_without_a_mapping_is_worth_nothing_whatever_the_setting_says() {
    let Some(database) = copy() else { return };
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    database.script("DELETE FROM zava.principal");
    for login in ["zava_hq", "zava_puget_sound", "zava_seattle"] {
        database.script(&format!(
            "SET SESSION AUTHORIZATION {login}; SET app.current_rls_user_id = '{HEAD_OFFICE}';
             DO $$ BEGIN IF EXISTS (SELECT FROM retail.orders) OR EXISTS (SELECT FROM retail.customers)
               OR EXISTS (SELECT FROM retail.stores) THEN RAISE 'rows'; END IF; END $$"
        ));
    }
}

#[test]
fn nothing_can_be_written_or_made() {
    let Some(database) = protected() else { return };
    for identity in [SEATTLE, HEAD_OFFICE] {
        let config: tokio_postgres::Config = database.url(identity).parse().expect("well-formed");
        for sql in [
            "INSERT INTO retail.categories (category_name) VALUES ('x')",
            "UPDATE retail.inventory SET stock_level = 0",
            "DELETE FROM retail.orders",
            "TRUNCATE retail.order_items",
            "SELECT nextval('retail.orders_order_id_seq')",
            "SELECT * FROM retail.stores FOR UPDATE",
            "INSERT INTO zava.principal_store VALUES (session_user, 2)",
            "UPDATE zava.principal SET kind = 'head_office'",
            "SELECT * FROM zava_admin.protection",
            "CREATE TEMPORARY TABLE t (x int)",
            "CREATE TABLE retail.t (x int)",
            "CREATE TABLE public.t (x int)",
            "CREATE SCHEMA t",
            "ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY",
        ] {
            let refused = block_on(async {
                let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("connected");
                tokio::spawn(connection);
                client.batch_execute("SET default_transaction_read_only = off").await.expect("set");
                client.batch_execute(sql).await.expect_err(sql)
            });
            let code = refused.code().expect("from the server").code();
            assert_eq!(code, "42501", "{sql}: {refused:?}");
        }
    }
}

#[test]
fn the_tools_work_and_doctor_finds_no_failure() {
    let Some(database) = protected() else { return };
    for identity in [SEATTLE, HEAD_OFFICE] {
        let mut client = Client::serve(database, identity);
        assert_eq!(client.query("SELECT count(*) FROM retail.products")["r"], json!([[424]]));
        let schema = client.call("get_multiple_table_schemas", json!({"table_names": ["retail.orders"]}));
        assert!(schema.text.contains("store_id integer"), "{}", schema.text);
        let all = client.call("get_multiple_table_schemas", json!({"table_names": []})).text;
        assert!(!all.contains("zava") && all.contains("retail.customers"), "{all}");
        let found = client.call("semantic_search_products", json!({"query_description": "claw hammer"}));
        let found: Value = found.structured.expect("products");
        assert!(found["r"][0][6].as_i64().expect("stock") > 0, "{found}");
        assert!(client.call("get_current_utc_date", json!({})).text.ends_with('Z'));

        let doctor = database.doctor(identity, &database.url(identity));
        assert_eq!(doctor.code, Some(0), "{doctor:?}");
        assert!(!doctor.stdout.contains("FAIL"), "{}", doctor.stdout);
    }
}

/// All that the shared login may run and read of PostgreSQL's own.
const MAY: &str = "SELECT concat_ws(' ',
  (SELECT count(*) || md5(string_agg(oid::text, ',' ORDER BY oid)) FROM pg_proc
   WHERE prorettype <> 'tsm_handler'::regtype AND has_function_privilege('store_manager', oid, 'EXECUTE')
     AND has_schema_privilege('store_manager', pronamespace, 'USAGE')),
  (SELECT count(*) || md5(string_agg(concat(attrelid, attnum), ',' ORDER BY attrelid, attnum)) FROM pg_attribute
   WHERE attrelid < 16384 AND attnum > 0 AND has_column_privilege('store_manager', attrelid, attnum, 'SELECT')),
  has_table_privilege('store_manager', 'pg_settings', 'UPDATE'))";

#[test]
fn the_shared_login_goes_on_as_before_but_not_through_this_server() {
    let Some(database) = copy() else { return };
    let seen = |database: &Database| {
        let texts = SEEN.replace("md5(", "(").replace("SELECT\n", "SELECT concat_ws(',', ") + ")";
        database.script(&format!(
            "DROP TABLE IF EXISTS public.seen; CREATE TABLE public.seen (s text); GRANT ALL ON public.seen TO store_manager;
             SET SESSION AUTHORIZATION store_manager; SET app.current_rls_user_id = '{SEATTLE}';
             INSERT INTO public.seen SELECT md5(s) FROM ({texts}) AS t (s)"
        ));
        let seen = database.value("SELECT s FROM public.seen");
        database.script("DROP TABLE public.seen");
        seen
    };
    let before = seen(&database);
    let may = database.value(MAY);
    let answer = run(&database, &PROTECT);
    let note = answer.stdout.lines().find(|line| line.starts_with("note: store_manager")).expect("a note");
    assert!(note.contains("only asserted") && note.contains("ALTER ROLE store_manager NOLOGIN"), "{note}");
    assert_eq!(seen(&database), before);
    assert_eq!(database.value(MAY), may, "the strict profile takes nothing from a login that was here");
    let text = serve(&database, SEATTLE).refused("SELECT 1");
    assert!(text.starts_with("AUTHORIZATION_ERROR (identity_unknown)"), "{text}");
}
