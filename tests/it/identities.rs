//! `identity list`, `add` and `remove`, and `doctor`.

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{Database, HEAD_OFFICE, REDMOND, SEATTLE, data_dir, shared};
use crate::throw_away::Answer;

const NEWCOMER: &str = "0b9e2d5c-7d50-4c53-9d6a-2f8f3b0c9a11";

fn run(database: &Database, args: &[&str]) -> Answer {
    Answer::from(database.admin(args).output().expect("it runs"))
}

#[test]
fn the_eight_managers_have_the_ids_of_the_original() {
    let listed = run(&shared(), &["identity", "list"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    for id in [
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "d8e9f0a1-b2c3-4567-8901-234567890abc",
        "3b9ac9fa-cd5e-4b92-a7f2-b8c1d0e9f2a3",
        "e7f8a9b0-c1d2-3e4f-5678-90abcdef1234",
        "9c8b7a65-4321-fed0-9876-543210fedcba",
        "2f4e6d8c-1a3b-5c7e-9f0a-b2d4f6e8c0a2",
    ] {
        let line = listed.stdout.lines().find(|line| line.starts_with(id));
        assert!(
            line.is_some_and(|line| line.contains(" store ") && line.contains("Zava Retail")),
            "{id}: {listed:?}"
        );
    }
    assert!(listed.stdout.lines().any(|line| line.starts_with(HEAD_OFFICE) && line.contains("all stores")));
    assert!(!listed.stdout.contains("password"));
}

#[test]
fn a_newcomer_is_added_asks_and_is_removed() {
    let database = Database::copy();
    let add = [
        "identity",
        "add",
        "--rls-user",
        NEWCOMER,
        "--login",
        "zava_it_newcomer",
        "--store",
        "Zava Retail Tacoma",
    ];
    let added = run(&database, &add);
    assert_eq!(added.code, Some(0), "{added:?}");
    assert!(!added.stdout.contains("password"), "the file keeps it: {added:?}");
    let again = run(&database, &add);
    assert!(again.code == Some(0) && again.stdout.contains("nothing was changed"), "{again:?}");

    let settings = "SELECT array_to_string(setconfig, ' ') FROM pg_db_role_setting WHERE setrole = 'zava_it_newcomer'::regrole";
    let settings = database.value(settings);
    for setting in ["default_transaction_read_only=on", "statement_timeout=30s", "temp_file_limit=1GB"] {
        assert!(settings.contains(setting), "{setting} in {settings}");
    }
    let mut client = Client::serve(&database, NEWCOMER);
    assert_eq!(client.value("SELECT string_agg(name, ',') FROM retail.stores"), "Zava Retail Tacoma");
    assert!(client.value("SELECT count(*) FROM retail.orders").as_i64().expect("a count") > 0);
    drop(client);

    let url = database.url(NEWCOMER);
    let removed = run(&database, &["identity", "remove", "--rls-user", NEWCOMER]);
    assert_eq!(removed.code, Some(0), "{removed:?}");
    let text = Client::spawn(&["--rls-user", NEWCOMER], &[("DATABASE_URL", &url)]).refused("SELECT 1");
    assert!(text.starts_with("DATABASE_ERROR (login_refused)"), "{text}");
    let again = run(&database, &["identity", "remove", "--rls-user", NEWCOMER]);
    assert!(again.code == Some(1) && again.stderr.contains("identity_unknown"), "{again:?}");
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let database = Database::copy();
    let before =
        database.value("SELECT md5(string_agg(p::text, ',' ORDER BY p.login)) FROM zava.principal p");
    let cases: &[(&[&str], &str)] = &[
        (&["--rls-user", NEWCOMER], "stores"),
        (&["--rls-user", NEWCOMER, "--store", "Zava Retail Nowhere"], "store_unknown"),
        (&["--rls-user", NEWCOMER, "--kind", "head_office", "--store", "Zava Retail Tacoma"], "stores"),
        (
            &["--rls-user", NEWCOMER, "--store", "Zava Retail Tacoma", "--login", "zava_head_office"],
            "login_reserved",
        ),
        (
            &["--rls-user", NEWCOMER, "--store", "Zava Retail Tacoma", "--login", "zava_seattle"],
            "identity_taken",
        ),
        (
            &["--rls-user", SEATTLE, "--store", "Zava Retail Tacoma", "--login", "zava_it_other"],
            "identity_taken",
        ),
        (&["--rls-user", SEATTLE, "--kind", "head_office", "--login", "zava_seattle"], "identity_taken"),
    ];
    for (args, reason) in cases {
        let answer = run(&database, &[&["identity", "add"], *args].concat());
        assert_eq!(answer.code, Some(1), "{args:?}: {answer:?}");
        assert!(answer.stderr.contains(&format!("({reason})")), "{args:?}: {answer:?}");
    }
    let after = database.value("SELECT md5(string_agg(p::text, ',' ORDER BY p.login)) FROM zava.principal p");
    assert_eq!(before, after);
}

#[test]
fn doctor_finds_a_sound_shop_sound() {
    let database = shared();
    let healthy = database.doctor(SEATTLE, &database.url(SEATTLE));
    assert_eq!(healthy.code, Some(0), "{healthy:?}");
    for line in [
        "ok    identity",
        "ok    row_security_forced  5 tables",
        "ok    stores_pinned",
        "ok    nothing_writable",
        "ok    shop",
    ] {
        assert!(healthy.stdout.contains(line), "{line}: {}", healthy.stdout);
    }
    assert!(!healthy.stdout.contains("FAIL"));
}

#[test]
fn doctor_names_what_is_broken_and_the_exit_code_says_how_bad() {
    let cases = [
        ("ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY", "row_security_forced", 3),
        ("ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY", "row_security_forced", 3),
        (
            "DROP POLICY zava_own_store ON retail.customers; DROP POLICY zava_own_region ON retail.customers",
            "stores_pinned",
            3,
        ),
        ("GRANT UPDATE ON retail.products TO zava_manager", "nothing_writable", 3),
        ("GRANT CREATE ON SCHEMA retail TO zava_manager", "nothing_created", 3),
        ("GRANT TEMPORARY ON DATABASE current TO zava_manager", "nothing_created", 3),
        ("ALTER TABLE retail.inventory RENAME COLUMN stock_level TO pieces", "statements", 1),
    ];
    for (harm, finding, code) in cases {
        let database = Database::copy();
        database.script(&harm.replace("current", &database.name));
        let answer = database.doctor(SEATTLE, &database.url(SEATTLE));
        assert_eq!(answer.code, Some(code), "{harm}: {answer:?}");
        let line = answer.stdout.lines().find(|line| line.starts_with("FAIL")).expect("a failure");
        assert!(line.contains(finding), "{harm}: {line}");
        assert!(answer.stdout.contains("-> "), "a remedy: {}", answer.stdout);
    }
}

#[test]
fn doctor_without_a_database_says_which_command_is_missing() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["doctor", "--json", "--rls-user", SEATTLE, "--data-dir", "/tmp/zava-nowhere"]).env_clear();
    let answer = Answer::from(command.output().expect("it runs"));
    assert_eq!(answer.code, Some(1), "{answer:?}");
    let findings: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
    let failed = findings.as_array().expect("a list").iter().find(|finding| finding["outcome"] == "fail");
    assert!(
        failed.expect("a failure")["remedy"].as_str().expect("a remedy").contains("scripts/install-postgres")
    );
    assert!(!std::path::Path::new("/tmp/zava-nowhere").exists());

    let unreachable = "host=127.0.0.1 port=9 user=zava_seattle dbname=zava";
    let answer = shared().doctor(SEATTLE, unreachable);
    assert_eq!(answer.code, Some(4), "{answer:?}");
}

