//! `zava-mcp client --write`: merging loses nothing, and a refused file stays as it is.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::client::{CLIENTS, client, empty, ok, read};
use crate::support::shop::{REDMOND, SEATTLE};

#[test]
fn write_goes_where_each_client_looks_and_a_second_time_changes_nothing() {
    let directory = empty();
    let desktop = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
    let desktop = format!("{desktop}/Claude/claude_desktop_config.json");
    for (name, file) in CLIENTS.iter().zip([".vscode/mcp.json", &desktop, ".mcp.json", ".cursor/mcp.json"]) {
        let args = [name, "--rls-user", SEATTLE];
        let written = ok(directory.path(), &[&args[..], &["--write"]].concat());
        assert!(written.contains("added zavaSeattle") && written.contains(file), "{written}");
        let text = read(directory.path().join(file));
        assert_eq!(text, ok(directory.path(), &args), "a new file is what is printed");
        let again = ok(directory.path(), &[&args[..], &["--write"]].concat());
        assert!(again.contains("unchanged zavaSeattle") && again.contains("nothing was changed"), "{again}");
        assert_eq!(read(directory.path().join(file)), text);
    }
}

#[test]
fn merging_keeps_everything_else_in_its_order_indentation_and_rights() {
    let directory = empty();
    let before = r#"{
    "zebra": [1, 2.50, null],
    "mcpServers": {
        "other": {"command": "npx", "args": ["-y", "x"]},
        "zavaSeattle": {"command": "/old/zava-mcp", "args": ["--rls-user", "old"]},
        "last": {"url": "https://example.test"}
    },
    "apple": {"b": 1, "a": 2}
}"#;
    let real = directory.path().join("real.json");
    let link = directory.path().join("link.json");
    std::fs::write(&real, before).expect("written");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("set");
    std::os::unix::fs::symlink("real.json", &link).expect("linked");
    let args = ["cursor", "--rls-user", SEATTLE, "--rls-user", REDMOND, "--write", "link.json"];
    let said = ok(directory.path(), &args);
    assert!(said.contains("replaced zavaSeattle\nadded zavaRedmond\n"), "{said}");

    let ours = |id| json!({"command": "/opt/zava-mcp", "args": ["--rls-user", id]});
    let mut expected: Value = serde_json::from_str(before).expect("JSON");
    expected["mcpServers"]["zavaSeattle"] = ours(SEATTLE);
    expected["mcpServers"]["zavaRedmond"] = ours(REDMOND);
    let text = read(&real);
    let after: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(after.to_string(), expected.to_string(), "as text, because order counts");
    assert!(text.starts_with("{\n    \"zebra\""), "{text}");
    assert!(link.is_symlink());
    assert_eq!(std::fs::metadata(&real).expect("there").permissions().mode() & 0o777, 0o640);
    let names = std::fs::read_dir(directory.path()).expect("listed").count();
    assert_eq!(names, 2, "no temporary file stays behind");
}

#[test]
fn a_file_that_is_not_plain_json_is_refused_and_left_as_it_is() {
    let directory = empty();
    let file = directory.path().join("mcp.json");
    for (text, reason) in [
        ("{\n  // mine\n  \"servers\": {}\n}\n", "client_config_not_json"),
        ("{\"servers\": {},}", "client_config_not_json"),
        ("[]", "client_config_shape"),
        ("{\"servers\": []}", "client_config_shape"),
    ] {
        std::fs::write(&file, text).expect("written");
        let answer = client(directory.path(), &["vscode", "--rls-user", SEATTLE, "--write", "mcp.json"]);
        let line = answer.refusal(reason);
        assert!(line.contains("mcp.json") && answer.stdout.is_empty(), "{answer:?}");
        assert_eq!(read(&file), text);
    }
    std::fs::write(&file, "\n").expect("written");
    ok(directory.path(), &["vscode", "--rls-user", SEATTLE, "--write", "mcp.json"]);
}

#[test]
fn somebody_elses_server_of_the_same_name_is_refused_unless_forced() {
    let directory = empty();
    let file = directory.path().join("mcp.json");
    let text = r#"{"servers":{"zavaRedmond":{"command":"node","args":["zava-mcp"]}}}"#;
    std::fs::write(&file, text).expect("written");
    let args = ["vscode", "--rls-user", SEATTLE, "--rls-user", REDMOND, "--write", "mcp.json"];
    let line = client(directory.path(), &args).refusal("client_name_taken");
    assert!(line.contains("zavaRedmond") && line.contains("--force"), "{line}");
    assert_eq!(read(&file), text, "not even Seattle was added");
    let forced = ok(directory.path(), &[&args[..], &["--force"]].concat());
    assert!(forced.contains("added zavaSeattle\nreplaced zavaRedmond\n"), "{forced}");
}

#[test]
fn a_file_that_cannot_be_written_is_one_error() {
    let directory = empty();
    std::fs::write(directory.path().join("file"), "").expect("written");
    let answer = client(directory.path(), &["cursor", "--rls-user", SEATTLE, "--write", "file/mcp.json"]);
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(answer.stderr.contains("(client_config_"), "{answer:?}");
}
