//! The README is true: its settings come from the command line's own definition, and what it names exists.

use std::fmt::Write as _;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use zava_mcp::cli::Cli;

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file)
}

/// The table of settings of `zava-mcp serve`, in the order of `--help`.
fn settings() -> String {
    let mut table = String::from("| flag | variable | default | meaning |\n|---|---|---|---|\n");
    let command = Cli::command();
    for argument in command.get_arguments().filter(|argument| argument.get_env().is_some()) {
        let flag = argument.get_long().expect("a long name");
        let value = argument.get_value_names().filter(|_| argument.get_action().takes_values());
        let value = value.map_or(String::new(), |names| format!(" {}", names.join(" ")));
        let variable = argument.get_env().expect("a variable").to_string_lossy();
        let default: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default = if argument.get_action().takes_values() { default.join(" ") } else { String::new() };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(
            table,
            "| `--{flag}{value}` | `{variable}` | {} | {} |",
            code(&default),
            help.replace('|', "\\|")
        );
    }
    table
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// All commands with their first line of help.
fn commands() -> String {
    fn walk(command: &Command, path: &str, table: &mut String) {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let path = format!("{path} {}", sub.get_name());
            if sub.get_subcommands().next().is_none() {
                let _ = writeln!(
                    table,
                    "| `{path}` | {} |",
                    sub.get_about().map(ToString::to_string).unwrap_or_default()
                );
            }
            walk(sub, &path, table);
        }
    }
    let mut table = String::from("| command | does |\n|---|---|\n");
    walk(&Cli::command(), "zava-mcp", &mut table);
    table
}

/// The part of the README between two marks; with `ZAVA_BLESS=1` it is written anew.
fn pinned(name: &str, expected: &str) {
    let readme = read("README.md");
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = readme.split_once(&begin).expect("the mark is there");
    let (found, after) = rest.split_once(&end).expect("the end mark is there");
    if std::env::var_os("ZAVA_BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        std::fs::write(path, format!("{before}{begin}{expected}{end}{after}")).expect("written");
        return;
    }
    assert_eq!(found, expected, "run ZAVA_BLESS=1 cargo test readme -- --test-threads=1");
}

#[test]
fn the_settings_are_those_of_the_command_line() {
    pinned("settings", &settings());
}

#[test]
fn the_commands_are_those_of_the_command_line() {
    pinned("commands", &commands());
}

#[test]
fn every_file_that_the_readme_names_exists() {
    let readme = read("README.md");
    let named: Vec<&str> = readme
        .split(['`', '(', ')', ' ', '\n'])
        .filter(|word| {
            ["scripts/", "examples/", "sql/", "src/", "tests/", ".vscode/"]
                .iter()
                .any(|dir| word.starts_with(dir))
        })
        .collect();
    assert!(named.len() > 5, "{named:?}");
    for file in named {
        let path = file.trim_end_matches(['.', ',', ':']).trim_end_matches("**").trim_end_matches("*.csv");
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{file}");
    }
}

#[test]
fn no_secret_shows_in_help() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command
        .arg("--help")
        .env_clear()
        .env("DATABASE_URL", "postgresql://x:hunter2@y/z")
        .env("POSTGRES_PASSWORD", "hunter2");
    let help = command.output().expect("it runs");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    assert!(
        help.contains("--rls-user") && help.contains("DATABASE_URL") && !help.contains("hunter2"),
        "{help}"
    );
}
