//! Calls of each tool since the process began.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::activity::{Activity, Count};
use super::super::sales_query::Rows;
use crate::cache::Cache;

const COLUMNS: [&str; 9] =
    ["tool", "calls", "errors", "cancelled", "slow", "cached", "mean_ms", "min_ms", "max_ms"];

/// One row for each tool that was called, in the order of their names.
pub(super) fn table(activity: &Activity, cache: &Cache) -> Rows {
    let counts = activity.counts();
    Rows::of(&COLUMNS, counts.iter().map(|(tool, count)| row(tool, count, cache.hits(tool))))
}

fn row(tool: &str, count: &Count, cached: u64) -> Vec<Value> {
    vec![
        json!(tool),
        json!(count.calls),
        json!(count.errors),
        json!(count.cancelled),
        json!(count.slow),
        json!(cached),
        millis(count.mean()),
        millis(count.least),
        millis(count.most),
    ]
}

/// Milliseconds with three decimals.
fn millis(time: Duration) -> Value {
    json!((time.as_secs_f64() * 1e6).round() / 1e3)
}
