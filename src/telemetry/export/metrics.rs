//! Counts and times of calls: in the names of the OpenTelemetry conventions, and in those that dashboards of the seed
//! documents ask for.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use super::attributes;
use crate::call::{Ended, Who};
use crate::telemetry::words;

/// Bounds that the conventions advise, in seconds.
const OF_CALLS: [f64; 14] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];
const OF_STATEMENTS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

/// The instruments.
pub(super) struct Metrics {
    calls: Histogram<f64>,
    statements: Histogram<f64>,
    queries: Counter<u64>,
    durations: Histogram<f64>,
}

impl Metrics {
    pub(super) fn of(meter: &Meter) -> Self {
        let seconds = |name: &'static str, what: &'static str, bounds: &[f64]| {
            let histogram = meter.f64_histogram(name).with_unit("s").with_description(what);
            histogram.with_boundaries(bounds.to_vec()).build()
        };
        Self {
            calls: seconds("mcp.server.operation.duration", "Time from a request to its answer", &OF_CALLS),
            statements: seconds("db.client.operation.duration", "Time a statement took", &OF_STATEMENTS),
            queries: meter.u64_counter(words::QUERIES).with_description(words::QUERIES_HELP).build(),
            durations: seconds(words::DURATION, words::DURATION_HELP, &words::BOUNDS),
        }
    }

    /// Counts one call.
    pub(super) fn count(&self, call: &Ended, who: &Who) {
        let mut said = attributes::mcp(call);
        said.extend(attributes::error_type(call).map(|error| KeyValue::new("error.type", error)));
        self.calls.record(call.took.as_secs_f64(), &said);
        for statement in &call.statements {
            let mut said = attributes::database(who);
            if statement.rows.is_none() {
                said.push(KeyValue::new("error.type", attributes::why(call)));
            }
            self.statements.record(statement.took.as_secs_f64(), &said);
        }
        if let Some((kind, status)) = words::of(call) {
            let kind = KeyValue::new("query_type", kind.to_owned());
            self.queries.add(1, &[kind.clone(), KeyValue::new("status", status)]);
            self.durations.record(call.took.as_secs_f64(), &[kind]);
        }
    }
}
