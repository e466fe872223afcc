//! What a line says.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::{Place, intact};
use crate::support::shop::SEATTLE;

const SECRET: &str = "SELECT 'hush'::text AS a UNION ALL SELECT 'hush'";

#[test]
fn every_call_has_its_line_with_who_what_how_much_and_how_it_ended() {
    let place = Place::new();
    let mut client = place.serve(SEATTLE, &[]);
    client.query(SECRET);
    client.refused("SELECT nothing_like_it FROM retail.stores");
    client.call("get_multiple_table_schemas", json!({"table_names": ["retail.stores"]}));
    client.call("get_multiple_table_schemas", json!({"table_names": ["retail.stores"]}));
    client.request("resources/read", json!({"uri": "zava://stores"}));
    client.request("prompts/get", json!({"name": "store_review"}));
    client.request("tools/list", json!({}));
    client.request("tools/call", json!({"name": "no_such_tool", "arguments": {}}));
    client.hang_up();

    let calls = place.calls();
    let seen: Vec<_> = calls.iter().map(|call| (call["method"].as_str(), call["outcome"].as_str())).collect();
    let [tool, read, prompt] = ["tools/call", "resources/read", "prompts/get"].map(Some);
    let [ok, error] = ["ok", "error"].map(Some);
    let expected =
        [(tool, ok), (tool, error), (tool, ok), (tool, ok), (read, ok), (prompt, ok), (tool, error)];
    assert_eq!(seen, expected);

    let query = &calls[0];
    assert_eq!(query["identity"], SEATTLE);
    assert_eq!(query["proof"], "proven");
    assert!(query["login"].as_str().is_some_and(|login| login.starts_with("zava_")), "{query}");
    assert_eq!(query["tool"], "execute_sales_query");
    let sha256 = "printf %s \"$SQL\" | sha256sum";
    assert_eq!(
        query["sql_sha256"], "20f8dccd30478ba931aa2b07f37625e420e965c7a647e6d6b9762a1c7f96fbf8",
        "{sha256}"
    );
    assert_eq!((&query["rows"], &query["cached"]), (&json!(2), &json!(false)));
    assert!(query["bytes"].as_u64() > Some(20) && query["ms"].as_f64() > Some(0.0), "{query}");
    let time: jiff::Timestamp = query["time"].as_str().expect("a text").parse().expect("RFC 3339");
    assert!(jiff::Timestamp::now().duration_since(time).as_secs() < 60, "{query}");
    assert_eq!(query["time"].as_str().map(str::len), Some("2026-11-21T17:30:00.123Z".len()));

    assert_eq!(
        (&calls[1]["code"], &calls[1]["reason"]),
        (&json!("VALIDATION_ERROR"), &json!("unknown_name"))
    );
    assert_eq!((&calls[2]["cached"], &calls[3]["cached"]), (&json!(false), &json!(true)));
    assert_eq!(calls[2]["arguments_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(calls[4]["uri"], "zava://stores");
    assert_eq!((&calls[6]["tool"], calls[6]["rpc_code"].is_i64()), (&json!("no_such_tool"), true));
    assert!(!place.lines().concat().contains("hush"));
    intact(&place.dir());
}

#[test]
fn the_text_is_kept_when_that_is_asked_for_and_only_this_user_may_read_it() {
    let place = Place::new();
    let mut client = place.serve(SEATTLE, &["--audit-sql"]);
    client.query(SECRET);
    client.call("get_multiple_table_schemas", json!({"table_names": ["retail.stores"]}));
    let status = client.call("server_status", json!({})).structured.expect("structured content");
    assert_eq!(status["accounts"], json!({"audit_log": "not required; 2 calls entered, 0 could not be"}));
    client.hang_up();
    let calls = place.calls();
    assert_eq!(calls[0]["sql"], SECRET);
    assert_eq!(calls[1]["arguments"], r#"{"table_names":["retail.stores"]}"#);
    for (path, mode) in [(place.dir(), 0o700), (place.file(), 0o600), (place.dir().join("audit.head"), 0o600)]
    {
        let found = std::fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(found, mode, "{}", path.display());
    }
}

#[test]
fn a_cancelled_call_has_its_line_and_so_has_one_that_runs_when_the_client_hangs_up() {
    let place = Place::new();
    let mut client = place.serve(SEATTLE, &[]);
    let slow =
        json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELECT pg_sleep(20)"}});
    let heavy = "SELECT count(*) FROM generate_series(1, 100000000000) AS g";
    let slow = {
        let mut call = slow;
        call["arguments"]["postgresql_query"] = json!(heavy);
        call
    };
    client.value("SELECT 1");
    let id = client.send("tools/call", slow.clone());
    client.notify("notifications/cancelled", json!({"requestId": id}));
    client.value("SELECT 2");
    client.send("tools/call", slow);
    client.value("SELECT 3");
    client.hang_up();
    let outcomes: Vec<_> = place.calls().iter().map(|call| call["outcome"].clone()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "cancelled").count(), 2, "{outcomes:?}");
    assert_eq!(outcomes.len(), 5, "{outcomes:?}");
    intact(&place.dir());
}

#[test]
fn without_an_audit_log_nothing_is_written_and_requiring_one_is_refused() {
    let place = Place::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["--rls-user", SEATTLE, "--audit-required"]).env_clear().stdin(std::process::Stdio::null());
    let refused = command.output().expect("it runs");
    let text = String::from_utf8(refused.stderr).expect("UTF-8");
    assert_eq!(refused.status.code(), Some(2), "{text}");
    assert!(text.contains("--audit-log"), "{text}");
    assert!(!place.dir().exists());
}
