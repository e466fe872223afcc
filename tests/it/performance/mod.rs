//! `get_store_performance`: its numbers against SQL of another hand, its sentences against the numbers.
#![allow(clippy::float_cmp, reason = "amounts of whole cents, read from the same text")]

mod clock;
mod insights;
mod numbers;
mod refusals;
mod scale;

use serde_json::{Value, json};

use crate::support::mcp::Client;

/// The review of a store, or of all that the identity sees.
#[track_caller]
fn review(client: &mut Client, period: &str, store: Option<&str>) -> Value {
    let mut arguments = json!({"time_period": period});
    if let Some(store) = store {
        arguments["store"] = json!(store);
    }
    let called = client.call("get_store_performance", arguments);
    assert!(!called.is_error, "{period}: {}", called.text);
    let structured = called.structured.expect("structured content");
    assert_eq!(serde_json::from_str::<Value>(&called.text).expect("JSON"), structured);
    structured
}

/// A value of a table of a review: the row that begins with `row`, the column of that name.
#[track_caller]
fn cell<'a>(table: &'a Value, row: &str, column: &str) -> &'a Value {
    let columns = table["c"].as_array().expect("columns");
    let index = columns
        .iter()
        .position(|name| name == column)
        .unwrap_or_else(|| panic!("no {column} in {columns:?}"));
    let rows = table["r"].as_array().expect("rows");
    let found = rows.iter().find(|cells| cells[0] == row).unwrap_or_else(|| panic!("no {row} in {rows:?}"));
    &found[index]
}
