//! Progress of calls, for clients that ask for it.

use serde_json::{Value, json};

use super::wire::{Wire, in_both_eras};

/// Progress notifications with that token up to the answer with that id.
fn progress(wire: &mut Wire, id: u64, token: &str) -> Vec<(f64, String)> {
    let mut made = Vec::new();
    loop {
        let message = wire.next();
        if message["id"] == id {
            return made;
        }
        assert_eq!(message["method"], "notifications/progress", "{message}");
        let params = &message["params"];
        assert_eq!(params["progressToken"], token, "{message}");
        let text = params["message"].as_str().unwrap_or_default().to_owned();
        made.push((params["progress"].as_f64().expect("a number"), text));
    }
}

fn rises(made: &[(f64, String)]) -> bool {
    made.windows(2).all(|pair| pair[0].0 < pair[1].0)
}

#[test]
fn a_long_call_reports_every_second_and_never_after_its_answer() {
    in_both_eras(|wire| {
        wire.call_with_token(1, "t", "slow", json!({"ms": 3500}));
        let made = progress(wire, 1, "t");
        assert!((2..=3).contains(&made.len()) && rises(&made), "{made:?}");
        assert!(made[0].1.contains("running, 1 s"), "{made:?}");
        wire.silence();
        wire.silence();
        wire.silence();
    });
}

#[test]
fn a_call_without_a_token_reports_nothing() {
    in_both_eras(|wire| {
        wire.call(1, "slow", json!({"ms": 1500}));
        wire.answer(1);
    });
}

#[test]
fn a_short_call_reports_nothing() {
    in_both_eras(|wire| {
        wire.call_with_token(1, "t", "echo", json!({"text": "x"}));
        wire.answer(1);
    });
}

#[test]
fn what_a_call_is_at_is_reported_when_it_changes() {
    in_both_eras(|wire| {
        wire.call_with_token(1, "t", "stages", json!({"ms": 300}));
        let made = progress(wire, 1, "t");
        let at: Vec<&str> = made.iter().map(|(_, text)| text.split(',').next().expect("words")).collect();
        assert_eq!(at, ["embedding", "searching"]);
        assert!(rises(&made), "{made:?}");
    });
}

#[test]
fn progress_that_does_not_rise_is_left_out_and_none_comes_after_the_answer() {
    in_both_eras(|wire| {
        for id in 0..50 {
            wire.call_with_token(id, "t", "steps", json!({"progress": [1, 3, 2, 3, 4]}));
            let made = progress(wire, id, "t");
            assert!(rises(&made), "{made:?}");
        }
        wire.silence();
    });
}

#[test]
fn a_cancelled_call_reports_nothing_more() {
    in_both_eras(|wire| {
        wire.call_with_token(1, "t", "slow", json!({"ms": 60_000}));
        assert_eq!(wire.next()["method"], "notifications/progress");
        wire.cancel(1);
        for _ in 0..4 {
            wire.silence();
        }
    });
}

#[test]
fn two_calls_report_with_their_own_tokens() {
    in_both_eras(|wire| {
        wire.call_with_token(1, "one", "slow", json!({"ms": 1500}));
        wire.call_with_token(2, "two", "slow", json!({"ms": 1500}));
        let mut tokens = Vec::new();
        let mut answers = 0;
        while answers < 2 {
            let message = wire.next();
            match message["params"]["progressToken"].clone() {
                Value::Null => answers += 1,
                token => tokens.push(token),
            }
        }
        tokens.sort_by_key(ToString::to_string);
        assert_eq!(tokens, [json!("one"), json!("two")]);
    });
}
