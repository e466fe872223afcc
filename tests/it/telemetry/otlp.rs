//! OTLP over HTTP, decoded with the types of the protocol.

use std::fmt::Write as _;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use serde_json::{Value, json};

use super::{Manner, Receiver, hex, serve};
use crate::support::mcp::Client;
use crate::support::recipe::{bless, example};
use crate::support::shop;

const SQL: &str = "SELECT 'hush'::text AS a";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// The attributes as text, by name.
fn texts(attributes: &[KeyValue]) -> Value {
    let text = |attribute: &KeyValue| {
        let value = attribute.value.as_ref().and_then(|value| value.value.clone());
        let value = match value {
            Some(Any::StringValue(text)) => json!(text),
            Some(Any::IntValue(number)) => json!(number),
            Some(Any::BoolValue(flag)) => json!(flag),
            other => panic!("{}: {other:?}", attribute.key),
        };
        (attribute.key.clone(), value)
    };
    Value::Object(attributes.iter().map(text).collect())
}

/// Resource attributes and spans that arrived.
fn spans(receiver: &Receiver) -> (Value, Vec<Span>) {
    let mut resource = Value::Null;
    let mut spans = Vec::new();
    for request in receiver.received().iter().filter(|request| request.path == "/v1/traces") {
        assert_eq!(request.headers["content-type"], "application/x-protobuf");
        let decoded = ExportTraceServiceRequest::decode(request.body.as_slice()).expect("OTLP");
        for of_resource in decoded.resource_spans {
            resource = texts(&of_resource.resource.expect("a resource").attributes);
            spans.extend(of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    (resource, spans)
}

fn traced_query(client: &mut Client, sql: &str) -> Value {
    let meta = json!({"traceparent": format!("00-{TRACE}-{PARENT}-01")});
    let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": sql}, "_meta": meta});
    client.request("tools/call", call)["result"].clone()
}

#[test]
fn a_call_is_a_span_of_the_clients_trace_with_its_statement_below_it() {
    let receiver = Receiver::new(Manner::Takes);
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=for-the-collector".to_owned()),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test".to_owned()),
    ];
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut client = serve(&[], &environment);
    traced_query(&mut client, SQL);
    let (code, _) = client.hang_up();
    assert_eq!(code, Some(0));

    let (resource, spans) = spans(&receiver);
    assert!(receiver.received().iter().all(|request| request.headers["x-key"] == "for-the-collector"));
    assert_eq!(resource["service.name"], "zava-mcp");
    assert_eq!(resource["deployment.environment.name"], "test");
    let named =
        |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{spans:?}"));
    let call = named("tools/call execute_sales_query");
    assert_eq!((hex(&call.trace_id), hex(&call.parent_span_id)), (TRACE.to_owned(), PARENT.to_owned()));
    assert_eq!(call.kind(), SpanKind::Server);
    assert_eq!(call.status.clone().unwrap_or_default().code, 0);
    let said = texts(&call.attributes);
    for (name, value) in [
        ("mcp.method.name", json!("tools/call")),
        ("gen_ai.tool.name", json!("execute_sales_query")),
        ("gen_ai.operation.name", json!("execute_tool")),
        ("network.transport", json!("pipe")),
        ("mcp.protocol.version", json!("2025-11-25")),
        ("zava.answer.rows", json!(1)),
        ("zava.identity.proof", json!("proven")),
    ] {
        assert_eq!(said[name], value, "{name}: {said}");
    }
    assert!(said["jsonrpc.request.id"].is_string() && said.get("error.type").is_none(), "{said}");

    let statement = spans.iter().find(|span| span.parent_span_id == call.span_id).expect("a statement");
    assert_eq!(hex(&statement.trace_id), TRACE);
    assert_eq!((statement.kind(), statement.name.as_str()), (SpanKind::Client, "SELECT zava"));
    let within = call.start_time_unix_nano <= statement.start_time_unix_nano
        && statement.end_time_unix_nano <= call.end_time_unix_nano;
    assert!(within, "{call:?} {statement:?}");
    let said = texts(&statement.attributes);
    for (name, value) in [
        ("db.system.name", json!("postgresql")),
        ("db.operation.name", json!("SELECT")),
        ("db.namespace", json!("zava")),
        ("server.address", json!(shop::server().socket_dir())),
        ("server.port", json!(5432)),
        ("db.response.returned_rows", json!(1)),
        ("zava.query.sha256", json!("dbb36834dfc94e4df5e2eb210268a19c58fc219e643c4fe4aa905112da35dfc2")),
    ] {
        assert_eq!(said[name], value, "{name}: {said}");
    }
    let all: Vec<u8> = receiver.received().into_iter().flat_map(|request| request.body).collect();
    assert!(!String::from_utf8_lossy(&all).contains("hush"));
    assert!(named("initialize").parent_span_id.is_empty());
}

#[test]
fn a_failed_call_is_a_failed_span() {
    let receiver = Receiver::new(Manner::Takes);
    let mut client = serve(&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.url())]);
    let refused = traced_query(&mut client, "SELECT nothing_like_it FROM retail.stores");
    assert_eq!(refused["isError"], true);
    client.request("tools/call", json!({"name": "no_such_tool", "arguments": {}}));
    client.hang_up();
    let (_, spans) = spans(&receiver);
    let of = |name: &str| {
        let span = spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:?}"));
        (texts(&span.attributes), span.status.clone().expect("a status"))
    };
    let (said, status) = of("tools/call execute_sales_query");
    assert_eq!(
        (&said["error.type"], &said["zava.error.reason"]),
        (&json!("tool_error"), &json!("unknown_name"))
    );
    assert_eq!((status.code, status.message.as_str()), (2, "unknown_name"));
    let (said, status) = of("tools/call");
    assert_eq!(
        (&said["error.type"], &said["rpc.response.status_code"]),
        (&json!("-32602"), &json!("-32602"))
    );
    assert_eq!(status.code, 2);
}

