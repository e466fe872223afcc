//! `zava-mcp client`: each client's form, and no password anywhere.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::shop::{HEAD_OFFICE, PUGET_SOUND, REDMOND, SEATTLE};
use crate::throw_away::Answer;

pub(crate) const CLIENTS: [&str; 4] = ["vscode", "claude-desktop", "claude-code", "cursor"];

/// Runs `zava-mcp client` in a directory, which is also the home directory; what clients would start is `/opt/zava-mcp`.
pub(crate) fn client(directory: &Path, args: &[&str]) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.arg("client").args(args).args(["--command", "/opt/zava-mcp"]).current_dir(directory);
    command.env_clear().env("HOME", directory).stdin(Stdio::null());
    Answer::from(command.output().expect("it runs"))
}

#[track_caller]
pub(crate) fn ok(directory: &Path, args: &[&str]) -> String {
    let answer = client(directory, args);
    assert_eq!(answer.code, Some(0), "{args:?}: {answer:?}");
    answer.stdout
}

#[track_caller]
fn printed(args: &[&str]) -> Value {
    let directory = empty();
    serde_json::from_str(&ok(directory.path(), args)).expect("stdout is the configuration and nothing else")
}

#[track_caller]
fn usage_error(args: &[&str], reason: &str) {
    let answer = client(empty().path(), args);
    assert_eq!((answer.code, answer.stdout.as_str()), (Some(2), ""), "{answer:?}");
    assert!(answer.stderr.contains(reason), "{reason}: {answer:?}");
}

pub(crate) fn empty() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).expect("a text file")
}

/// What the managed server keeps, without a server: head office, a region and Seattle, each with a password.
fn data_dir_that_knows_three(directory: &Path) -> String {
    let data = directory.join("data");
    std::fs::create_dir_all(data.join("cluster")).expect("made");
    let login = |name: &str| json!({"login": name, "password": "hunter2"});
    let logins = json!({
        HEAD_OFFICE: login("zava_hq"),
        SEATTLE: login("zava_seattle"),
        PUGET_SOUND: login("zava_puget_sound"),
    });
    let credentials = json!({"superuser": login("postgres"), "logins": logins});
    std::fs::write(data.join("credentials.json"), credentials.to_string()).expect("written");
    data.to_str().expect("UTF-8").to_owned()
}

#[test]
fn vscode_has_servers_with_a_type() {
    let args = ["vscode", "--rls-user", SEATTLE, "--rls-user", HEAD_OFFICE];
    let entry = |id| json!({"type": "stdio", "command": "/opt/zava-mcp", "args": ["--rls-user", id]});
    let servers = json!({"zavaSeattle": entry(SEATTLE), "zavaHeadOffice": entry(HEAD_OFFICE)});
    assert_eq!(printed(&args), json!({"servers": servers}));
}

#[test]
fn the_others_have_mcp_servers_and_claude_code_a_type() {
    for name in ["claude-desktop", "claude-code", "cursor"] {
        let mut entry = json!({"command": "/opt/zava-mcp", "args": ["--rls-user", REDMOND]});
        if name == "claude-code" {
            entry["type"] = json!("stdio");
        }
        assert_eq!(printed(&[name, "--rls-user", REDMOND]), json!({"mcpServers": {"zavaRedmond": entry}}));
    }
}

#[test]
fn an_unknown_identity_is_named_by_its_digits_or_by_name() {
    let id = "aabbccdd-0000-4000-8000-000000000001";
    assert!(printed(&["cursor", "--rls-user", id])["mcpServers"]["zavaaabbccdd"].is_object());
    assert!(printed(&["cursor", "--rls-user", id, "--name", "shop"])["mcpServers"]["shop"].is_object());
    usage_error(&["cursor", "--rls-user", id, "--name", "my_shop"], "server_name_malformed");
    usage_error(&["cursor", "--rls-user", id, "--rls-user", SEATTLE, "--name", "x"], "several_identities");
    usage_error(&["cursor", "--rls-user", "seattle"], "rls_user_malformed");
}

#[test]
fn without_command_the_client_starts_this_program() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    let output =
        command.args(["client", "cursor", "--rls-user", SEATTLE]).env_clear().output().expect("it runs");
    let printed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let binary = std::fs::canonicalize(env!("CARGO_BIN_EXE_zava-mcp")).expect("built");
    assert_eq!(printed["mcpServers"]["zavaSeattle"]["command"], json!(binary));
}

