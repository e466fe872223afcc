//! Lines that are no message: an error with the id where one can be seen, and the session goes on.

use serde_json::{Value, json};

use super::wire::{Wire, in_both_eras};

/// A line, and the error it gets in both eras.
#[track_caller]
fn refused(line: &[u8], id: &Value, code: i64, words: &str) {
    in_both_eras(|wire| {
        wire.raw(line);
        wire.raw(b"\n");
        let (found, its_code, text) = wire.error();
        assert_eq!((&found, its_code), (id, code), "{text}");
        assert!(text.contains(words), "{text}");
        wire.still_serves();
    });
}

#[test]
fn malformed_json_is_a_parse_error_with_the_id() {
    refused(br#"{"jsonrpc":"2.0","id":7,"method":"#, &json!(7), -32700, "Parse error");
}

#[test]
fn malformed_json_with_a_string_id_is_a_parse_error_with_the_id() {
    refused(br#"{"jsonrpc":"2.0","method":"x",,"id":"a-\"1\""}"#, &json!("a-\"1\""), -32700, "Parse error");
}

#[test]
fn an_id_inside_the_params_of_malformed_json_is_not_taken_for_the_id() {
    refused(br#"{"jsonrpc":"2.0","params":{"id":5},"id":6,}"#, &json!(6), -32700, "Parse error");
    refused(br#"{"jsonrpc":"2.0","params":{"id":5},}"#, &Value::Null, -32700, "Parse error");
}

#[test]
fn garbage_is_a_parse_error_without_an_id() {
    refused(b"GET / HTTP/1.1", &Value::Null, -32700, "Parse error");
}

#[test]
fn two_messages_on_one_line_are_a_parse_error() {
    let line = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}"#;
    refused(line, &json!(1), -32700, "trailing characters");
}

#[test]
fn invalid_utf_8_is_a_parse_error_with_the_id() {
    let line = b"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"\xff\xfe\"}}}";
    refused(line, &json!(3), -32700, "UTF-8");
}

#[test]
fn a_lone_surrogate_is_a_parse_error_with_the_id() {
    let line = br#"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"echo","arguments":{"text":"\ud800"}}}"#;
    refused(line, &json!(4), -32700, "Parse error");
}

#[test]
fn json_nested_beyond_reason_is_a_parse_error_with_the_id() {
    let deep = format!(r#"{{"jsonrpc":"2.0","id":5,"x":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    refused(deep.as_bytes(), &json!(5), -32700, "recursion limit");
}

#[test]
fn a_batch_is_refused_in_clear_words() {
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    refused(json!([ping, ping]).to_string().as_bytes(), &Value::Null, -32600, "one message per line");
    refused(b"[]", &Value::Null, -32600, "one message per line");
}

#[test]
fn json_that_is_no_object_is_refused() {
    for line in ["42", "\"ping\"", "null", "true"] {
        refused(line.as_bytes(), &Value::Null, -32600, "JSON object");
    }
}

#[test]
fn an_empty_object_is_refused() {
    refused(b"{}", &Value::Null, -32600, "jsonrpc");
}

#[test]
fn another_json_rpc_version_is_refused_with_the_id() {
    refused(br#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, &json!(1), -32600, "jsonrpc must be");
    refused(br#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, &json!(1), -32600, "jsonrpc must be");
    refused(br#"{"id":2,"method":"ping"}"#, &json!(2), -32600, "jsonrpc");
}

#[test]
fn a_message_without_a_method_is_refused_with_the_id() {
    refused(br#"{"jsonrpc":"2.0","id":8}"#, &json!(8), -32600, "method is missing");
    refused(br#"{"jsonrpc":"2.0","id":9,"method":5}"#, &json!(9), -32600, "method must be a string");
}

#[test]
fn an_id_of_another_type_is_refused_and_echoed_where_it_is_a_number() {
    refused(br#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, &json!(1.5), -32600, "id must be");
    let huge = br#"{"jsonrpc":"2.0","id":18446744073709551615,"method":"ping"}"#;
    refused(huge, &json!(u64::MAX), -32600, "id must be");
    for id in ["null", "true", "{}", "[1]"] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        refused(line.as_bytes(), &Value::Null, -32600, "id must be");
    }
}

#[test]
fn params_that_are_no_object_are_refused_with_the_id() {
    refused(br#"{"jsonrpc":"2.0","id":8,"method":"tools/list","params":[]}"#, &json!(8), -32602, "object");
    refused(br#"{"jsonrpc":"2.0","id":8,"method":"tools/list","params":"x"}"#, &json!(8), -32602, "object");
}

#[test]
fn a_message_that_is_too_long_is_refused_with_its_id_wherever_that_stands() {
    let text = "x".repeat(9 << 20);
    let call = json!({"name": "echo", "arguments": {"text": text, "id": 1}});
    let early = format!(r#"{{"jsonrpc":"2.0","id":"early","method":"tools/call","params":{call}}}"#);
    let late = format!(r#"{{"jsonrpc":"2.0","method":"tools/call","params":{call},"id":"late"}}"#);
    refused(early.as_bytes(), &json!("early"), -32600, "longer than 8388608 bytes");
    refused(late.as_bytes(), &json!("late"), -32600, "longer than 8388608 bytes");
}

#[test]
fn the_longest_message_can_be_set_and_is_exact() {
    let mut wire = Wire::fixture(&["--max-message-bytes", "4096"]);
    wire.initialize("2025-11-25");
    let line = |text: usize| {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
            {"name": "echo", "arguments": {"text": "x".repeat(text)}}});
        format!("{call}\n")
    };
    let frame = line(0).len();
    wire.raw(line(4096 - frame).as_bytes());
    assert_eq!(wire.answer(1)["result"]["isError"], false);
    wire.raw(line(4097 - frame).as_bytes());
    assert_eq!(wire.error().1, -32600);
    wire.still_serves();
}

#[test]
fn a_message_without_end_does_not_fill_the_memory() {
    let mut wire = Wire::fixture(&[]);
    wire.initialize("2025-11-25");
    wire.raw(br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":""#);
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        wire.raw(&piece);
    }
    wire.raw(b"\"}}\n");
    assert_eq!(
        wire.error(),
        (json!(1), -32600, "Invalid request: the message is longer than 8388608 bytes".to_owned())
    );
    let peak = wire.memory("VmHWM");
    assert!(peak < 40 * 1024, "{peak} KiB");
    wire.still_serves();
}

#[test]
fn broken_lines_by_the_thousand_are_all_refused() {
    let mut wire = Wire::fixture(&[]);
    wire.initialize("2025-11-25");
    wire.raw("{\"jsonrpc\":\"2.0\",\"id\":1,\n".repeat(5000).as_bytes());
    for _ in 0..5000 {
        assert_eq!(wire.error().1, -32700);
    }
    wire.still_serves();
}
