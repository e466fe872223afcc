//! Azure Application Insights: the lines that its ingestion gets, unpacked.

use std::io::Read as _;

use serde_json::Value;

use super::{Manner, Receiver, serve};

const KEY: &str = "11111111-2222-3333-4444-555555555555";

fn items(receiver: &Receiver) -> Vec<Value> {
    let requests = receiver.received();
    let unpacked = requests.iter().flat_map(|request| {
        assert_eq!(request.path, "/v2/track");
        assert_eq!(request.headers["content-encoding"], "gzip");
        let mut text = String::new();
        flate2::read::GzDecoder::new(request.body.as_slice()).read_to_string(&mut text).expect("gzip");
        match serde_json::from_str(&text).expect("JSON") {
            Value::Array(items) => items,
            other => panic!("{other}"),
        }
    });
    unpacked.collect()
}

#[test]
fn a_call_is_a_request_its_statement_a_dependency_and_metrics_come_too() {
    let receiver = Receiver::new(Manner::Takes);
    let connection = format!("InstrumentationKey={KEY};IngestionEndpoint={}/", receiver.url());
    let mut client = serve(&[], &[("APPLICATIONINSIGHTS_CONNECTION_STRING", &connection)]);
    client.query("SELECT 'hush'::text AS a");
    client.refused("SELECT nothing_like_it FROM retail.stores");
    let (code, log) = client.hang_up();
    assert_eq!(code, Some(0));
    assert!(!log.contains(KEY), "{log}");

    let items = items(&receiver);
    assert!(!items.is_empty() && items.iter().all(|item| item["iKey"] == KEY), "{items:?}");
    assert!(!Value::from(items.clone()).to_string().contains("hush"));
    let data = |kind: &str| -> Vec<&Value> {
        let of_kind = items.iter().filter(|item| item["data"]["baseType"] == kind);
        of_kind.map(|item| &item["data"]["baseData"]).collect()
    };
    let calls: Vec<_> = data("RequestData")
        .into_iter()
        .filter(|request| request["name"] == "tools/call execute_sales_query")
        .map(|request| request["success"].clone())
        .collect();
    assert_eq!(calls, [true, false], "{items:?}");
    let statements = data("RemoteDependencyData");
    assert!(statements.iter().any(|statement| statement["type"] == "postgresql"), "{statements:?}");
    let metrics: Vec<_> =
        data("MetricData").iter().map(|metric| metric["metrics"][0]["name"].to_string()).collect();
    assert!(metrics.iter().any(|name| name.contains("mcp_queries_total")), "{metrics:?}");
}

#[test]
fn a_connection_string_that_is_none_is_told_without_itself_and_serving_goes_on() {
    let secret = "InstrumentationKey-hunter2";
    let mut client = serve(&[], &[("APPLICATIONINSIGHTS_CONNECTION_STRING", secret)]);
    client.query("SELECT 1");
    let (_, log) = client.hang_up();
    assert!(log.contains("no telemetry is sent") && !log.contains("hunter2"), "{log}");
}
