//! Faults of the connection: every call ends in an answer or one clear error, the next one works, and no query runs twice.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::mcp::{Called, Client};
use crate::support::proxy::{Break, Fault, Proxy};
use crate::support::shop::{Database, SEATTLE};

/// 90,000 bytes come from PostgreSQL, of which a short answer is made.
const QUERY: &str = "SELECT name, repeat('.', 30000) FROM retail.stores, generate_series(1, 3)";

fn call(client: &mut Client) -> Called {
    client.call("execute_sales_query", json!({"postgresql_query": QUERY}))
}

fn answered(called: &Called) -> bool {
    !called.is_error && called.text.matches("Zava Retail Seattle").count() == 3
}

fn refused(called: &Called, reason: &str) -> bool {
    called.is_error && called.text.starts_with(reason) && called.text.contains("\nNext: ")
}

/// The phases of a call, in order, and whether a break there goes unnoticed. It does while PostgreSQL has not looked at
/// the query, and when the whole answer was there.
const PHASES: [(Break, bool); 9] = [
    (Break::AtConnect, true),
    (Break::Before("pg_postmaster_start_time"), true),
    (Break::Before("BEGIN READ ONLY; SET LOCAL search_path = retail"), true),
    (Break::After("BEGIN READ ONLY; SET LOCAL search_path = retail"), true),
    (Break::Before("LIMIT 201"), false),
    (Break::After("LIMIT 201"), false),
    (Break::Within("LIMIT 201", 20_000), false),
    (Break::Within("LIMIT 201", 60_000), false),
    (Break::AtAnswer("ROLLBACK"), true),
];

/// Phases that a connection from the pool has behind it.
fn only_when_new(phase: Break) -> bool {
    matches!(phase, Break::AtConnect | Break::Before("pg_postmaster_start_time"))
}

#[test]
fn a_connection_that_is_cut_in_any_phase_of_a_call_costs_one_error_at_most() {
    let proxy = Proxy::start();
    for (phase, unnoticed) in PHASES {
        for warm in [false, true] {
            if warm && only_when_new(phase) {
                continue;
            }
            let mut client =
                Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &proxy.url(SEATTLE))]);
            if warm {
                assert!(answered(&call(&mut client)));
            }
            proxy.break_at(phase, Fault::Cut, 1);
            let called = call(&mut client);
            assert!(proxy.broke(), "{phase:?}, warm {warm}: {called:?}");
            let expected = if unnoticed {
                answered(&called)
            } else {
                refused(&called, "DATABASE_ERROR (connection_lost)")
            };
            assert!(expected, "{phase:?}, warm {warm}: {called:?}");
            assert!(proxy.delivered("LIMIT 201") <= 1, "{phase:?}: the query ran twice");
            assert!(answered(&call(&mut client)), "{phase:?}, warm {warm}: the next call works");
        }
    }
}

#[test]
fn a_server_that_falls_silent_in_any_phase_is_given_up_in_time() {
    let proxy = Proxy::start();
    let args = ["--rls-user", SEATTLE, "--statement-timeout", "1", "--connect-timeout", "4"];
    for (phase, _) in PHASES {
        let mut client = Client::spawn(&args, &[("DATABASE_URL", &proxy.url(SEATTLE))]);
        if !only_when_new(phase) {
            assert!(answered(&call(&mut client)));
        }
        proxy.break_at(phase, Fault::Stall, 1);
        let started = Instant::now();
        let called = call(&mut client);
        assert!(proxy.broke(), "{phase:?}: {called:?}");
        let reason = if phase == Break::AtConnect { "unreachable" } else { "unresponsive" };
        assert!(refused(&called, &format!("DATABASE_ERROR ({reason})")), "{phase:?}: {called:?}");
        assert!(started.elapsed() < Duration::from_secs(50), "{phase:?}: {:?}", started.elapsed());
        assert!(proxy.delivered("LIMIT 201") <= 1, "{phase:?}: the query ran twice");
        assert!(answered(&call(&mut client)), "{phase:?}: the next call works");
    }
}

#[test]
fn three_attempts_are_made_and_then_it_is_said_that_the_database_is_away() {
    let proxy = Proxy::start();
    for (phase, reason) in [
        (Break::AtConnect, "unreachable"),
        (Break::Before("BEGIN READ ONLY; SET LOCAL search_path = retail"), "connection_lost"),
    ] {
        let mut client = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &proxy.url(SEATTLE))]);
        proxy.break_at(phase, Fault::Cut, 3);
        let called = call(&mut client);
        assert!(refused(&called, &format!("DATABASE_ERROR ({reason})")), "{phase:?}: {called:?}");
        assert!(proxy.broke(), "{phase:?}: the third attempt was the last");
        assert!(answered(&call(&mut client)), "{phase:?}: the next call works");
        proxy.break_at(phase, Fault::Cut, 2);
        let mut client = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &proxy.url(SEATTLE))]);
        assert!(answered(&call(&mut client)), "{phase:?}: the third attempt works");
    }
}

