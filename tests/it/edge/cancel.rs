//! A cancelled request is dropped where it stands and never heard of again.

use serde_json::json;

use super::wire::{Wire, in_both_eras};

#[test]
fn a_cancelled_call_is_dropped_and_never_answered() {
    in_both_eras(|wire| {
        wire.call(1, "slow", json!({"ms": 700}));
        wire.still_serves();
        wire.cancel(1);
        wire.silence();
        wire.silence();
        wire.still_serves();
    });
}

#[test]
fn a_cancelled_call_does_not_run_on_unseen() {
    let mut wire = Wire::fixture(&[]);
    wire.initialize("2025-11-25");
    wire.call(1, "slow", json!({"ms": 60_000}));
    wire.still_serves();
    wire.cancel(1);
    wire.still_serves();
    let stderr = wire.end().stderr;
    assert!(stderr.contains("slow was dropped") && !stderr.contains("finished"), "{stderr}");
}

#[test]
fn a_call_that_waits_for_its_turn_can_be_cancelled() {
    let mut wire = Wire::fixture(&["--max-calls", "1"]);
    wire.initialize("2025-11-25");
    wire.call(1, "slow", json!({"ms": 400}));
    wire.call(2, "echo", json!({"text": "never"}));
    wire.call(3, "echo", json!({"text": "after"}));
    wire.cancel(2);
    wire.answer(1);
    wire.answer(3);
    wire.silence();
}

#[test]
fn cancelling_makes_room_for_the_next_call() {
    let mut wire = Wire::fixture(&["--max-calls", "1"]);
    wire.initialize("2025-11-25");
    wire.call(1, "slow", json!({"ms": 60_000}));
    wire.call(2, "echo", json!({"text": "next"}));
    wire.cancel(1);
    assert_eq!(wire.answer(2)["result"]["content"][0]["text"], "next");
}

#[test]
fn cancelling_what_is_unknown_late_or_of_another_type_changes_nothing() {
    in_both_eras(|wire| {
        wire.call(1, "slow", json!({"ms": 300}));
        wire.cancel(77);
        wire.cancel("1");
        wire.cancel("never");
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "300 ms");
        wire.cancel(1);
        wire.cancel(1);
        wire.still_serves();
    });
}

#[test]
fn an_id_whose_call_was_cancelled_can_be_used_again() {
    in_both_eras(|wire| {
        for _ in 0..50 {
            wire.call(1, "slow", json!({"ms": 60_000}));
            wire.cancel(1);
            wire.still_serves();
        }
        wire.call(1, "echo", json!({"text": "again"}));
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "again");
    });
}

#[test]
fn one_of_several_calls_is_cancelled_and_the_others_are_answered() {
    in_both_eras(|wire| {
        for id in 1..=5 {
            wire.call(id, "slow", json!({"ms": 200}));
        }
        wire.cancel(3);
        let mut answered: Vec<u64> = (0..4).map(|_| wire.next()["id"].as_u64().expect("a number")).collect();
        answered.sort_unstable();
        assert_eq!(answered, [1, 2, 4, 5]);
        wire.silence();
    });
}
