//! Requests that are well-formed and still wrong: which of them are protocol errors, which are tool errors, and what they
//! teach.

use serde_json::{Value, json};

use super::wire::{Wire, in_both_eras};

/// A request, and the error it gets in both eras.
#[track_caller]
fn refused(method: &str, params: &Value, code: i64, words: &[&str]) {
    in_both_eras(|wire| {
        let request = wire.request(1, method, params.clone());
        wire.send(&request);
        let (id, its_code, text) = wire.error();
        assert_eq!((id, its_code), (json!(1), code), "{text}");
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        wire.still_serves();
    });
}

#[test]
fn an_unknown_method_is_named() {
    refused("shop/sell", &json!({}), -32601, &["Method not found: shop/sell"]);
}

#[test]
fn an_unknown_tool_is_named_with_the_ones_there_are() {
    let params = json!({"name": "sell", "arguments": {}});
    refused("tools/call", &params, -32602, &["Unknown tool: sell", "echo", "slow"]);
}

#[test]
fn the_real_server_names_its_own_tools() {
    let mut wire = Wire::zava(&["--rls-user", crate::support::shop::SEATTLE], &[]);
    wire.initialize("2025-11-25");
    wire.call(1, "sell", json!({}));
    let (_, code, text) = wire.error();
    assert_eq!(code, -32602);
    assert!(text.contains("Unknown tool: sell") && text.contains("execute_sales_query"), "{text}");
    assert_eq!(wire.end().code, Some(0));
}

#[test]
fn a_call_whose_arguments_are_no_object_is_a_protocol_error_with_the_reason() {
    let params = json!({"name": "echo", "arguments": [1]});
    refused("tools/call", &params, -32602, &["tools/call", "arguments", "expected a map"]);
    refused("tools/call", &json!({"name": "echo", "arguments": "x"}), -32602, &["arguments"]);
}

#[test]
fn a_call_without_a_name_is_a_protocol_error_with_the_reason() {
    refused("tools/call", &json!({}), -32602, &["tools/call", "name"]);
    refused("tools/call", &json!({"name": 5}), -32602, &["name", "expected a string"]);
}

#[test]
fn a_call_without_params_is_a_protocol_error_with_the_reason() {
    in_both_eras(|wire| {
        wire.send(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call"}));
        let (id, code, text) = wire.error();
        assert_eq!((id, code), (json!(1), -32602));
        assert!(text.contains("tools/call") && text.contains("name"), "{text}");
        wire.still_serves();
    });
}

#[test]
fn wrong_params_of_other_methods_are_protocol_errors_with_the_reason() {
    refused("prompts/get", &json!({"name": 5}), -32602, &["prompts/get", "name"]);
    refused("resources/read", &json!({}), -32602, &["resources/read", "uri"]);
    refused("completion/complete", &json!({"ref": 1}), -32602, &["completion/complete"]);
}

#[test]
fn an_unknown_log_level_is_refused_with_the_ones_there_are() {
    let mut wire = Wire::fixture(&[]);
    wire.initialize("2025-11-25");
    wire.send(&json!({"jsonrpc": "2.0", "id": 1, "method": "logging/setLevel", "params": {"level": "loud"}}));
    let (_, code, text) = wire.error();
    assert!(code == -32602 && text.contains("warning"), "{text}");
}

#[test]
fn wrong_arguments_of_a_tool_are_a_tool_error_that_names_the_argument() {
    let mut wire = Wire::zava(&["--rls-user", crate::support::shop::SEATTLE], &[]);
    wire.initialize("2025-11-25");
    let cases = [
        (json!({}), "postgresql_query"),
        (json!({"postgresql_query": 5}), "postgresql_query"),
        (json!({"postgresql_query": "SELECT 1", "max_rows": 0}), "max_rows must be from 1 to 10000"),
        (json!({"postgresql_query": "SELECT 1", "maxrows": 5}), "maxrows"),
    ];
    for (arguments, words) in cases {
        wire.call(1, "execute_sales_query", arguments.clone());
        let result = wire.answer(1)["result"].clone();
        let text = result["content"][0]["text"].as_str().expect("text").to_owned();
        assert_eq!(result["isError"], true, "{arguments}: {text}");
        assert!(text.starts_with("VALIDATION_ERROR (invalid_arguments)") && text.contains(words), "{text}");
    }
}

#[test]
fn an_id_that_is_in_use_is_refused_and_the_first_request_is_answered() {
    in_both_eras(|wire| {
        wire.call(1, "slow", json!({"ms": 300}));
        wire.call(1, "echo", json!({"text": "twice"}));
        let (id, code, text) = wire.error();
        assert_eq!((id, code), (json!(1), -32600));
        assert!(text.contains("in use"), "{text}");
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "300 ms");
        wire.silence();
    });
}

#[test]
fn an_id_may_be_used_again_once_it_was_answered() {
    in_both_eras(|wire| {
        for text in ["first", "second"] {
            wire.call(1, "echo", json!({"text": text}));
            assert_eq!(wire.answer(1)["result"]["content"][0]["text"], text);
        }
    });
}

#[test]
fn a_number_and_the_same_digits_as_text_are_two_ids() {
    in_both_eras(|wire| {
        wire.call(1, "slow", json!({"ms": 200}));
        wire.call("1", "echo", json!({"text": "text"}));
        assert_eq!(wire.answer("1")["result"]["content"][0]["text"], "text");
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "200 ms");
    });
}

#[test]
fn unknown_fields_beside_the_known_ones_do_no_harm() {
    in_both_eras(|wire| {
        let mut call =
            wire.request(1, "tools/call", json!({"name": "echo", "arguments": {"text": "x"}, "extra": 1}));
        call["trace"] = json!({"id": 99});
        wire.send(&call);
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "x");
    });
}

#[test]
fn answers_to_questions_that_nobody_asked_are_ignored() {
    in_both_eras(|wire| {
        wire.send(&json!({"jsonrpc": "2.0", "id": 77, "result": {}}));
        wire.send(&json!({"jsonrpc": "2.0", "id": 78, "error": {"code": 1, "message": "no"}}));
        wire.send(&json!({"jsonrpc": "2.0", "id": 79, "error": "malformed"}));
        wire.still_serves();
    });
}

#[test]
fn unknown_and_malformed_notifications_are_ignored() {
    in_both_eras(|wire| {
        for notification in [
            json!({"jsonrpc": "2.0", "method": "notifications/whatever"}),
            json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": []}}),
            json!({"jsonrpc": "2.0", "method": "notifications/cancelled"}),
            json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": {}}}),
            json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": 5}),
            json!({"jsonrpc": "2.0", "method": 5}),
        ] {
            wire.send(&notification);
        }
        wire.still_serves();
    });
}
