//! `server_status`: whose rows, how safe, how busy, how fast; and an answer also when nothing works.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

#[track_caller]
fn status(client: &mut Client) -> Value {
    let called = client.call("server_status", json!({}));
    assert!(!called.is_error, "{}", called.text);
    let structured = called.structured.expect("structured content");
    assert_eq!(serde_json::from_str::<Value>(&called.text).expect("JSON"), structured);
    structured
}

/// The row of a tool, by column.
#[track_caller]
fn of_tool(status: &Value, tool: &str) -> Value {
    let columns = status["tools"]["c"].as_array().expect("columns");
    let rows = status["tools"]["r"].as_array().expect("rows");
    let row = rows.iter().find(|row| row[0] == tool).unwrap_or_else(|| panic!("no {tool} in {status}"));
    columns
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str().expect("a name").to_owned(), row[at].clone()))
        .collect()
}

#[test]
fn it_tells_whose_rows_are_shown_and_how_safe_that_is() {
    let shop = shop::shared();
    for (identity, login, kind, stores) in [
        (SEATTLE, "zava_seattle", "store", 1),
        (PUGET_SOUND, "zava_puget_sound", "regional", 5),
        (HEAD_OFFICE, "zava_head_office", "head_office", 8),
    ] {
        let status = status(&mut Client::serve(&shop, identity));
        let who = &status["identity"];
        assert_eq!(who["rls_user_id"], identity);
        assert_eq!(who["proof"], "proven");
        assert!(who["login"].as_str().expect("a login").starts_with("zava_"), "{login}: {who}");
        assert_eq!(who["kind"], kind);
        let visible = who["stores"].as_array().expect("stores").len();
        assert!(if kind == "regional" { (2..8).contains(&visible) } else { visible == stores }, "{who}");
        assert_eq!(status["safety"]["grade"], "A", "{status}");
        assert_eq!(status["safety"]["refused_for"], json!([]));
        let forced = status["safety"]["row_security"]["forced"].as_array().expect("tables");
        assert!(forced.contains(&json!("orders")) && !forced.contains(&json!("products")), "{status}");
        assert_eq!(status["database"]["reachable"], true);
        let ahead = status["database"]["clock_ahead_seconds"].as_i64().expect("seconds");
        assert!(ahead.abs() <= 1, "one clock here: {ahead}");
        let extensions = status["database"]["extensions"].to_string();
        assert!(extensions.contains("vector "), "{extensions}");
        assert_eq!(status["pool"]["waiting"], 0);
        assert_eq!(status["embeddings"]["provider"], "none", "{status}");
        let url = shop.url(identity);
        let password = url.rsplit_once("password=").expect("a password").1;
        assert!(password.len() > 8 && !status.to_string().contains(password), "{status}");
    }
}

#[test]
fn calls_are_counted_by_tool_and_by_how_they_ended() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    client.value("SELECT 1");
    client.value("SELECT 2");
    client.refused("SELECT nothing");
    client.request("tools/call", json!({"name": "no_such_tool", "arguments": {}}));
    let question = json!({"query_description": "claw hammer"});
    for _ in 0..3 {
        client.call("semantic_search_products", question.clone());
    }
    let status = status(&mut client);
    let of = |tool: &str, columns: [&str; 5]| columns.map(|column| of_tool(&status, tool)[column].clone());
    let columns = ["calls", "errors", "cancelled", "slow", "cached"];
    assert_eq!(of("execute_sales_query", columns), [3, 1, 0, 0, 0].map(|n| json!(n)));
    assert_eq!(of("semantic_search_products", columns), [3, 0, 0, 0, 2].map(|n| json!(n)));
    assert_eq!(status["tools"]["n"], 2, "only tools that exist, and that have ended: {status}");
    for tool in ["execute_sales_query", "semantic_search_products"] {
        let row = of_tool(&status, tool);
        let [least, mean, most] =
            ["min_ms", "mean_ms", "max_ms"].map(|column| row[column].as_f64().expect("milliseconds"));
        assert!(0.0 < least && least <= mean && mean <= most, "{row}");
    }
    assert_eq!(of_tool(&self::status(&mut client), "server_status")["calls"], 1);
}

#[test]
fn a_call_that_takes_as_long_as_the_limit_is_slow() {
    let args = ["--rls-user", SEATTLE, "--slow-query-seconds", "0"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &shop::shared().url(SEATTLE))]);
    client.value("SELECT 1");
    assert_eq!(of_tool(&status(&mut client), "execute_sales_query")["slow"], 1);
}

#[test]
fn a_cancelled_call_is_counted_as_one() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    client.value("SELECT 1");
    let endless = json!({"postgresql_query": "SELECT count(*) FROM generate_series(1, 100000000000) AS g"});
    let id = client.send("tools/call", json!({"name": "execute_sales_query", "arguments": endless}));
    client.value("SELECT 1"); // calls begin in order
    client.notify("notifications/cancelled", json!({"requestId": id}));
    for _ in 0..200 {
        let row = of_tool(&status(&mut client), "execute_sales_query");
        if row["calls"] == 3 {
            assert_eq!([&row["cancelled"], &row["errors"]], [&json!(1), &json!(0)], "{row}");
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the cancelled call was never counted");
}

#[test]
fn it_answers_when_the_database_is_down_and_says_so() {
    let mut client = Client::spawn(
        &["--rls-user", SEATTLE],
        &[("DATABASE_URL", "host=/tmp/zava-no-such-directory user=nobody password=hunter2 dbname=zava")],
    );
    let status = status(&mut client);
    assert_eq!(status["database"]["reachable"], false);
    let error = status["database"]["error"].as_str().expect("words");
    assert!(error.starts_with("DATABASE_ERROR (unreachable)"), "{error}");
    assert_eq!(status["identity"]["proof"], "not established");
    assert_eq!(status["safety"], Value::Null);
    assert!(status["server"]["utc"].is_string() && !status.to_string().contains("hunter2"), "{status}");
}

#[test]
fn it_answers_when_the_database_is_refused_and_names_the_checks() {
    let database = Database::copy();
    database.script("ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY");
    let status = status(&mut Client::serve(&database, SEATTLE));
    assert_eq!(
        [&status["database"]["reachable"], &status["database"]["served"]],
        [&json!(true), &json!(false)]
    );
    assert_eq!(status["safety"]["grade"], "F");
    assert!(status["safety"]["refused_for"].to_string().contains("row_security_forced"), "{status}");

    let other =
        Client::spawn(&["--rls-user", HEAD_OFFICE], &[("DATABASE_URL", &shop::shared().url(SEATTLE))]);
    let status = self::status(&mut { other });
    assert!(status["identity"]["proof"].as_str().expect("words").contains("identity_mismatch"), "{status}");
    assert_eq!(status["identity"].get("stores"), None);
}
