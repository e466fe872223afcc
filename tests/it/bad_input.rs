//! Bad input: a stable code, what was wrong, what to do; nothing changed; stdout still pure MCP.

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, REDMOND, SEATTLE};
use crate::throw_away::Answer;

fn run(args: &[&str]) -> Answer {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(args).env_clear().stdin(std::process::Stdio::null());
    Answer::from(command.output().expect("it runs"))
}

/// One query of a server that cannot answer any.
fn failure(identity: &str, environment: &[(&str, &str)]) -> String {
    let mut client = Client::spawn(&["--rls-user", identity], environment);
    assert!(
        client.request("tools/list", json!({}))["result"]["tools"].is_array(),
        "discovery needs no database"
    );
    let text = client.refused("SELECT count(*) FROM retail.orders");
    let (code, _) = client.hang_up();
    assert_eq!(code, Some(0));
    text
}

#[test]
fn without_an_identity_nothing_starts() {
    let answer = run(&[]);
    assert_eq!((answer.code, answer.stdout.as_str()), (Some(2), ""));
    assert!(answer.stderr.contains("rls_user_missing") && answer.stderr.contains("--rls-user"), "{answer:?}");
}

#[test]
fn a_malformed_identity_is_a_usage_error() {
    for malformed in ["seattle", "", "f47ac10b-58cc-4372-a567-0e02b2c3d47", "' OR 1=1 --"] {
        let answer = run(&["--rls-user", malformed]);
        assert_eq!((answer.code, answer.stdout.as_str()), (Some(2), ""), "{malformed}");
        assert!(answer.stderr.contains("rls_user_malformed"), "{answer:?}");
    }
}

