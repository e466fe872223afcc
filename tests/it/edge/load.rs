//! Many calls at once: quick ones overtake slow ones, all are answered, and memory stays bounded.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::json;

use super::wire::{Era, Wire, in_both_eras};

/// Memory in KiB that a server may take whatever it is asked.
const BOUND: u64 = 40 * 1024;

#[test]
fn a_quick_call_overtakes_slow_ones() {
    in_both_eras(|wire| {
        for id in 1..=7 {
            wire.call(id, "slow", json!({"ms": 500}));
        }
        wire.call(8, "echo", json!({"text": "quick"}));
        wire.answer(8);
        let slow: HashSet<u64> = (1..=7).map(|_| wire.next()["id"].as_u64().expect("a number")).collect();
        assert_eq!(slow, (1..=7).collect());
    });
}

#[test]
fn calls_beyond_the_limit_wait_their_turn_in_order() {
    let mut wire = Wire::fixture(&["--max-calls", "1"]);
    wire.open(Era::Legacy);
    for id in 1..=20 {
        wire.call(id, "slow", json!({"ms": if id % 2 == 0 { 0 } else { 20 }}));
    }
    for id in 1..=20 {
        wire.answer(id);
    }
}

#[test]
fn no_more_calls_run_at_once_than_the_limit() {
    let mut wire = Wire::fixture(&["--max-calls", "3"]);
    wire.open(Era::Legacy);
    for id in 1..=3 {
        wire.call(id, "slow", json!({"ms": 600}));
    }
    wire.call(4, "echo", json!({"text": "waits"}));
    for _ in 1..=3 {
        assert_ne!(wire.next()["id"], 4);
    }
    wire.answer(4);
}

#[test]
fn eight_calls_run_at_once_by_default() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Legacy);
    for id in 1..=8 {
        wire.call(id, "slow", json!({"ms": 600}));
    }
    wire.call(9, "echo", json!({"text": "waits"}));
    let first = wire.next()["id"].as_u64().expect("a number");
    assert!(first <= 8, "{first}");
}

#[test]
fn lists_and_pings_do_not_wait_for_calls() {
    let mut wire = Wire::fixture(&["--max-calls", "1"]);
    wire.open(Era::Legacy);
    wire.call(1, "slow", json!({"ms": 600}));
    wire.call(2, "echo", json!({"text": "waits"}));
    assert!(wire.ask(3, "ping", json!({}))["result"].is_object());
    assert!(wire.ask(4, "tools/list", json!({}))["result"]["tools"].is_array());
    wire.answer(1);
    wire.answer(2);
}

#[test]
fn ten_thousand_piped_requests_are_all_answered_in_bounded_memory() {
    in_both_eras(|wire| {
        let mut lines = String::new();
        for id in 0..10_000 {
            let call = wire.request(id, "tools/call", json!({"name": "echo", "arguments": {"text": "x"}}));
            let _ = writeln!(lines, "{call}");
        }
        wire.raw(lines.as_bytes());
        let answered: HashSet<u64> =
            (0..10_000).map(|_| wire.next()["id"].as_u64().expect("a number")).collect();
        assert_eq!(answered.len(), 10_000);
        let peak = wire.memory("VmHWM");
        assert!(peak < BOUND, "{peak} KiB");
    });
}

#[test]
fn ten_thousand_requests_before_a_hang_up_are_all_answered() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Legacy);
    let mut lines = String::new();
    for id in 0..10_000 {
        let _ = writeln!(lines, "{}", json!({"jsonrpc": "2.0", "id": id, "method": "ping"}));
    }
    wire.raw(lines.as_bytes());
    let end = wire.end();
    assert_eq!((end.code, end.rest.len()), (Some(0), 10_000));
}

#[test]
fn answers_that_nobody_reads_do_not_fill_the_memory_and_come_when_somebody_does() {
    let mut wire = Wire::unread_fixture();
    wire.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params":
        {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "e", "version": "0"}}}));
    for id in 1..=200 {
        wire.call(id, "big", json!({"kb": 1024}));
    }
    std::thread::sleep(std::time::Duration::from_secs(1));
    let unread = wire.memory("VmHWM");
    wire.read();
    let answered: HashSet<u64> = (0..=200).map(|_| wire.next()["id"].as_u64().expect("a number")).collect();
    assert_eq!(answered.len(), 201);
    let peak = wire.memory("VmHWM");
    assert!(unread < BOUND && peak < BOUND, "{unread} KiB, then {peak} KiB");
}

#[test]
fn refusals_that_nobody_reads_do_not_fill_the_memory() {
    let mut wire = Wire::unread_fixture();
    let broken = format!("{{\"jsonrpc\":\"2.0\",\"id\":\"{}\",\n", "x".repeat(200)).repeat(1000);
    // More than the pipes hold: the server stops reading, so the rest is written from another thread.
    let writer = {
        let mut stdin = wire.take_stdin();
        std::thread::spawn(move || {
            for _ in 0..100 {
                std::io::Write::write_all(&mut stdin, broken.as_bytes())
                    .expect("the server reads on in time");
            }
            stdin
        })
    };
    std::thread::sleep(std::time::Duration::from_secs(1));
    let unread = wire.memory("VmHWM");
    wire.read();
    for _ in 0..100_000 {
        assert_eq!(wire.error().1, -32700);
    }
    let peak = wire.memory("VmHWM");
    assert!(unread < BOUND && peak < BOUND, "{unread} KiB, then {peak} KiB");
    drop(writer.join().expect("written"));
    assert_eq!(wire.wait().code, Some(0));
}

#[test]
fn large_requests_that_wait_do_not_fill_the_memory() {
    let mut wire = Wire::fixture(&["--max-calls", "1"]);
    wire.open(Era::Legacy);
    wire.call(0, "slow", json!({"ms": 1500}));
    let text = "x".repeat(1 << 20);
    for id in 1..=40 {
        wire.call(id, "echo", json!({"text": text}));
    }
    for _ in 0..=40 {
        assert_eq!(wire.next()["result"]["isError"], false);
    }
    let peak = wire.memory("VmHWM");
    assert!(peak < 2 * BOUND, "{peak} KiB");
}
