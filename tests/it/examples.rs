//! The examples run as they are printed in them.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::shop::{self, REDMOND, SEATTLE};
use crate::throw_away::Answer;

/// Runs an example against the shared shop as an identity.
fn example(name: &str, identity: &str, args: &[&str]) -> Answer {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let mut command = Command::new(path);
    command.args(args).env("ZAVA_MCP", env!("CARGO_BIN_EXE_zava-mcp")).stdin(Stdio::null());
    command.env("DATABASE_URL", shop::shared().url(identity));
    Answer::from(command.output().expect("it runs"))
}

fn ask(identity: &str, args: &[&str]) -> Answer {
    let binary = ["--binary", env!("CARGO_BIN_EXE_zava-mcp"), "--rls-user", identity];
    example("ask.py", identity, &[&binary[..], args].concat())
}

#[test]
fn ask_py_asks_the_seattle_manager_for_her_revenue() {
    let binary = ["--binary", env!("CARGO_BIN_EXE_zava-mcp")];
    let answer = example("ask.py", SEATTLE, &binary);
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(
        answer.stdout.starts_with("Revenue per month, last 12 months\n\n    SELECT to_char("),
        "{answer:?}"
    );
    assert!(answer.stderr.is_empty(), "{answer:?}");
}

#[test]
fn ask_py_aligns_the_answer_to_anybodys_question() {
    let sql = "SELECT name, 1.50 AS price, NULL AS nothing FROM retail.stores";
    let answer = ask(REDMOND, &["Stores", sql]);
    let lines: Vec<&str> = answer.stdout.lines().skip_while(|line| !line.starts_with("name")).collect();
    let table = [
        "name                 price  nothing",
        "-------------------  -----  -------",
        "Zava Retail Redmond   1.50",
        "(1 row)",
    ];
    assert_eq!(lines, table, "{answer:?}");
}

#[test]
fn ask_py_fails_with_the_servers_own_words() {
    for (sql, words) in [("SELEC 1", "VALIDATION_ERROR (syntax)"), ("DELETE FROM retail.orders", "_ERROR (")]
    {
        let answer = ask(SEATTLE, &["Wrong", sql]);
        assert_eq!(answer.code, Some(1), "{answer:?}");
        assert!(answer.stderr.contains(words) && !answer.stderr.contains("Traceback"), "{answer:?}");
    }
    let answer = ask(SEATTLE, &["--rls-user", "nobody", "Who", "SELECT 1"]);
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(
        answer.stderr.contains("rls_user_malformed") && !answer.stderr.contains("Traceback"),
        "{answer:?}"
    );
}

#[test]
fn ask_sh_gets_all_its_answers_or_says_that_it_did_not() {
    let answer = example("ask.sh", SEATTLE, &[SEATTLE]);
    assert_eq!(answer.code, Some(0), "{answer:?}");
    for words in ["Zava retail", "execute_sales_query", "Zava Retail Seattle"] {
        assert!(answer.stdout.contains(words), "{words}: {answer:?}");
    }
    let answer = example("ask.sh", SEATTLE, &["nobody"]);
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(answer.stderr.contains("rls_user_malformed"), "{answer:?}");
}
