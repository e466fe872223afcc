//! Both ways to open a session, in any order and at any time.

use serde_json::json;

use super::wire::{Era, Wire};

#[test]
fn an_old_client_gets_the_version_it_asked_for() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut wire = Wire::fixture(&[]);
        assert_eq!(wire.initialize(version)["result"]["protocolVersion"], version);
        wire.still_serves();
    }
}

#[test]
fn a_client_with_an_unknown_version_is_offered_the_latest_that_has_initialize() {
    for version in ["2026-07-28", "2099-01-01", "1.0.0", ""] {
        let mut wire = Wire::fixture(&[]);
        assert_eq!(wire.initialize(version)["result"]["protocolVersion"], "2025-11-25", "{version}");
        wire.still_serves();
    }
}

#[test]
fn initialize_without_what_it_needs_is_refused_and_can_be_repeated() {
    let mut wire = Wire::fixture(&[]);
    let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}});
    wire.send(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}));
    let (id, code, text) = wire.error();
    assert_eq!((id, code), (json!(1), -32602));
    assert!(text.contains("clientInfo"), "{text}");
    wire.open(Era::Legacy);
    wire.still_serves();
}

#[test]
fn a_request_before_initialize_is_refused_and_initialize_works_then() {
    let mut wire = Wire::fixture(&[]);
    let early = wire.ask(1, "tools/list", json!({}));
    assert_eq!(early["error"]["code"], -32602, "{early}");
    wire.open(Era::Legacy);
    wire.still_serves();
}

#[test]
fn a_call_between_initialize_and_initialized_is_served() {
    let mut wire = Wire::fixture(&[]);
    wire.initialize("2025-11-25");
    wire.still_serves();
}

#[test]
fn a_ping_before_initialize_is_answered() {
    let mut wire = Wire::fixture(&[]);
    assert!(wire.ask(1, "ping", json!({}))["result"].is_object());
    wire.open(Era::Legacy);
    wire.still_serves();
}

#[test]
fn notifications_before_the_first_request_are_ignored() {
    for method in ["initialized", "cancelled", "roots/list_changed", "progress", "whatever"] {
        for era in [Era::Legacy, Era::Modern] {
            let mut wire = Wire::fixture(&[]);
            wire.send(&json!({"jsonrpc": "2.0", "method": format!("notifications/{method}")}));
            let params = json!({"requestId": 9, "progressToken": 1, "progress": 1});
            wire.send(
                &json!({"jsonrpc": "2.0", "method": format!("notifications/{method}"), "params": params}),
            );
            wire.open(era);
            wire.still_serves();
            assert_eq!(wire.end().code, Some(0));
        }
    }
}

#[test]
fn answers_before_the_first_request_are_ignored() {
    let mut wire = Wire::fixture(&[]);
    wire.send(&json!({"jsonrpc": "2.0", "id": 1, "result": {}}));
    wire.open(Era::Legacy);
    wire.still_serves();
}

/// Neither ping nor discover opens a session; what follows them is as early as before.
#[test]
fn a_notification_after_ping_or_discover_is_ignored() {
    let mut wire = Wire::fixture(&[]);
    assert!(wire.ask(1, "ping", json!({}))["result"].is_object());
    wire.open(Era::Modern);
    wire.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    wire.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}));
    wire.still_serves();
}

#[test]
fn a_modern_client_needs_no_discover() {
    let mut wire = Wire::fixture(&[]);
    wire.speak(Era::Modern);
    wire.still_serves();
}

#[test]
fn a_modern_request_without_its_metadata_is_refused() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Modern);
    wire.still_serves();
    wire.speak(Era::Legacy);
    let answer = wire.ask(1, "tools/list", json!({}));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    wire.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "server/discover"}));
    let (id, code, text) = wire.error();
    assert_eq!((id, code), (json!(2), -32602));
    assert!(text.contains("_meta"), "{text}");
}

#[test]
fn a_modern_request_of_an_unknown_version_is_told_the_known_ones() {
    let mut wire = Wire::fixture(&[]);
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "1900-01-01", "io.modelcontextprotocol/clientCapabilities": {}});
    for method in ["server/discover", "tools/list"] {
        let answer = wire.ask(1, method, json!({"_meta": meta}));
        assert_eq!(answer["error"]["code"], -32022, "{answer}");
        let supported = &answer["error"]["data"]["supported"];
        assert!(supported.as_array().expect("a list").contains(&json!("2026-07-28")), "{answer}");
    }
}

#[test]
fn a_client_may_look_with_discover_and_then_initialize() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Modern);
    wire.open(Era::Legacy);
    wire.still_serves();
}

#[test]
fn initialize_may_come_again_and_after_modern_requests() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Modern);
    wire.still_serves();
    assert_eq!(wire.initialize("2025-06-18")["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(wire.initialize("2025-11-25")["result"]["protocolVersion"], "2025-11-25");
    wire.still_serves();
}

#[test]
fn ping_is_answered_in_the_old_era_and_unknown_in_the_new() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Legacy);
    assert!(wire.ask(1, "ping", json!({}))["result"].is_object());
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Modern);
    wire.still_serves();
    let answer = wire.ask(1, "ping", json!({}));
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
}

#[test]
fn a_server_that_was_only_looked_at_ends_well_without_a_database() {
    for era in [Era::Legacy, Era::Modern] {
        let url = "postgresql://nobody@127.0.0.1:9/nowhere";
        let mut wire = Wire::zava(&["--rls-user", crate::support::shop::SEATTLE], &[("DATABASE_URL", url)]);
        wire.open(era);
        assert!(wire.ask(1, "tools/list", json!({}))["result"]["tools"].is_array());
        let end = wire.end();
        assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{era:?}");
    }
}

#[test]
fn a_server_that_was_told_nothing_ends_well() {
    let end = Wire::fixture(&[]).end();
    assert_eq!((end.code, end.rest.len()), (Some(0), 0), "{end:?}");
}
