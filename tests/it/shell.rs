//! What a shell and a reader of manuals get from the program: completion scripts and pages.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use clap::CommandFactory as _;
use zava_mcp::cli::Cli;

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(args).env_clear().env("POSTGRES_PASSWORD", "hunter2").env("DATABASE_URL", "host=hunter2");
    command.output().expect("it runs")
}

fn printed(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success() && output.stderr.is_empty(), "{args:?}: {output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains("hunter2"), "{args:?}");
    text
}

/// What bash would complete after these words.
fn completed(script: &str, words: &[&str]) -> Vec<String> {
    let ask = format!(
        "{script}\nCOMP_WORDS=({words}); COMP_CWORD={last}; $(complete -p zava-mcp | sed 's/.*-F *//;s/ .*//') zava-mcp '{word}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words = words.join(" "),
        last = words.len() - 1,
        word = words[words.len() - 1],
        before = words[words.len() - 2],
    );
    let output = Command::new("bash").args(["--norc", "-c", &ask]).output().expect("bash");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_and_flags() {
    let script = printed(&["completions", "bash"]);
    assert_eq!(completed(&script, &["zava-mcp", "db", "cre"]), ["create"]);
    assert_eq!(completed(&script, &["zava-mcp", "--rls"]), ["--rls-user"]);
    assert_eq!(completed(&script, &["zava-mcp", "db", "create", "--rls"]), [""; 0]);
}

#[test]
fn every_shell_gets_its_script_and_another_one_a_usage_error() {
    let mut scripts = BTreeSet::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        assert!(script.contains("rls-user") && script.contains("doctor"), "{shell}");
        assert!(scripts.insert(script), "{shell}");
    }
    let refused = run(&["completions", "cmd"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty() && String::from_utf8_lossy(&refused.stderr).contains("powershell"));
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    fn names(command: &clap::Command, path: &str, all: &mut BTreeSet<String>) {
        all.insert(format!("{path}.1"));
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            names(sub, &format!("{path}-{}", sub.get_name()), all);
        }
    }
    let mut expected = BTreeSet::new();
    names(&Cli::command(), "zava-mcp", &mut expected);
    assert!(expected.len() > 15, "{expected:?}");

    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path().join("made/man1");
    printed(&["man", "--dir", dir.to_str().expect("UTF-8")]);
    let pages = std::fs::read_dir(&dir).expect("it was made");
    let found: BTreeSet<String> =
        pages.map(|page| page.expect("a page").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(found, expected);
    let page = printed(&["man"]);
    assert_eq!(page, std::fs::read_to_string(dir.join("zava-mcp.1")).expect("the page"));
    assert!(page.starts_with(".ie") && page.contains(".TH zava-mcp 1") && page.contains("RLS_USER_ID"));
}

#[test]
fn a_manual_that_cannot_be_written_says_where() {
    let refused = run(&["man", "--dir", "/dev/null/man"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("write the manual to /dev/null/man"),
        "{refused:?}"
    );
}