#[test]
fn an_identity_that_is_not_the_logins_is_refused_without_saying_whose_it_is() {
    let url = shop::shared().url(SEATTLE);
    for other in [REDMOND, HEAD_OFFICE, "11111111-2222-3333-4444-555555555555"] {
        let text = failure(other, &[("DATABASE_URL", &url)]);
        assert!(text.starts_with("AUTHORIZATION_ERROR (identity_mismatch)"), "{text}");
        for secret in ["seattle", "Seattle", "edmond", SEATTLE] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn a_superuser_is_refused_whatever_the_identity() {
    let url = shop::shared().owner_url();
    let text = failure(HEAD_OFFICE, &[("DATABASE_URL", &url)]);
    assert!(text.starts_with("AUTHORIZATION_ERROR (unsafe_login)") && text.contains("superuser"), "{text}");
}

#[test]
fn an_unreachable_database_says_where_it_was_looked_for_and_what_to_do() {
    let url = "postgresql://zava_seattle:hunter2@127.0.0.1:9/zava";
    let text = failure(SEATTLE, &[("DATABASE_URL", url)]);
    assert!(text.starts_with("DATABASE_ERROR (unreachable)"), "{text}");
    assert!(text.contains("zava_seattle@127.0.0.1:9/zava") && text.contains("doctor"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_wrong_password_is_named_and_never_repeated() {
    let url = shop::shared().url_as("zava_seattle", "hunter2");
    let text = failure(SEATTLE, &[("DATABASE_URL", &url)]);
    assert!(text.starts_with("DATABASE_ERROR (login_refused)") && !text.contains("hunter2"), "{text}");
}

#[test]
fn a_database_without_the_shop_names_the_command_that_makes_it() {
    let empty = Database::empty();
    empty.script(&format!("GRANT CONNECT ON DATABASE {} TO PUBLIC", empty.name));
    let text = failure(SEATTLE, &[("DATABASE_URL", &empty.url(SEATTLE))]);
    assert!(
        text.starts_with("DATABASE_ERROR (schema_missing)") && text.contains("zava-mcp db create"),
        "{text}"
    );

    let missing = empty.url(SEATTLE).replace(&empty.name, "zava_nowhere");
    let text = failure(SEATTLE, &[("DATABASE_URL", &missing)]);
    assert!(text.starts_with("DATABASE_ERROR (schema_missing)"), "{text}");
}

#[test]
fn without_any_database_the_local_server_is_meant_and_an_unknown_identity_is_refused_there() {
    let dir = shop::data_dir();
    let dir = dir.to_str().expect("UTF-8");
    let text = failure("11111111-2222-3333-4444-555555555555", &[("ZAVA_DATA_DIR", dir)]);
    assert!(text.starts_with("AUTHORIZATION_ERROR (identity_unknown)"), "{text}");
    let text = failure(SEATTLE, &[("ZAVA_DATA_DIR", "/tmp/zava-nowhere")]);
    assert!(text.starts_with("DATABASE_ERROR (local_server)"), "{text}");
    assert!(!std::path::Path::new("/tmp/zava-nowhere").exists());
}

#[test]
fn sql_that_is_not_one_select_is_refused_with_its_reason() {
    let database = shop::shared();
    let count = "SELECT count(*)::text || ' ' || sum(total_amount)::text FROM retail.orders";
    let before = database.value(count);
    let mut client = Client::serve(&database, SEATTLE);
    let cases = [
        ("", "VALIDATION_ERROR (empty_sql)"),
        (" ;\n", "VALIDATION_ERROR (empty_sql)"),
        ("-- only a comment", "VALIDATION_ERROR (not_a_select)"),
        ("SELECT 1; SELECT 2", "VALIDATION_ERROR (several_statements)"),
        ("SELECT 1; DROP TABLE retail.orders", "VALIDATION_ERROR (several_statements)"),
        ("SELECT 1) t; DROP TABLE retail.orders; --", "VALIDATION_ERROR (syntax)"),
        ("DELETE FROM retail.orders", "VALIDATION_ERROR (not_a_select)"),
        ("UPDATE retail.orders SET total_amount = 0", "VALIDATION_ERROR (not_a_select)"),
        ("INSERT INTO retail.categories VALUES (gen_random_uuid(), 'x')", "VALIDATION_ERROR (not_a_select)"),
        ("TRUNCATE retail.orders", "VALIDATION_ERROR (not_a_select)"),
        ("DROP TABLE retail.orders", "VALIDATION_ERROR (not_a_select)"),
        ("CREATE TEMP TABLE x AS SELECT 1", "VALIDATION_ERROR (not_a_select)"),
        ("SELECT 1 INTO TEMP x", "VALIDATION_ERROR (not_a_select)"),
        (
            "WITH gone AS (DELETE FROM retail.orders RETURNING *) SELECT * FROM gone",
            "VALIDATION_ERROR (not_a_select)",
        ),
        ("SET app.current_rls_user_id = 'x'", "VALIDATION_ERROR (not_a_select)"),
        ("COMMIT", "VALIDATION_ERROR (not_a_select)"),
        ("DO $$ BEGIN RAISE 'x'; END $$", "VALIDATION_ERROR (not_a_select)"),
        ("COPY retail.orders TO STDOUT", "VALIDATION_ERROR (not_a_select)"),
        ("SHOW search_path", "VALIDATION_ERROR (not_a_select)"),
        ("SELECT * FROM retail.orders FOR UPDATE", "AUTHORIZATION_ERROR"),
        ("SELECT $1::int", "VALIDATION_ERROR (parameters)"),
        ("SELECT 'open", "VALIDATION_ERROR (syntax)"),
        ("SELECT /* open", "VALIDATION_ERROR (syntax)"),
        ("SELEC 1", "VALIDATION_ERROR (syntax)"),
        ("SELECT nme FROM retail.stores", "VALIDATION_ERROR (unknown_name)"),
        ("SELECT * FROM retail.ordrs", "VALIDATION_ERROR (unknown_table)"),
        ("SELECT name, count(*) FROM retail.stores", "VALIDATION_ERROR (semantics)"),
        ("SELECT 1 / 0", "VALIDATION_ERROR (data_exception)"),
        ("SELECT * FROM pg_authid", "AUTHORIZATION_ERROR (permission_denied)"),
    ];
    for (sql, code) in cases {
        let text = client.refused(sql);
        assert!(text.starts_with(code), "{sql}: {text}");
        assert!(text.contains("\nNext: "), "{sql}: {text}");
    }
    assert_eq!(client.value("SELECT 1"), 1, "the connection is still good");
    assert_eq!(database.value(count), before, "nothing changed");
    let (code, stderr) = client.hang_up();
    assert_eq!(code, Some(0));
    assert!(!stderr.contains("ERROR"), "{stderr}");
}

#[test]
fn an_error_points_at_the_place_in_the_sql() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let text = client.refused("SELECT name,\n  nme FROM retail.stores");
    insta::assert_snapshot!(text, @r#"
    VALIDATION_ERROR (unknown_name): column "nme" does not exist (SQLSTATE 42703)
        nme FROM retail.stores
        ^
    Hint: Perhaps you meant to reference the column "stores.name".
    retail.stores has: store_id, name, location, region, manager_id, is_online, created_at
    Next: nearest name: stores.name
    "#);
}

#[test]
fn wrong_arguments_name_the_argument_and_what_is_accepted() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let cases = [
        ("execute_sales_query", json!({}), "postgresql_query"),
        ("execute_sales_query", json!({"query": "SELECT 1"}), "unknown field `query`, expected"),
        (
            "execute_sales_query",
            json!({"postgresql_query": 1}),
            "postgresql_query: invalid type: integer `1`, expected a string",
        ),
        (
            "execute_sales_query",
            json!({"postgresql_query": "SELECT 1", "max_rows": 0}),
            "from 1 to 10000, not 0",
        ),
        (
            "execute_sales_query",
            json!({"postgresql_query": "SELECT 1", "max_rows": -1}),
            "max_rows must be from 1 to 10000, not -1",
        ),
        (
            "semantic_search_products",
            json!({"query_description": "x", "max_rows": 101}),
            "from 1 to 100, not 101",
        ),
        (
            "semantic_search_products",
            json!({"query_description": "x", "similarity_threshold": -1}),
            "similarity_threshold must be from 0 to 100",
        ),
        ("semantic_search_products", json!({"query_description": "  "}), "query_description is empty"),
        ("get_current_utc_date", json!({"zone": "x"}), "unknown field `zone`"),
    ];
    for (tool, arguments, teaches) in cases {
        let called = client.call(tool, arguments.clone());
        assert!(called.is_error, "{tool} {arguments}");
        assert!(called.text.starts_with("VALIDATION_ERROR (invalid_arguments)"), "{}", called.text);
        assert!(called.text.contains(teaches), "{arguments}: {}", called.text);
    }
}

#[test]
fn an_unknown_table_gets_the_nearest_names() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let called = client.call("get_multiple_table_schemas", json!({"table_names": ["retail.ordr_items"]}));
    assert!(
        called.is_error && called.text.starts_with("VALIDATION_ERROR (unknown_table)"),
        "{}",
        called.text
    );
    assert!(called.text.contains("nearest names: retail.order_items"), "{}", called.text);
}

#[test]
fn a_slow_query_is_stopped_at_its_limit() {
    let url = shop::shared().url(SEATTLE);
    let args = ["--rls-user", SEATTLE, "--statement-timeout", "1"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    let text = client.refused("SELECT count(*) FROM (SELECT generate_series(1, 100000000000)) AS g");
    assert!(text.starts_with("QUERY_TIMEOUT (statement_timeout)"), "{text}");
    assert_eq!(client.value("SELECT 1"), 1);
}
