//! A panic in a tool is one failed call.

use serde_json::json;

use super::wire::{Wire, in_both_eras};

#[test]
fn a_panic_is_a_tool_error_that_tells_nothing_of_the_inside() {
    in_both_eras(|wire| {
        wire.call(1, "boom", json!({}));
        let answer = wire.answer(1);
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().expect("text");
        assert_eq!(result["isError"], true, "{answer}");
        assert!(text.starts_with("MCP_ERROR (internal): boom") && text.contains("\nNext: "), "{text}");
        assert!(!answer.to_string().contains("secret") && !text.contains(".rs"), "{text}");
        wire.still_serves();
    });
}

#[test]
fn a_panic_has_the_shape_of_its_era() {
    in_both_eras(|wire| {
        wire.call(1, "echo", json!({"text": "x"}));
        let whole = wire.answer(1)["result"].get("resultType").cloned();
        wire.call(2, "boom", json!({}));
        assert_eq!(wire.answer(2)["result"].get("resultType").cloned(), whole);
    });
}

#[test]
fn a_panic_is_logged_with_its_place_and_message() {
    let mut wire = Wire::fixture(&[]);
    wire.initialize("2025-11-25");
    wire.call(1, "boom", json!({}));
    wire.answer(1);
    let stderr = wire.end().stderr;
    assert!(stderr.contains("boom with a secret") && stderr.contains("tools.rs"), "{stderr}");
}

#[test]
fn a_hundred_panics_take_no_place_from_other_calls() {
    let mut wire = Wire::fixture(&["--max-calls", "2"]);
    wire.initialize("2025-11-25");
    for id in 0..100 {
        wire.call(id, "boom", json!({}));
    }
    for _ in 0..100 {
        assert_eq!(wire.next()["result"]["isError"], true);
    }
    wire.still_serves();
}