#[test]
fn the_text_of_a_query_is_in_its_trace_when_that_is_asked_for() {
    let receiver = Receiver::new(Manner::Takes);
    let mut client = serve(&["--trace-sql"], &[("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.url())]);
    traced_query(&mut client, SQL);
    client.hang_up();
    let (_, spans) = spans(&receiver);
    let with_text = spans.iter().filter(|span| texts(&span.attributes)["db.query.text"] == SQL).count();
    assert_eq!(with_text, 1, "{spans:?}");
}

/// Data of a metric with the attributes of each point.
fn metrics(receiver: &Receiver, name: &str) -> Option<Data> {
    let requests = receiver.received();
    let of_metrics = requests.iter().filter(|request| request.path == "/v1/metrics");
    let decoded = of_metrics.map(|request| {
        ExportMetricsServiceRequest::decode(request.body.as_slice()).expect("OTLP").resource_metrics
    });
    let mut all =
        decoded.flatten().flat_map(|resource| resource.scope_metrics).flat_map(|scope| scope.metrics);
    all.rfind(|metric| metric.name == name).and_then(|metric| metric.data)
}

#[test]
fn calls_are_counted_and_timed_under_both_families_of_names() {
    let receiver = Receiver::new(Manner::Takes);
    let mut client = serve(&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.url())]);
    client.query("SELECT 1");
    client.query("SELECT 2");
    client.refused("SELECT nothing_like_it FROM retail.stores");
    client.hang_up();
    let Some(Data::Sum(sum)) = metrics(&receiver, "mcp_queries_total") else { panic!("no sum") };
    assert!(sum.is_monotonic);
    let mut counts: Vec<_> = sum
        .data_points
        .iter()
        .map(|point| {
            let said = texts(&point.attributes);
            assert_eq!(said["query_type"], "execute_sales_query");
            let Some(Number::AsInt(count)) = point.value else { panic!("{point:?}") };
            (said["status"].as_str().expect("a text").to_owned(), count)
        })
        .collect();
    counts.sort();
    assert_eq!(counts, [("error".to_owned(), 1), ("success".to_owned(), 2)]);
    for (name, attribute, count) in [
        ("mcp_query_duration_seconds", "query_type", 3),
        ("mcp.server.operation.duration", "gen_ai.tool.name", 3),
        ("db.client.operation.duration", "db.system.name", 2),
    ] {
        let Some(Data::Histogram(histogram)) = metrics(&receiver, name) else { panic!("no {name}") };
        let points = histogram.data_points.iter();
        let counted: u64 = points
            .filter(|point| texts(&point.attributes).get(attribute).is_some())
            .inspect(|point| assert!(point.sum > Some(0.0) && point.explicit_bounds.len() > 8, "{point:?}"))
            .map(|point| point.count)
            .sum();
        assert!(counted >= count, "{name}: {histogram:?}");
    }
}

#[test]
fn the_variables_of_opentelemetry_are_honoured() {
    let receiver = Receiver::new(Manner::Takes);
    let run = |environment: &[(&str, &str)]| {
        let url = receiver.url();
        receiver.received.lock().expect("whole").clear();
        let environment = [&[("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())], environment].concat();
        let mut client = serve(&[], &environment);
        client.query("SELECT 1");
        client.hang_up();
        receiver.received()
    };
    let paths = |received: &[super::Received]| {
        let mut paths: Vec<_> = received.iter().map(|request| request.path.clone()).collect();
        paths.sort();
        paths.dedup();
        paths
    };
    assert_eq!(paths(&run(&[])), ["/v1/metrics", "/v1/traces"]);
    assert!(run(&[("OTEL_SDK_DISABLED", "true")]).is_empty());
    assert_eq!(paths(&run(&[("OTEL_TRACES_EXPORTER", "none")])), ["/v1/metrics"]);
    assert_eq!(paths(&run(&[("OTEL_TRACES_SAMPLER", "always_off")])), ["/v1/metrics"]);
    run(&[("OTEL_SERVICE_NAME", "the-seattle-shop")]);
    assert_eq!(spans(&receiver).0["service.name"], "the-seattle-shop");
}

/// A span and those below it as text, with what differs from run to run in stable words.
fn drawn(span: &Span, spans: &[Span], indent: &str) -> String {
    let millis = |nanos: u64| std::time::Duration::from_nanos(nanos).as_secs_f64() * 1e3;
    let took = millis(span.end_time_unix_nano - span.start_time_unix_nano);
    let kind = if span.kind() == SpanKind::Server { "server" } else { "client" };
    let mut text = format!("{indent}{} [{kind}, {took:.3} ms]\n", span.name);
    let mut said: Vec<String> = texts(&span.attributes)
        .as_object()
        .expect("attributes")
        .iter()
        .map(|(name, value)| match name.as_str() {
            "server.address" => format!("{name} = \"/run/postgresql\""),
            _ => format!("{name} = {value}"),
        })
        .collect();
    said.sort();
    for line in said {
        let _ = writeln!(text, "{indent}    {line}");
    }
    for below in spans.iter().filter(|below| below.parent_span_id == span.span_id) {
        text.push_str(&drawn(below, spans, &format!("{indent}  ")));
    }
    text
}

/// Without the times, which no two runs share.
fn timeless(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split_once(", ").filter(|_| line.ends_with(" ms]")).map_or(line, |(name, _)| name));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_is_a_trace_as_it_is_sent() {
    let receiver = Receiver::new(Manner::Takes);
    let mut client = serve(&["--trace-sql"], &[("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.url())]);
    traced_query(&mut client, "SELECT name FROM retail.stores");
    client.hang_up();
    let (_, spans) = spans(&receiver);
    let call = spans.iter().find(|span| hex(&span.parent_span_id) == PARENT).expect("the call");
    let text = format!(
        "One call as it was sent to a collector (--trace-sql; without it there is no db.query.text).\n\n\
         trace {TRACE}, below the client's span {PARENT}\n{}",
        drawn(call, &spans, "  ")
    );
    let path = example("trace.txt");
    if bless() {
        std::fs::write(&path, &text).expect("written");
    }
    let kept = std::fs::read_to_string(&path).expect("examples/trace.txt");
    assert_eq!(timeless(&text), timeless(&kept), "run with ZAVA_BLESS=1 to write it anew");
    assert!(text.contains(" ms]") && timeless(&text).len() < text.len(), "{text}");
}
