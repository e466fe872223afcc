//! Where a message begins and ends.

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use super::wire::{Era, Wire, fixture, in_both_eras};

fn call(wire: &Wire, id: u64) -> String {
    wire.request(id, "tools/call", json!({"name": "echo", "arguments": {"text": "ü"}})).to_string()
}

#[test]
fn carriage_returns_blank_lines_and_a_byte_order_mark_are_no_matter() {
    in_both_eras(|wire| {
        let line = format!("\r\n \n\t\r\n\u{feff}{}\r\n\n", call(wire, 1));
        wire.raw(line.as_bytes());
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "ü");
        wire.silence();
    });
}

#[test]
fn a_message_may_come_in_pieces() {
    in_both_eras(|wire| {
        let line = format!("{}\n", call(wire, 1));
        for piece in line.as_bytes().chunks(40) {
            wire.raw(piece);
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], "ü");
    });
}

#[test]
fn several_messages_may_come_in_one_piece() {
    in_both_eras(|wire| {
        let lines: String = (1..=50).map(|id| call(wire, id) + "\n").collect();
        wire.raw(lines.as_bytes());
        for id in 1..=50 {
            wire.answer(id);
        }
    });
}

#[test]
fn a_last_line_without_a_newline_is_served() {
    for era in [Era::Legacy, Era::Modern] {
        let mut wire = Wire::fixture(&[]);
        wire.open(era);
        let line = call(&wire, 1);
        wire.raw(line.as_bytes());
        let end = wire.end();
        assert_eq!(end.code, Some(0));
        assert_eq!(end.rest.len(), 1, "{end:?}");
        assert_eq!(end.rest[0]["result"]["content"][0]["text"], "ü", "{end:?}");
    }
}

#[test]
fn a_last_line_that_breaks_off_is_a_parse_error() {
    let mut wire = Wire::fixture(&[]);
    wire.raw(br#"{"jsonrpc":"2.0","id":1,"method":"pi"#);
    let end = wire.end();
    assert_eq!((end.code, end.rest[0]["error"]["code"].clone()), (Some(0), json!(-32700)), "{end:?}");
}

#[test]
fn every_answer_is_one_line_also_with_newlines_in_it() {
    in_both_eras(|wire| {
        let text = "a\nb\r\nc\u{2028}d\0e";
        wire.call(1, "echo", json!({"text": text}));
        assert_eq!(wire.answer(1)["result"]["content"][0]["text"], text);
    });
}

/// Node.js gives its children sockets for pipes.
#[test]
fn sockets_serve_as_well_as_pipes() {
    let (ours, theirs) = UnixStream::pair().expect("sockets");
    let mut command = Command::new(fixture());
    let theirs = std::os::fd::OwnedFd::from(theirs);
    command.stdin(Stdio::from(theirs.try_clone().expect("a copy"))).stdout(Stdio::from(theirs));
    command.stderr(Stdio::null());
    let mut child = command.spawn().expect("it starts");
    drop(command);
    let mut out = ours.try_clone().expect("a copy");
    writeln!(out, r#"{{"jsonrpc":"2.0","id":1,"method":"ping"}}"#).expect("written");
    ours.shutdown(std::net::Shutdown::Write).expect("shut");
    let text = std::io::read_to_string(ours).expect("an answer");
    assert_eq!(text, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn files_serve_as_well_as_pipes() {
    let dir = tempfile::tempdir().expect("a directory");
    let (asked, answered) = (dir.path().join("in"), dir.path().join("out"));
    let lines: String = (1..=500)
        .map(|id| json!({"jsonrpc": "2.0", "id": id, "method": "ping"}).to_string() + "\n")
        .collect();
    std::fs::write(&asked, lines).expect("written");
    let mut command = Command::new(fixture());
    command.stdin(std::fs::File::open(&asked).expect("a file"));
    command.stdout(std::fs::File::create(&answered).expect("a file")).stderr(Stdio::null());
    assert_eq!(command.status().expect("it runs").code(), Some(0));
    let text = std::fs::read_to_string(&answered).expect("answers");
    assert_eq!(text.lines().count(), 500);
}

#[test]
fn a_closed_stdin_ends_the_server_at_once() {
    let mut command = Command::new(fixture());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let output = command.output().expect("it runs");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}
