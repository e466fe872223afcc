//! Answers that are given again: only to whom they belong, only as long as they may be, and only what may be.

mod memory;
mod queries;
mod redis_server;
mod rights;
mod shared;

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::Database;

/// The tools whose answers are kept, each with one question.
fn questions() -> [(&'static str, Value); 3] {
    [
        ("get_store_performance", json!({"time_period": "2026-06"})),
        ("semantic_search_products", json!({"query_description": "cordless drill"})),
        ("get_multiple_table_schemas", json!({"table_names": ["retail.stores", "retail.orders"]})),
    ]
}

fn serve(database: &Database, identity: &str, flags: &[&str]) -> Client {
    let args = [&["--rls-user", identity], flags].concat();
    Client::spawn(&args, &[("DATABASE_URL", &database.url(identity))])
}

/// What a tool answered, without its age; and its age when it was kept.
#[track_caller]
fn ask(client: &mut Client, tool: &str, arguments: &Value) -> (String, Option<u64>) {
    let called = client.call(tool, arguments.clone());
    assert!(!called.is_error, "{tool}: {}", called.text);
    let Some(Value::Object(mut answer)) = called.structured else { return aged_text(&called.text) };
    let cached = answer.remove("cached");
    let age = answer.remove("age_seconds").map(|age| age.as_u64().expect("whole seconds"));
    assert_eq!(cached.is_some(), age.is_some(), "{}", called.text);
    (Value::Object(answer).to_string(), age)
}

/// The same for an answer that is text.
fn aged_text(text: &str) -> (String, Option<u64>) {
    let Some((text, age)) = text.split_once("\n-- {\"cached\":true,\"age_seconds\":") else {
        assert!(!text.contains("cached"), "{text}");
        return (text.to_owned(), None);
    };
    (text.to_owned(), Some(age.trim_end().trim_end_matches('}').parse().expect("whole seconds")))
}

/// What `server_status` says of the cache.
#[track_caller]
fn state(client: &mut Client) -> Value {
    let called = client.call("server_status", json!({}));
    assert!(!called.is_error, "{}", called.text);
    called.structured.expect("structured content")["cache"].clone()
}
