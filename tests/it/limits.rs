//! Limits: rows, bytes, long values, time, locks, and the memory of the process.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};
use crate::throw_away::block_on;

/// Most memory of a serving process, in KiB, whatever a query returns.
const MOST_MEMORY: u64 = 40 * 1024;

fn ask(client: &mut Client, sql: &str, max_rows: u32) -> Value {
    let called = client.call("execute_sales_query", json!({"postgresql_query": sql, "max_rows": max_rows}));
    assert!(!called.is_error, "{sql}: {}", called.text);
    called.structured.expect("an answer")
}

fn message(answer: &Value) -> &str {
    answer["msg"].as_str().unwrap_or_default()
}

#[test]
fn rows_are_two_hundred_unless_said_otherwise_and_ten_thousand_at_most() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let sql = "SELECT g FROM generate_series(1, 20000) g";
    let answer = client.query(sql);
    assert_eq!((answer["n"].clone(), answer["truncated"].clone()), (json!(200), json!(true)));
    assert!(message(&answer).contains("more than these 200 rows"), "{answer}");
    assert!(message(&answer).contains("raise max_rows (at most 10000)"), "{answer}");
    let url = shop::shared().url(SEATTLE);
    let args = ["--rls-user", SEATTLE, "--max-bytes", "1000000"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    let answer = ask(&mut client, sql, 10_000);
    assert_eq!((answer["n"].clone(), answer["r"][9_999].clone()), (json!(10_000), json!([10_000])));
    let exact = ask(&mut client, "SELECT g FROM generate_series(1, 7) g", 7);
    assert_eq!((exact["n"].clone(), exact.get("truncated"), exact.get("msg")), (json!(7), None, None));
}

#[test]
fn an_answer_keeps_to_its_bytes_and_says_how_many_rows_it_left_out() {
    let url = shop::shared().url(SEATTLE);
    let sql = "SELECT g, repeat('x', 1000) FROM generate_series(1, 100) g";
    for bytes in [1_024, 32_768, 100_000] {
        let args = ["--rls-user", SEATTLE, "--max-bytes", &bytes.to_string()];
        let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
        let answer = client.query(sql);
        let rows = answer["r"].as_array().expect("rows").len();
        let size = answer["r"].to_string().len();
        assert!(
            rows > 0 && rows < 100 && size <= bytes && size + 1_100 > bytes,
            "{bytes}: {rows} rows, {size}"
        );
        assert_eq!(answer["truncated"], true);
        let said = format!("{} of 100 rows were left out: an answer holds {bytes} bytes", 100 - rows);
        // Counting is given up when the rest is much larger than an answer.
        let counted = bytes > 100_000 / 8;
        assert_eq!(message(&answer).contains(&said), counted, "{}", message(&answer));
    }
}

#[test]
fn characters_that_json_writes_longer_count_as_they_are_written() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let answer = client.query("SELECT repeat(E'\\x01', 300) FROM generate_series(1, 150) g");
    let size = answer["r"].to_string().len();
    assert!(answer["truncated"] == true && size <= 32_768 && size > 30_000, "{size}");
}

#[test]
fn a_long_value_is_shortened_and_says_its_true_length() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for (value, length) in [
        ("repeat('ä', 4001)", 4_001),
        ("repeat('x', 999999)", 999_999),
        ("repeat('x', 1000000)", 1_000_000),
        ("repeat('ä', 3000000)", 3_000_000),
        ("(SELECT array_agg(1) FROM generate_series(1, 1000000))", 2_000_001),
        ("decode(repeat('ab', 1000000), 'hex')", 2_000_002),
        ("'1e100000'::numeric", 100_001),
        ("repeat('x', 2000000)::char(1000002)", 1_000_002),
    ] {
        let answer = client.query(&format!("SELECT 1, {value}, 'short'; -- the end"));
        let text = answer["r"][0][1].as_str().unwrap_or_else(|| panic!("{value}: {answer}"));
        let (kept, said) = text.split_once('…').unwrap_or_else(|| panic!("{value}: {}", text.len()));
        assert_eq!(
            (kept.chars().count(), said),
            (4_000, format!(" [{length} characters]").as_str()),
            "{value}"
        );
        assert_eq!((answer["r"][0][0].clone(), answer["r"][0][2].clone()), (json!(1), json!("short")));
        assert!(message(&answer).contains("1 value was shortened; substr("), "{}", message(&answer));
    }
    assert_eq!(client.value("SELECT repeat('x', 4000)").as_str().map(str::len), Some(4_000));
}

/// A sort of all rows would need more temporary files than a login may write; one that keeps the best few needs none.
#[test]
fn the_row_limit_reaches_the_sort() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let sql = "SELECT repeat(md5(g::text), 130) FROM generate_series(1, 300000) g ORDER BY 1";
    let answer = ask(&mut client, sql, 3);
    assert_eq!((answer["n"].clone(), answer["truncated"].clone()), (json!(3), json!(true)));
}

