//! Any text as the configuration file of a client: merged, everything else in it stays; refused, all of it does; and the
//! second time changes nothing.
//!
//! Input: bits for VS Code and for `--force`, the file.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::{Map, Value};
use zava_mcp::admin::client::fuzz::merge;
use zava_mcp_fuzz::SCRATCH;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| SCRATCH.join("mcp.json"));

fuzz_target!(|data: &[u8]| -> Corpus {
    let [bits, before @ ..] = data else { return Corpus::Reject };
    let (vscode, force) = (bits & 1 == 1, bits & 2 == 2);
    std::fs::write(&*FILE, before).expect("writable");
    let merged = merge(&FILE, vscode, force);
    let after = std::fs::read(&*FILE).expect("readable");
    assert_eq!(std::fs::read_dir(&*SCRATCH).expect("readable").count(), 1, "a file is left behind");
    let Ok(changed) = merged else {
        assert_eq!(after, before, "refused, and changed");
        return Corpus::Keep;
    };
    assert_eq!(changed, after != before);
    let [old, new] = [before, &after].map(|text| serde_json::from_slice(text).unwrap_or_default());
    let (old, new): (Map<String, Value>, Map<String, Value>) = (old, new);
    let servers = if vscode { "servers" } else { "mcpServers" };
    let ours = [servers, "inputs"];
    assert!(others(&old, &ours).eq(others(&new, &ours)), "something else changed");
    let [known, now] = [&old, &new].map(|file| file.get(servers).and_then(Value::as_object).cloned());
    let (known, now) = (known.unwrap_or_default(), now.expect("servers"));
    assert!(others(&known, &["zavaOne"]).eq(others(&now, &["zavaOne"])));
    assert_eq!(now["zavaOne"]["command"], "/opt/zava-mcp");
    if !vscode {
        assert_eq!(old.get("inputs"), new.get("inputs"));
    }
    assert!(!merge(&FILE, vscode, force).expect("what was written"), "not the same the second time");
    assert_eq!(std::fs::read(&*FILE).expect("readable"), after);
    Corpus::Keep
});

/// All members but these, in their order.
fn others<'a>(
    object: &'a Map<String, Value>,
    but: &'a [&str],
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    object.iter().filter(|(key, _)| !but.contains(&key.as_str()))
}
