//! Slow statements are on the log by what they were for, how long they took and a fingerprint: never by their text.

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

fn log_of(flags: &[&str], sql: &str) -> String {
    let args = [&["--rls-user", SEATTLE], flags].concat();
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &shop::shared().url(SEATTLE))]);
    assert_eq!(client.value(sql), "hush");
    client.call("semantic_search_products", json!({"query_description": "claw hammer"}));
    client.hang_up().1
}

#[test]
fn a_slow_statement_is_logged_by_its_fingerprint_and_not_by_its_text() {
    let sql = "SELECT 'hush'::text";
    let log = log_of(&["--slow-query-seconds", "0"], sql);
    let fingerprint = "8297ff9c518e4396"; // printf %s "$SQL" | sha256sum | cut -c 1-16
    let slow: Vec<&str> = log.lines().filter(|line| line.contains("slow statement")).collect();
    assert!(slow.len() >= 2, "{log}");
    let query = slow.iter().find(|line| line.contains(fingerprint)).unwrap_or_else(|| panic!("{log}"));
    assert!(query.contains("WARN") && query.contains("run a query") && query.contains("seconds="), "{query}");
    assert!(slow.iter().any(|line| line.contains("search products")), "{log}");
    assert!(!log.contains("hush") && !log.contains("claw") && !log.contains("SELECT"), "{log}");
}

#[test]
fn what_is_not_slow_is_not_logged() {
    let log = log_of(&["--slow-query-seconds", "3600"], "SELECT 'hush'::text");
    assert!(log.contains("connected to") && !log.contains("slow statement"), "{log}");
}

#[test]
fn a_query_that_fails_after_a_long_time_is_slow_too() {
    let args = ["--rls-user", SEATTLE, "--statement-timeout", "1"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &shop::shared().url(SEATTLE))]);
    let refused = client.refused("SELECT count(*) FROM generate_series(1, 100000000000) AS g");
    assert!(refused.starts_with("QUERY_TIMEOUT"), "{refused}");
    let log = client.hang_up().1;
    assert!(log.contains("slow statement"), "{log}");
}
