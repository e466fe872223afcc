//! The guides in `examples/` are true: every block that is not said to be for reading only is run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use zava_mcp::error::Reason;

use crate::support::mcp::Client;
use crate::support::shop::{Database, SEATTLE, shared};
use crate::throw_away::Answer;

fn guide(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    std::fs::read_to_string(path).expect(name)
}

/// The fenced blocks of a page in their order: what stands behind the fence, and the text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a fence has its line")).collect()
}

/// The heading above a block.
fn heading<'a>(page: &'a str, block: &str) -> &'a str {
    let before = &page[..page.find(block).expect("it is of this page")];
    before.rsplit("\n## ").next().and_then(|part| part.lines().next()).expect("a heading")
}

#[test]
fn each_configuration_starts_a_server_that_answers() {
    let page = guide("clients.md");
    let mut clients = Vec::new();
    for (_, text) in blocks(&page).into_iter().filter(|(kind, _)| *kind == "json") {
        let parsed: Value = serde_json::from_str(text).expect("JSON");
        let servers = parsed.get("servers").or_else(|| parsed.get("mcpServers")).expect("servers");
        let server = &servers["zava"];
        assert_eq!(server["command"], "zava-mcp");
        let args: Vec<&str> =
            server["args"].as_array().expect("args").iter().filter_map(Value::as_str).collect();
        let variables: Vec<&String> = server["env"].as_object().expect("env").keys().collect();
        assert_eq!(variables, ["DATABASE_URL"]);
        let mut client = Client::spawn(&args, &[("DATABASE_URL", &shared().url(SEATTLE))]);
        assert_eq!(client.value("SELECT string_agg(name, ',') FROM retail.stores"), "Zava Retail Seattle");
        let top = if parsed.get("servers").is_some() { "servers" } else { "mcpServers" };
        clients.push((heading(&page, text), top));
    }
    let expected = [
        ("VS Code", "servers"),
        ("Claude Desktop", "mcpServers"),
        ("Claude Code", "mcpServers"),
        ("Cursor", "mcpServers"),
    ];
    assert_eq!(clients, expected);
    // the same shape as the program writes
    for (name, top) in expected {
        let kind = name.to_lowercase().replace("vs code", "vscode").replace(' ', "-");
        let printed = Answer::from(shared().admin(&["client", &kind]).output().expect("it runs"));
        let printed: Value = serde_json::from_str(&printed.stdout).expect("JSON");
        assert!(printed[top].is_object(), "{kind}: {printed}");
    }
}

#[test]
fn the_shortest_conversation_is_a_line_in_and_a_line_out() {
    let page = guide("clients.md");
    let [(_, script)] = blocks(&page).into_iter().filter(|(kind, _)| *kind == "sh").collect::<Vec<_>>()[..]
    else {
        panic!("one block is run by a shell");
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_zava-mcp"));
    let path = format!("{}:/usr/bin:/bin", binary.parent().expect("a directory").display());
    let mut shell = Command::new("bash");
    shell.args(["-c", script]).env_clear().env("PATH", path).env("DATABASE_URL", shared().url(SEATTLE));
    let answer = Answer::from(shell.stdin(Stdio::null()).output().expect("bash"));
    assert_eq!(answer.stdout.lines().count(), 1, "{answer:?}");
    let answer: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(answer["result"]["structuredContent"]["r"][0][0], "Zava Retail Seattle");
}

#[test]
fn a_shop_of_ones_own_is_protected_and_asked_as_the_page_says() {
    let (page, database) = (guide("own-schema.md"), Database::empty());
    let (mut commands, mut asked) = (0, None);
    for (kind, text) in blocks(&page) {
        match kind {
            "sql" => database.script(text),
            "sh" => {
                for line in text.lines() {
                    let args: Vec<&str> = line.split(' ').skip(1).collect();
                    let answer = Answer::from(database.admin(&args).output().expect("it runs"));
                    assert_eq!(answer.code, Some(0), "{line}: {answer:?}");
                    commands += 1;
                }
            }
            "json" => {
                let expected: Value = serde_json::from_str(text).expect("JSON");
                assert_eq!(asked.take(), Some(expected));
            }
            kind => {
                let identity = kind.strip_prefix("sql ask ").unwrap_or_else(|| panic!("what is `{kind}`?"));
                let mut client = Client::serve(&database, identity);
                asked = Some(client.query(text));
            }
        }
    }
    assert_eq!((commands, asked), (2, None), "every question has its answer below it");
}

#[test]
fn troubleshooting_lists_every_reason_under_its_code() {
    let page = guide("troubleshooting.md");
    let (mut listed, mut code) = (String::new(), "");
    for row in page.lines().filter(|line| line.starts_with('|') && line.split('|').count() == 6) {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, family, reason, when, what, _] = cells[..] else { panic!("{row}") };
        if ["code", "---"].contains(&family) {
            continue;
        }
        code = if family.is_empty() { code } else { family };
        assert!(when.len() > 10 && what.len() > 5, "{row}");
        let _ = writeln!(listed, "{code} {reason}");
    }
    let mut expected = String::new();
    for reason in Reason::ALL {
        let _ = writeln!(expected, "{} {}", reason.code().as_str(), reason.as_str());
    }
    assert_eq!(listed, expected);
}
