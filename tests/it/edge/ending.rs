//! However a session ends, the process ends soon, with 0, and drops what it was doing.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use super::wire::{Era, Wire};

/// Far above what it takes, far below the calls that run: clients kill after two seconds.
const SOON: Duration = Duration::from_secs(15);

fn busy() -> Wire {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Legacy);
    for id in 0..3 {
        wire.call(id, "slow", json!({"ms": 60_000}));
    }
    wire.still_serves();
    wire
}

#[track_caller]
fn ended_well(wire: Wire) {
    let end = wire.wait();
    assert_eq!((end.code, end.rest.len()), (Some(0), 0), "{end:?}");
    assert!(end.took < SOON, "{end:?}");
    assert_eq!(end.stderr.matches("slow was dropped").count(), 3, "{end:?}");
}

#[test]
fn the_end_of_stdin_drops_what_runs() {
    let mut wire = busy();
    wire.hang_up();
    ended_well(wire);
}

#[test]
fn sigterm_drops_what_runs() {
    let wire = busy();
    wire.signal(Signal::TERM);
    ended_well(wire);
}

#[test]
fn sigint_drops_what_runs() {
    let wire = busy();
    wire.signal(Signal::INT);
    ended_well(wire);
}

#[test]
fn sighup_drops_what_runs() {
    let wire = busy();
    wire.signal(Signal::HUP);
    ended_well(wire);
}

#[test]
fn a_signal_ends_an_idle_server_in_either_era() {
    for era in [Era::Legacy, Era::Modern] {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            let mut wire = Wire::fixture(&[]);
            wire.open(era);
            wire.signal(signal);
            assert_eq!(wire.wait().code, Some(0), "{era:?} {signal:?}");
        }
    }
}

#[test]
fn what_was_answered_before_the_end_is_still_written() {
    for _ in 0..20 {
        let mut wire = Wire::fixture(&[]);
        wire.open(Era::Legacy);
        for id in 0..100 {
            wire.call(id, "echo", json!({"text": "x".repeat(2000)}));
        }
        let end = wire.end();
        assert_eq!((end.code, end.rest.len()), (Some(0), 100), "{:?}", end.stderr);
    }
}

#[test]
fn what_was_answered_before_a_signal_is_still_written() {
    for _ in 0..5 {
        let mut wire = Wire::unread_fixture();
        wire.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params":
            {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "e", "version": "0"}}}));
        for id in 1..=3 {
            wire.call(id, "big", json!({"kb": 300}));
        }
        std::thread::sleep(Duration::from_millis(700));
        wire.read();
        wire.signal(Signal::TERM);
        let end = wire.wait();
        assert_eq!((end.code, end.rest.len()), (Some(0), 4));
    }
}

#[test]
fn a_short_call_that_runs_at_the_end_of_stdin_is_answered() {
    let mut wire = Wire::fixture(&[]);
    wire.open(Era::Legacy);
    wire.call(1, "slow", json!({"ms": 20}));
    let end = wire.end();
    assert_eq!(end.rest.len(), 1, "{end:?}");
}

#[test]
fn a_closed_stdout_ends_the_server_at_the_next_answer() {
    let mut wire = Wire::unread_fixture();
    wire.close_stdout();
    wire.call(1, "slow", json!({"ms": 60_000}));
    wire.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "ping"}));
    let end = wire.wait();
    assert_eq!(end.code, Some(0), "{end:?}");
}

#[test]
fn a_client_that_reads_nothing_and_hangs_up_does_not_keep_the_server() {
    let mut wire = Wire::unread_fixture();
    wire.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params":
        {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "e", "version": "0"}}}));
    for id in 1..=20 {
        wire.call(id, "big", json!({"kb": 512}));
    }
    std::thread::sleep(Duration::from_millis(500));
    assert!(!wire.has_ended());
    let end = wire.end();
    assert_eq!(end.code, Some(0));
    assert!(end.took < SOON, "{end:?}");
}

#[test]
fn a_client_that_reads_nothing_and_sends_a_signal_does_not_keep_the_server() {
    let mut wire = Wire::unread_fixture();
    wire.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params":
        {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "e", "version": "0"}}}));
    for id in 1..=20 {
        wire.call(id, "big", json!({"kb": 512}));
    }
    std::thread::sleep(Duration::from_millis(500));
    wire.signal(Signal::TERM);
    let end = wire.wait();
    assert_eq!(end.code, Some(0));
    assert!(end.took < SOON, "{end:?}");
}

/// The client has hung up, and its last requests are still in the pipe because too many were open to read on.
#[test]
fn a_hang_up_is_noticed_while_nothing_is_read() {
    let mut wire = Wire::fixture(&["--max-calls", "2"]);
    wire.open(Era::Legacy);
    for id in 0..400 {
        wire.call(id, "slow", json!({"ms": 60_000}));
    }
    let end = wire.end();
    assert_eq!((end.code, end.rest.len()), (Some(0), 0));
    assert!(end.took < SOON, "{:?}", end.took);
}

#[test]
fn a_call_that_blocks_while_it_is_dropped_does_not_keep_the_server() {
    for era in [Era::Legacy, Era::Modern] {
        let mut wire = Wire::fixture(&[]);
        wire.open(era);
        wire.call(1, "cling", json!({}));
        wire.still_serves();
        let end = wire.end();
        assert_eq!((end.code, end.rest.len()), (Some(0), 0), "{end:?}");
        assert!(end.took < SOON, "{end:?}");
    }
}

#[test]
fn a_client_that_never_reads_stderr_is_served_all_the_same() {
    let mut wire = Wire::unread_fixture();
    wire.read();
    wire.open(Era::Legacy);
    for id in 0..3000 {
        wire.call(id, "unknown", json!({}));
        assert_eq!(wire.error().1, -32602);
    }
    wire.still_serves();
    let end = wire.end();
    assert!(end.code == Some(0) && end.took < SOON, "{end:?}");
}
