//! Any JSON as the arguments of each tool: one answer, short, and never the one for a defect.
//!
//! Input: number of the tool, the arguments.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use zava_mcp_fuzz::{TOOLS, converse};

/// Most bytes of an answer, what it repeats of the arguments included.
const LONGEST: usize = 8 * 1024;

fuzz_target!(|data: &[u8]| -> Corpus {
    let [number, arguments @ ..] = data else { return Corpus::Reject };
    let tool = TOOLS[usize::from(number % 16) % TOOLS.len()];
    let Ok(arguments) = serde_json::from_slice::<&RawValue>(arguments) else { return Corpus::Reject };
    if arguments.get().contains('\n') {
        return Corpus::Reject;
    }
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "fuzz", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let call = format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments},"_meta":{meta}}}}}"#
    );
    let written = converse(call.as_bytes(), call.len(), 1 << 20);
    let answer: Value = serde_json::from_slice(&written).expect("one answer");
    assert_eq!(answer["id"], 7, "{answer}");
    assert!(written.len() <= LONGEST, "{} bytes", written.len());
    let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_default();
    let (code, _) = text.split_once(": ").unwrap_or((text, ""));
    assert!(!code.contains("(internal)"), "{text}");
    let refused = answer["error"].is_object() || answer["result"]["isError"] == true;
    assert!(refused || ["get_current_utc_date", "server_status"].contains(&tool), "{answer}");
    Corpus::Keep
});
