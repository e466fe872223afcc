//! One call as spans: of the MCP server, and under it one for each statement. Names are those of the OpenTelemetry
//! conventions for MCP and for databases.

use data_encoding::HEXLOWER;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Span as _, SpanBuilder, SpanKind, Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;

use super::attributes;
use crate::call::{Ended, Input, Outcome, Statement, Who};

/// Makes the spans of calls.
pub(super) struct Spans {
    pub(super) tracer: SdkTracer,
    pub(super) with_text: bool,
}

impl Spans {
    /// Makes the spans of one call that has ended.
    pub(super) fn of(&self, call: &Ended, who: &Who) {
        // The call is over: nothing of the thread it ran on may become its parent.
        let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Carrier(call));
        let span = SpanBuilder::from_name(attributes::span_name(call))
            .with_kind(SpanKind::Server)
            .with_start_time(call.at)
            .with_attributes(server(call, who))
            .start_with_context(&self.tracer, &parent);
        let context = parent.with_span(span);
        let span = context.span();
        if span.is_recording() {
            for statement in &call.statements {
                self.statement(call, who, statement, &context);
            }
        }
        if let Some(error) = attributes::error_type(call) {
            span.set_attribute(KeyValue::new("error.type", error));
            let why = call.reason.map_or(call.word(), |reason| reason.as_str());
            span.set_status(Status::error(why));
        }
        span.end_with_timestamp(call.at + call.took);
    }

    fn statement(&self, call: &Ended, who: &Who, statement: &Statement, of: &Context) {
        let mut attributes = attributes::database(who);
        attributes.push(KeyValue::new("zava.statement.purpose", statement.doing));
        attributes.push(KeyValue::new("zava.query.sha256", HEXLOWER.encode(&statement.sha256)));
        if let Some(rows) = statement.rows {
            attributes
                .push(KeyValue::new("db.response.returned_rows", i64::try_from(rows).unwrap_or(i64::MAX)));
        }
        if self.with_text
            && let Some(Input::Sql(text)) = &call.asked.input
            && attributes::sha256(text) == statement.sha256
        {
            attributes.push(KeyValue::new("db.query.text", text.clone()));
        }
        let failed = statement.rows.is_none().then(|| attributes::why(call));
        if let Some(why) = failed {
            attributes.push(KeyValue::new("error.type", why));
        }
        let name = format!("SELECT {}", who.database.as_deref().unwrap_or("postgresql"));
        let mut span = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Client)
            .with_start_time(statement.at)
            .with_attributes(attributes)
            .start_with_context(&self.tracer, of);
        if let Some(why) = failed {
            span.set_status(Status::error(why));
        }
        span.end_with_timestamp(statement.at + statement.took);
    }
}

fn server(call: &Ended, who: &Who) -> Vec<KeyValue> {
    let mut said = attributes::mcp(call);
    said.push(KeyValue::new("jsonrpc.request.id", call.asked.id.clone()));
    if let Some(uri) = &call.asked.uri {
        said.push(KeyValue::new("mcp.resource.uri", uri.clone()));
    }
    if let Outcome::ProtocolError(code) = call.outcome {
        said.push(KeyValue::new("rpc.response.status_code", code.to_string()));
    }
    said.push(KeyValue::new("enduser.id", who.identity.clone()));
    if let Some(proof) = &who.proof {
        said.push(KeyValue::new("zava.identity.proof", proof.clone()));
    }
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    said.push(KeyValue::new("zava.answer.rows", number(call.rows)));
    said.push(KeyValue::new("zava.answer.bytes", number(call.bytes)));
    said.push(KeyValue::new("zava.answer.cached", call.kept));
    if let Some(reason) = call.reason {
        said.push(KeyValue::new("zava.error.reason", reason.as_str()));
    }
    said
}

/// `traceparent` and `tracestate`, as the client sent them with the call.
struct Carrier<'a>(&'a Ended<'a>);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let [parent, state] = &self.0.asked.trace;
        match key {
            "traceparent" => parent.as_deref(),
            "tracestate" => state.as_deref(),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}