#[test]
fn a_database_elsewhere_is_referred_to_and_its_password_never_written() {
    let remote = |name| printed(&[name, "--rls-user", SEATTLE, "--remote"]);
    let vscode = remote("vscode");
    assert_eq!(vscode["servers"]["zavaSeattle"]["env"], json!({"DATABASE_URL": "${input:zavaSeattleUrl}"}));
    let input = json!({
        "type": "promptString", "id": "zavaSeattleUrl", "description": "PostgreSQL URL of zavaSeattle", "password": true
    });
    assert_eq!(vscode["inputs"], json!([input]));
    for (name, reference) in
        [("claude-code", "${ZAVA_SEATTLE_DATABASE_URL}"), ("cursor", "${env:ZAVA_SEATTLE_DATABASE_URL}")]
    {
        assert_eq!(remote(name)["mcpServers"]["zavaSeattle"]["env"], json!({"DATABASE_URL": reference}));
    }
}

#[test]
fn claude_desktop_needs_the_parts_of_a_database_elsewhere() {
    usage_error(&["claude-desktop", "--rls-user", SEATTLE, "--remote"], "db_host_missing");
    let elsewhere = ["--remote", "--db-host", "db.example", "--db-user", "seattle", "--db-port", "5433"];
    let args = [&["claude-desktop", "--rls-user", SEATTLE], &elsewhere[..]].concat();
    let answer = client(empty().path(), &args);
    let printed: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    let parts = ["--db-host", "db.example", "--db-port", "5433", "--db-name", "zava", "--db-user", "seattle"];
    let parts = [&["--rls-user", SEATTLE], &parts[..]].concat();
    let entry = json!({"command": "/opt/zava-mcp", "args": parts});
    assert_eq!(printed["mcpServers"]["zavaSeattle"], entry);
    assert!(answer.stderr.contains("db.example:5433:zava:seattle:PASSWORD"), "{answer:?}");
    let two = [&args[..], &["--rls-user", REDMOND]].concat();
    usage_error(&two, "several_identities");
}

#[test]
fn what_was_configured_is_what_the_server_understands() {
    let elsewhere = ["--remote", "--db-host", "127.0.0.1", "--db-port", "1", "--db-user", "seattle"];
    let config = printed(&[&["cursor", "--rls-user", SEATTLE], &elsewhere[..]].concat());
    let args = config["mcpServers"]["zavaSeattle"]["args"].as_array().expect("a list").clone();
    let args: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
    let mut served = crate::support::mcp::Client::spawn(&args, &[]);
    assert!(served.refused("SELECT 1").contains("127.0.0.1:1"), "it tries the database that was named");
}

#[test]
fn by_default_all_local_identities_but_head_office_and_no_password() {
    let directory = empty();
    let data = data_dir_that_knows_three(directory.path());
    for name in CLIENTS {
        let answer = client(directory.path(), &[name, "--data-dir", &data]);
        let printed: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        let servers = printed.get("servers").or(printed.get("mcpServers")).and_then(Value::as_object);
        let servers = servers.expect("servers");
        assert_eq!(servers.keys().collect::<Vec<_>>(), ["zavaPugetSound", "zavaSeattle"]);
        assert!(servers.values().all(|entry| entry["env"] == json!({"ZAVA_DATA_DIR": data})));
        assert!(!format!("{answer:?}").contains("hunter2") && !answer.stdout.contains(HEAD_OFFICE));
    }
    let named = ok(directory.path(), &["vscode", "--data-dir", &data, "--rls-user", HEAD_OFFICE]);
    assert!(named.contains("zavaHeadOffice") && !named.contains("hunter2"));
}

#[test]
fn no_identity_known_and_none_given_is_a_usage_error() {
    usage_error(&["vscode", "--data-dir", "none"], "rls_user_missing");
    let directory = empty();
    let data = data_dir_that_knows_three(directory.path());
    // Those of the local server say nothing about a database elsewhere.
    usage_error(&["vscode", "--remote", "--data-dir", &data], "rls_user_missing");
}

#[test]
fn the_repositorys_own_configuration_names_identities_of_the_sample() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config: Value = serde_json::from_str(&read(root.join(".vscode/mcp.json"))).expect("plain JSON");
    let people = read(root.join("sql/seed/identities.csv"));
    let servers = config["servers"].as_object().expect("servers");
    let names = ["zavaHeadOffice", "zavaSeattle", "zavaRedmond", "zavaOnline"];
    assert_eq!(servers.keys().collect::<Vec<_>>(), names);
    for (name, entry) in servers {
        let id = entry["args"][1].as_str().expect("an id");
        assert!(people.lines().any(|line| line.split(',').nth(1) == Some(id)), "{id} is not in the sample");
        let mut ours = printed(&["vscode", "--rls-user", id])["servers"][name].clone();
        ours["command"] = json!("${workspaceFolder}/target/release/zava-mcp");
        assert_eq!(*entry, ours);
    }
}
