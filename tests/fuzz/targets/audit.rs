//! Any lines as an audit log, sealed or not: verifying ends, counts every line, and calls no log sound that has one which is
//! not.
//!
//! Input: lines. One that ends with `}` gets its hash, as its writer would have made it, where `PREV` is the hash of the line
//! before and `LAST` the one of its text; a line that begins with `=` is the head that is kept beside them.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use sha2::{Digest as _, Sha256};
use zava_mcp::audit::verify::verify;
use zava_mcp_fuzz::SCRATCH;

fn hash(text: impl AsRef<[u8]>) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(data) else { return Corpus::Reject };
    let (mut written, mut head, mut unsound) = (Vec::new(), None, 0);
    let (mut before, mut last) = ("0".repeat(64), String::new());
    for line in input.lines().take(50) {
        let line = line.replace("PREV", &before).replace("LAST", &hash(&last));
        if let Some(line) = line.strip_prefix('=') {
            head = Some(line.to_owned());
            continue;
        }
        last = match line.strip_suffix('}') {
            Some(body) => {
                before = hash(body);
                format!("{body},\"hash\":\"{before}\"}}")
            }
            None => line,
        };
        unsound += usize::from(!last.ends_with('}'));
        written.push(last.clone());
    }
    std::fs::write(SCRATCH.join("audit-2026-11-21.jsonl"), written.join("\n") + "\n").expect("writable");
    let kept = SCRATCH.join("audit.head");
    match head {
        Some(head) => std::fs::write(&kept, format!("{head}\n")).expect("writable"),
        None => drop(std::fs::remove_file(&kept)),
    }
    let report = verify(&[SCRATCH.clone()], Some(&before)).expect("readable");
    assert_eq!(report.lines, written.len().max(1));
    // A line that is none may be entered as found in the next one.
    assert!(report.findings.len() + report.notes.len() >= unsound.min(1), "{report:?}");
    Corpus::Keep
});
