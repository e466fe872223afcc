//! Collectors that are down, silent or overloaded: calls are answered, stdout stays pure, and the end comes.

use std::net::TcpListener;

use super::{Manner, Receiver, serve};

/// Serves with a collector there; the log. The client insists on its own that stdout holds nothing but MCP.
fn served_with(url: &str) -> String {
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url),
        ("OTEL_BSP_SCHEDULE_DELAY", "10"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "10"),
    ];
    let mut client = serve(&[], &environment);
    for number in 0..50 {
        assert_eq!(client.value(&format!("SELECT {number}")), number);
    }
    let (code, log) = client.hang_up();
    assert_eq!(code, Some(0), "{log}");
    log
}

#[test]
fn nobody_listens() {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let log = served_with(&format!("http://127.0.0.1:{port}"));
    let told = log.lines().filter(|line| line.contains("telemetry cannot be sent")).count();
    assert_eq!(told, 1, "told once: {log}");
    assert!(!log.contains("opentelemetry"), "{log}");
}

#[test]
fn the_collector_says_nothing() {
    let receiver = Receiver::new(Manner::Silent);
    served_with(&receiver.url());
    assert!(!receiver.received().is_empty());
}

#[test]
fn the_collector_is_overloaded() {
    let receiver = Receiver::new(Manner::Refuses);
    let log = served_with(&receiver.url());
    assert!(log.contains("the collector answers 503"), "{log}");
}

#[test]
fn the_address_is_none() {
    let log = served_with("not a url ::");
    assert!(log.contains("no telemetry is sent"), "{log}");
}

#[test]
fn without_a_collector_there_is_no_thread_for_one() {
    let threads = |environment: &[(&str, &str)]| {
        let mut client = serve(&["--log", "error"], environment);
        client.value("SELECT 1");
        let status = client.call("server_status", serde_json::json!({})).structured.expect("structured");
        let accounts = if environment.is_empty() {
            serde_json::json!({})
        } else {
            serde_json::json!({"telemetry": "sent"})
        };
        assert_eq!(status["accounts"], accounts);
        let names = client.threads();
        client.hang_up();
        names
    };
    let off = threads(&[]);
    assert!(off.iter().any(|name| name.contains("zava")), "{off:?}");
    let telemetry = |names: &[String]| {
        names
            .iter()
            .any(|name| ["telemetry", "metrics", "OpenTelemetry"].iter().any(|word| name.contains(word)))
    };
    assert!(!telemetry(&off), "{off:?}");
    let receiver = Receiver::new(Manner::Takes);
    let on = threads(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.url())]);
    assert!(telemetry(&on) && on.len() > off.len(), "{on:?}");
}
