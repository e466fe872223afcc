//! What happens when a line cannot be written: without one no answer where that is required, else the answer and a word
//! in the log.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::json;

use super::{Place, defects, intact};
use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

/// A server whose files may not grow beyond some blocks of 512 bytes: a disk that gets full, for it alone.
fn on_a_full_disk(place: &Place, flags: &str) -> Client {
    let script = format!(
        "trap '' XFSZ; ulimit -f 2; exec \"$0\" --rls-user {SEATTLE} --audit-log \"$1\" --log error {flags}"
    );
    let mut command = Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_zava-mcp"), &place.text()]).env_clear();
    command.env("EMBEDDING_PROVIDER", "none").env("DATABASE_URL", shop::shared().url(SEATTLE));
    let mut client = Client::start(command);
    client.initialize();
    client
}

fn ask(client: &mut Client) -> (bool, String) {
    let called = client.call("execute_sales_query", json!({"postgresql_query": "SELECT 'hush' AS a"}));
    (called.is_error, called.text)
}

#[test]
fn on_a_full_disk_nothing_is_answered_where_the_log_is_required() {
    let place = Place::new();
    let mut client = on_a_full_disk(&place, "--audit-required");
    let answers: Vec<_> = (0..4).map(|_| ask(&mut client)).collect();
    let (refused, answered): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(is_error, _)| *is_error);
    assert!(!answered.is_empty() && !refused.is_empty(), "{answered:?} {refused:?}");
    for (_, text) in &refused {
        assert!(text.starts_with("MCP_ERROR (audit_unavailable): ") && text.contains("\nNext: "), "{text}");
        assert!(!text.contains("hush"), "{text}");
    }
    // What is read is refused as well, and what reads nothing works.
    let read = client.request("resources/read", json!({"uri": "zava://stores"}));
    assert!(
        read["error"]["message"].as_str().is_some_and(|text| text.contains("audit_unavailable")),
        "{read}"
    );
    assert!(client.request("tools/list", json!({}))["result"]["tools"].is_array());
    let (_, log) = client.hang_up();
    assert!(log.contains("no line in the audit log: could not write the line"), "{log}");
    // No half line stays, and each answer has its whole one.
    assert_eq!(place.calls().len(), answered.len());
    intact(&place.dir());
}

#[test]
fn on_a_full_disk_everything_is_answered_where_the_log_is_not_required() {
    let place = Place::new();
    let mut client = on_a_full_disk(&place, "");
    for _ in 0..4 {
        let (is_error, text) = ask(&mut client);
        assert!(!is_error && text.contains("hush"), "{text}");
    }
    let (_, log) = client.hang_up();
    assert!(log.contains("no line in the audit log"), "{log}");
    intact(&place.dir());
}

#[test]
fn a_file_that_was_replaced_is_noticed_by_the_next_call() {
    let place = Place::new();
    let mut client = place.serve(SEATTLE, &["--audit-required"]);
    assert!(!ask(&mut client).0);
    let lines = place.lines().into_iter().map(|line| line + "\n").collect::<String>();
    std::fs::remove_file(place.file()).expect("removed");
    std::fs::write(place.dir().join(".new"), lines).expect("written");
    let (refused, text) = ask(&mut client);
    assert!(refused && text.contains("audit_unavailable"), "{text}");
    // The next one begins a file anew, which tells for ever that the earlier lines are gone.
    assert!(!ask(&mut client).0);
    client.hang_up();
    let begins = serde_json::from_str::<serde_json::Value>(&place.lines()[0]).expect("JSON");
    assert_eq!((&begins["kind"], &begins["found"]), (&json!("recovered"), &json!("cut")));
}

#[test]
fn links_and_files_of_others_are_refused() {
    for (name, make) in [
        (
            "a link to a directory",
            Box::new(|place: &Place| {
                std::fs::create_dir(place.dir().with_file_name("real")).expect("made");
                std::os::unix::fs::symlink("real", place.dir()).expect("linked");
            }) as Box<dyn Fn(&Place)>,
        ),
        (
            "a link in place of the file",
            Box::new(|place: &Place| {
                make_dir(place, 0o700);
                let day = jiff::Timestamp::now().strftime("audit-%Y-%m-%d.jsonl").to_string();
                std::fs::write(place.dir().with_file_name("elsewhere"), "").expect("written");
                std::os::unix::fs::symlink("../elsewhere", place.dir().join(day)).expect("linked");
            }),
        ),
        ("a directory that all may write", Box::new(|place: &Place| make_dir(place, 0o777))),
        (
            "a file that all may read",
            Box::new(|place: &Place| {
                make_dir(place, 0o700);
                let head = place.dir().join("audit.head");
                std::fs::write(&head, "").expect("written");
                std::fs::set_permissions(head, std::fs::Permissions::from_mode(0o644)).expect("set");
            }),
        ),
    ] {
        let place = Place::new();
        make(&place);
        let mut client = place.serve(SEATTLE, &["--audit-required"]);
        let (refused, text) = ask(&mut client);
        assert!(refused && text.contains("audit_unavailable"), "{name}: {text}");
        let (_, log) = client.hang_up();
        assert!(log.contains("no line in the audit log: it "), "{name}: {log}");
    }
}

fn make_dir(place: &Place, mode: u32) {
    std::fs::create_dir(place.dir()).expect("made");
    std::fs::set_permissions(place.dir(), std::fs::Permissions::from_mode(mode)).expect("set");
}

#[test]
fn half_a_line_of_a_killed_writer_is_entered_by_the_next_one_and_told_of() {
    let place = Place::with_calls(3);
    let mut lines: Vec<String> = place.lines().into_iter().map(|line| line + "\n").collect();
    lines.push(lines[4][..40].to_owned());
    place.write(&lines);
    // As a killed writer leaves it: not intact, and named for what it is.
    assert_eq!(defects(&[&place.text()]), vec![("no_record".to_owned(), 6)]);
    let mut client = place.serve(SEATTLE, &[]);
    client.query("SELECT 1");
    client.hang_up();
    let told = intact(&place.dir());
    assert!(told.contains(":6: a line that was cut short (40 bytes)"), "{told}");
    assert_eq!(place.calls_after_fragment(), 4);
}

impl Place {
    fn calls_after_fragment(&self) -> usize {
        let lines = self.lines();
        lines.iter().filter(|line| line.contains("\"kind\":\"call\"") && line.ends_with("\"}")).count()
    }
}