/// PostgreSQL itself stops: the connection is free for the next call. Had it gone on, it would have been thrown away.
#[test]
fn the_row_limit_stops_an_endless_query() {
    let database = shop::shared();
    let args = ["--rls-user", SEATTLE, "--application-name", "zava-endless"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &database.url(SEATTLE))]);
    let backend = || {
        database.value(
            "SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE application_name = 'zava-endless'",
        )
    };
    assert_eq!(client.value("SELECT 1"), 1);
    let first = backend();
    let answer =
        client.query("WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i % 9 + 1 FROM n) SELECT i FROM n");
    assert_eq!((answer["n"].clone(), answer["truncated"].clone()), (json!(200), json!(true)));
    assert_eq!(client.value("SELECT 2"), 2);
    assert_eq!(backend(), first);
}

#[test]
fn memory_stays_bounded_whatever_a_query_returns() {
    let database = shop::shared();
    let wide = |value: &str| vec![value; 1_600].join(", ");
    let queries = [
        "SELECT repeat('x', 300000000)".to_owned(),
        "SELECT repeat('😀', 20000000) FROM generate_series(1, 3)".to_owned(),
        "SELECT decode(repeat('ab', 50000000), 'hex')".to_owned(),
        "SELECT jsonb_agg(g) FROM generate_series(1, 1000000) g".to_owned(),
        format!("SELECT {} FROM generate_series(1, 100000)", wide("'abcdefghi'::text")),
        format!("SELECT {}", wide("repeat('€', 5000)")),
        "SELECT repeat('x', 100000) FROM generate_series(1, 100000)".to_owned(),
    ];
    for sql in queries {
        let mut client = Client::serve(&database, SEATTLE);
        let called = client.call("execute_sales_query", json!({"postgresql_query": sql, "max_rows": 10_000}));
        let shown: String = sql.chars().take(80).collect();
        assert!(called.text.len() < 3 * 32_768, "{shown}: {}", called.text.len());
        assert_eq!(client.value("SELECT 1"), 1);
        let most = client.most_memory();
        assert!(most > 1_000 && most < MOST_MEMORY, "{shown}: {most} KiB");
    }
}

#[test]
fn a_lock_that_somebody_holds_is_given_up_with_its_own_reason() {
    let database = Database::copy();
    let config: tokio_postgres::Config = database.owner_url().parse().expect("well-formed");
    let mut client = Client::serve(&database, SEATTLE);
    assert_eq!(client.value("SELECT 1"), 1);
    let text = block_on(async {
        let (owner, connection) = config.connect(tokio_postgres::NoTls).await.expect("connected");
        tokio::spawn(connection);
        owner
            .batch_execute("BEGIN; LOCK TABLE retail.orders IN ACCESS EXCLUSIVE MODE")
            .await
            .expect("locked");
        tokio::task::spawn_blocking(move || {
            let text = client.refused("SELECT count(*) FROM retail.orders");
            assert_eq!(client.value("SELECT count(*) > 0 FROM retail.products"), true);
            text
        })
        .await
        .expect("answered")
    });
    assert!(text.starts_with("QUERY_TIMEOUT (lock_timeout)") && text.contains("\nNext: "), "{text}");
}

#[test]
fn calls_beyond_the_pool_wait_and_then_say_that_all_connections_are_busy() {
    let url = shop::shared().url(SEATTLE);
    let args =
        ["--rls-user", SEATTLE, "--pool-max", "1", "--connect-timeout", "2", "--statement-timeout", "6"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    assert_eq!(client.value("SELECT 1"), 1);
    let send = |client: &mut Client, sql: &str| {
        let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": sql}});
        client.send("tools/call", call)
    };
    let slow = send(&mut client, "SELECT count(*) FROM (SELECT generate_series(1, 100000000000)) AS g");
    let waiting = send(&mut client, "SELECT 2");
    let text = |answer: &Value| answer["result"]["content"][0]["text"].as_str().expect("text").to_owned();
    let (waited, slow) = (text(&client.answer(waiting)), text(&client.answer(slow)));
    assert!(waited.starts_with("DATABASE_ERROR (pool_exhausted)") && waited.contains("2 s"), "{waited}");
    assert!(slow.starts_with("QUERY_TIMEOUT (statement_timeout)"), "{slow}");
    assert_eq!(client.value("SELECT 3"), 3);
}

#[test]
fn queries_run_in_parallel_under_the_policies() {
    let database = Database::copy();
    database.script(
        "CREATE FUNCTION retail.worker() RETURNS int PARALLEL SAFE LANGUAGE plpgsql AS 'BEGIN RETURN pg_backend_pid(); END';
         GRANT EXECUTE ON FUNCTION retail.worker() TO zava_manager",
    );
    // so cheap that also a small table is read in parallel, and only by workers
    for setting in [
        "parallel_setup_cost = 0",
        "parallel_tuple_cost = 0",
        "min_parallel_table_scan_size = 0",
        "parallel_leader_participation = off",
    ] {
        database.script(&format!("ALTER DATABASE {} SET {setting}", database.name));
    }
    let mut client = Client::serve(&database, SEATTLE);
    let all = client.value("SELECT count(*) FROM retail.order_items");
    assert!(all.as_i64().expect("a number") > 1000, "{all}");
    let leader = client.value("SELECT pg_backend_pid()");
    let sql = format!("SELECT count(*) FROM retail.order_items WHERE retail.worker() <> {leader}");
    assert_eq!(client.value(&sql), all, "each row is met by a worker");
}
