//! Names and labels of the metrics that dashboards of the seed documents ask for.

use crate::call::{Ended, Outcome};

/// Counter with the labels `query_type`, the tool, and `status`.
pub(super) const QUERIES: &str = "mcp_queries_total";
/// What it counts.
pub(super) const QUERIES_HELP: &str = "Calls of tools";
/// Histogram in seconds.
pub(super) const DURATION: &str = "mcp_query_duration_seconds";
/// What it measures.
pub(super) const DURATION_HELP: &str = "Time from a call of a tool to its answer, in seconds";
/// Its bounds.
pub(super) const BOUNDS: [f64; 13] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// `query_type` and `status` of a call of a tool; one that does not exist is `unknown`.
pub(super) fn of<'a>(call: &'a Ended) -> Option<(&'a str, &'static str)> {
    if call.asked.method != "tools/call" {
        return None;
    }
    let status = match call.outcome {
        Outcome::Answered => "success",
        Outcome::ToolError => "error",
        Outcome::ProtocolError(_) => return Some(("unknown", "error")),
        Outcome::Cancelled => "cancelled",
    };
    Some((call.asked.name.as_deref().unwrap_or("unknown"), status))
}