#[test]
fn the_passwords_of_the_test_server_are_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = data_dir().join("credentials.json");
    let mode = std::fs::metadata(file).expect("credentials").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// Asks twice at once: one call has the connection that was checked before, the other opens one. Both texts.
fn two_at_once(client: &mut Client) -> [String; 2] {
    let slow = json!({"postgresql_query": "SELECT count(*) AS busy FROM generate_series(1, 5000000)"});
    let call = json!({"name": "execute_sales_query", "arguments": slow});
    let calls = [0, 1].map(|_| client.send("tools/call", call.clone()));
    calls.map(|id| client.answer(id)["result"]["content"][0]["text"].to_string())
}

#[track_caller]
fn one_is_refused(said: &[String; 2], code: &str) {
    let refused = said.iter().filter(|text| text.contains(code)).count();
    let answered = said.iter().filter(|text| text.contains("busy")).count();
    assert_eq!((refused, answered), (1, 1), "{said:?}");
}

#[test]
fn a_further_connection_is_not_served_once_the_login_is_somebody_elses() {
    let database = Database::copy();
    let mut client = Client::serve(&database, REDMOND);
    assert_eq!(client.value("SELECT 1"), 1);
    database.script(&format!(
        "UPDATE zava.principal SET rls_user_id = '{NEWCOMER}' WHERE rls_user_id = '{REDMOND}'"
    ));
    one_is_refused(&two_at_once(&mut client), "AUTHORIZATION_ERROR (identity_mismatch)");
}

#[test]
fn a_further_connection_is_not_served_once_row_security_does_not_bind_the_login() {
    let database = Database::copy();
    let keeper = "5c1d3c0a-06f5-4f0e-9a53-6f1b2ad0c7e4";
    let add = [
        "identity",
        "add",
        "--rls-user",
        keeper,
        "--login",
        "zava_it_keeper",
        "--store",
        "Zava Retail Tacoma",
    ];
    assert_eq!(run(&database, &add).code, Some(0));
    let mut client = Client::serve(&database, keeper);
    assert_eq!(client.value("SELECT 1"), 1);
    for (attribute, why) in [("SUPERUSER", "(superuser)"), ("BYPASSRLS", "(BYPASSRLS)")] {
        database.script(&format!("ALTER ROLE zava_it_keeper {attribute}"));
        let said = two_at_once(&mut client);
        database.script(&format!("ALTER ROLE zava_it_keeper NO{attribute}"));
        one_is_refused(&said, "AUTHORIZATION_ERROR (unsafe_login)");
        // a superuser is also a member of the tables' owner, which is refused as well
        assert!(said.iter().any(|text| text.contains(why)), "{said:?}");
        assert_eq!(client.value("SELECT 1"), 1);
    }
    drop(client);
    assert_eq!(run(&database, &["identity", "remove", "--rls-user", keeper]).code, Some(0));
}
