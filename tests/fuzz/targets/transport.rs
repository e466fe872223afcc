//! Any bytes on stdin: whatever comes out is one JSON-RPC message a line, and no id is answered more often than it was sent.
//!
//! Input: size of the pieces that arrive, longest message as a power of two, the bytes.
#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;
use serde_json::value::RawValue;
use zava_mcp_fuzz::converse;

fuzz_target!(|data: &[u8]| -> Corpus {
    let [piece, power, input @ ..] = data else { return Corpus::Reject };
    let written = converse(input, usize::from(*piece), 64 << (power % 8));
    assert!(written.is_empty() || written.ends_with(b"\n"), "half a line");
    let mut answered: HashMap<String, usize> = HashMap::new();
    for line in written.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let message: HashMap<&str, &RawValue> = serde_json::from_slice(line).expect("JSON");
        assert_eq!(message.get("jsonrpc").map(|version| version.get()), Some("\"2.0\""));
        let kinds = ["result", "error", "method"].iter().filter(|kind| message.contains_key(**kind)).count();
        assert_eq!(kinds, 1, "{}", String::from_utf8_lossy(line));
        assert!(line.len() < 32 * 1024 + 8 * input.len(), "{} bytes", line.len());
        if let Some(id) = message.get("id").filter(|_| !message.contains_key("method")) {
            *answered.entry(id.get().to_owned()).or_default() += 1;
        }
    }
    for (id, times) in answered {
        // Escapes can be written in many ways.
        let plain = !input.contains(&b'\\') && !id.contains('\\');
        let value: Value = serde_json::from_str(&id).expect("JSON");
        if value.is_number() || value.is_string() && plain {
            let written = input.windows(id.len()).filter(|window| *window == id.as_bytes()).count();
            let sent = written + value.as_f64().map_or(0, |number| times_meant(input, number));
            assert!(times <= sent, "{id} was answered {times} times and sent {sent} times");
        }
    }
    Corpus::Keep
});

/// How often a number may be meant: 1000 can be written as 1e3.
fn times_meant(input: &[u8], number: f64) -> usize {
    let begins = |start: usize| {
        let rest = &input[start..input.len().min(start + 24)];
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte)).count();
        (1..=length).any(|end| str::from_utf8(&rest[..end]).is_ok_and(|text| text.parse() == Ok(number)))
    };
    (0..input.len()).filter(|start| begins(*start)).count()
}