/// The other tools open their view the same way.
#[test]
fn every_tool_outlives_a_cut() {
    let proxy = Proxy::start();
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &proxy.url(SEATTLE))]);
    for (tool, arguments) in [
        ("get_multiple_table_schemas", json!({})),
        ("semantic_search_products", json!({"query_description": "hammer"})),
        ("execute_sales_query", json!({"postgresql_query": "SELECT 1"})),
    ] {
        assert!(!client.call(tool, arguments.clone()).is_error, "{tool}");
        proxy.break_at(Break::Before("BEGIN READ ONLY"), Fault::Cut, 1);
        let called = client.call(tool, arguments);
        assert!(!called.is_error && proxy.broke(), "{tool}: {called:?}");
    }
}

/// Values and numbers of rows are looked at after the catalogue was read. Both timeouts together stay below the 10 s after
/// which PostgreSQL itself ends a transaction in which nothing happens.
#[test]
fn a_look_at_rows_that_breaks_is_an_error_and_nothing_half_known_is_kept() {
    let proxy = Proxy::start();
    for (tool, arguments, wanted) in [
        ("get_multiple_table_schemas", json!({"table_names": ["retail.orders"]}), "{completed|"),
        (
            "explain_sales_query",
            json!({"postgresql_query": "SELECT count(*) FROM retail.orders"}),
            "Rows that you see",
        ),
    ] {
        for (fault, reason) in [(Fault::Cut, "connection_lost"), (Fault::Stall, "unresponsive")] {
            let args = ["--rls-user", SEATTLE, "--statement-timeout", "4", "--connect-timeout", "4"];
            let mut client = Client::spawn(&args, &[("DATABASE_URL", &proxy.url(SEATTLE))]);
            proxy.break_at(Break::Before("WITH own AS MATERIALIZED"), fault, 1);
            let called = client.call(tool, arguments.clone());
            assert!(proxy.broke(), "{tool}: {called:?}");
            assert!(refused(&called, &format!("DATABASE_ERROR ({reason})")), "{tool}, {fault:?}: {called:?}");
            let called = client.call(tool, arguments.clone());
            assert!(!called.is_error && called.text.contains(wanted), "{tool}, {fault:?}: {called:?}");
        }
    }
}

#[test]
fn an_idle_connection_is_closed_after_its_time() {
    let database = Database::copy();
    let args = ["--rls-user", SEATTLE, "--pool-idle", "1"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &database.url(SEATTLE))]);
    assert_eq!(client.value("SELECT 1"), 1);
    wait_until(|| backends(&database) == "0");
    assert_eq!(client.value("SELECT 2"), 2);
}

#[test]
fn a_backend_that_is_terminated_costs_one_error_at_most() {
    let database = Database::copy();
    let mut client = Client::serve(&database, SEATTLE);
    assert_eq!(client.value("SELECT 1"), 1);
    // Between two calls: nobody notices.
    terminate(&database);
    assert_eq!(client.value("SELECT 2"), 2);
    // During one: it is not run again, whoever ended it had a reason.
    let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELECT count(*) FROM (SELECT generate_series(1, 10000000000)) AS g"}});
    let id = client.send("tools/call", call);
    wait_until(|| {
        database.value(
            "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND query ~ 'AS t\\(c0\\)'",
        ) == "1"
    });
    terminate(&database);
    let answer = client.answer(id);
    let text = answer["result"]["content"][0]["text"].as_str().expect("text");
    assert!(text.starts_with("DATABASE_ERROR (connection_lost)"), "{text}");
    assert_eq!(client.value("SELECT 3"), 3);
}

fn limit_connections(database: &Database, limit: i32) {
    database.script(&format!("ALTER DATABASE {} CONNECTION LIMIT {limit}", database.name));
}

/// A process that waits so long for a place on a full server.
fn patient(database: &Database, seconds: &str) -> Client {
    let args = ["--rls-user", SEATTLE, "--connect-timeout", seconds];
    Client::spawn(&args, &[("DATABASE_URL", &database.url(SEATTLE))])
}

#[test]
fn a_full_server_is_asked_until_the_connect_timeout_and_then_named() {
    let database = Database::copy();
    let mut client = patient(&database, "1");
    limit_connections(&database, 0);
    let text = client.refused("SELECT 1");
    assert!(
        text.starts_with("DATABASE_ERROR (resource_limit)") && text.contains("too many connections"),
        "{text}"
    );
    assert!(text.contains("--pool-idle") && text.contains("PgBouncer"), "{text}");
    limit_connections(&database, -1);
    assert_eq!(client.value("SELECT 2"), 2);
}

#[test]
fn room_that_comes_late_on_a_full_server_is_taken() {
    let database = Database::copy();
    let mut client = patient(&database, "60");
    limit_connections(&database, 0);
    let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELECT 7"}});
    let id = client.send("tools/call", call);
    // More than three attempts take.
    std::thread::sleep(Duration::from_secs(3));
    limit_connections(&database, -1);
    let answer = client.answer(id);
    assert_eq!(answer["result"]["structuredContent"]["r"], json!([[7]]), "{answer}");
}

fn backends(database: &Database) -> String {
    let sql = format!(
        "SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'zava_seattle' AND datname = '{}'",
        database.name
    );
    database.value(&sql)
}

fn terminate(database: &Database) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'zava_seattle' AND datname = '{}'",
        database.name
    );
    database.script(&sql);
}

pub(crate) fn wait_until(mut happened: impl FnMut() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < Duration::from_secs(60), "it never happened");
        std::thread::sleep(Duration::from_millis(50));
    }
}
