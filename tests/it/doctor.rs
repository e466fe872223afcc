//! `doctor` on set-ups that are broken outside the database's rights: each failure with the one thing that mends it.
//! What is wrong inside, `tests/it/posture/` breaks.

use serde_json::Value;

use crate::support::shop::{Database, REDMOND, SEATTLE, shared};
use crate::throw_away::{Answer, ThrowAway};

/// One broken set-up.
struct Broken<'a> {
    what: &'a str,
    /// Beside `--rls-user`, which is Seattle's.
    args: &'a [&'a str],
    environment: &'a [(&'a str, &'a str)],
    /// Name and outcome of the finding.
    finds: (&'a str, &'a str),
    /// In what it says is to be done.
    mend: &'a str,
    code: i32,
}

fn doctor(identity: &str, args: &[&str], environment: &[(&str, &str)]) -> Answer {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["doctor", "--json", "--rls-user", identity]).args(args).env_clear();
    command.env("EMBEDDING_PROVIDER", "none").envs(environment.iter().copied());
    Answer::from(command.output().expect("it runs"))
}

fn findings(answer: &Answer) -> Vec<Value> {
    serde_json::from_str(&answer.stdout).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

#[track_caller]
fn check(broken: &Broken<'_>) {
    let answer = doctor(SEATTLE, broken.args, broken.environment);
    let all = findings(&answer);
    let (name, outcome) = broken.finds;
    let found = all.iter().find(|finding| finding["name"] == name && finding["outcome"] == outcome);
    let found = found.unwrap_or_else(|| panic!("{}: no {name} {outcome} in {all:#?}", broken.what));
    let remedy = found["remedy"].as_str().unwrap_or_default();
    assert!(remedy.contains(broken.mend), "{}: {found}", broken.what);
    assert!(found["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{}: {found}", broken.what);
    assert_eq!(answer.code, Some(broken.code), "{}: {answer:?}", broken.what);
    assert!(!answer.stdout.contains("hunter2") && !answer.stderr.contains("hunter2"), "{}", broken.what);
}

#[test]
fn a_way_to_the_database_that_leads_nowhere() {
    let shop = shared();
    let good = shop.url(SEATTLE);
    let swapped = |from: &str, to: &str| {
        let words = good.split(' ').map(|word| if word.starts_with(from) { to } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    let empty = Database::empty();
    let case = |what, url: &str, finds, mend, code| {
        check(&Broken { what, args: &[], environment: &[("DATABASE_URL", url)], finds, mend, code });
    };
    case("nobody listens", &swapped("host=", "host=127.0.0.1 port=1"), ("database", "fail"), "server", 4);
    case("no such socket", &swapped("host=", "host=/nowhere"), ("database", "fail"), "server", 4);
    case("no such host", &swapped("host=", "host=nowhere.invalid"), ("database", "fail"), "server", 4);
    case(
        "a wrong password",
        &swapped("password=", "password=hunter2"),
        ("database", "fail"),
        "POSTGRES_PASSWORD",
        4,
    );
    case(
        "a login that is not there",
        &swapped("user=", "user=zava_nobody"),
        ("database", "fail"),
        "POSTGRES_USER",
        4,
    );
    case("no such database", &swapped("dbname=", "dbname=zava_nowhere"), ("database", "fail"), "", 4);
    case("no URL", "hunter2", ("database", "fail"), "DATABASE_URL", 4);
    case("no shop in it", &empty.url(SEATTLE), ("database", "fail"), "db create", 3);
    case("somebody else's login", &shop.url(REDMOND), ("identity", "fail"), "identity list", 1);
    case("the owner's login", &shop.owner_url(), ("login_bound", "fail"), "login", 3);
    let tls = format!("{} sslmode=require", swapped("host=", "host=127.0.0.1 port=1"));
    case("nobody who speaks TLS", &tls, ("database", "fail"), "", 4);
    let elsewhere = swapped("host=", "host=127.0.0.1 port=1");
    let authority = format!("{elsewhere} sslmode=verify-full sslrootcert=/nowhere.pem");
    case("an authority that is not there", &authority, ("database", "fail"), "PEM", 4);
}

#[test]
fn a_local_server_that_is_not_there() {
    let server = ThrowAway::new();
    let data = server.data().to_str().expect("UTF-8");
    let bin = server.program("");
    let case = |what, bin: &str, mend| {
        let environment = [("ZAVA_DATA_DIR", data), ("ZAVA_PG_BIN_DIR", bin)];
        check(&Broken {
            what,
            args: &[],
            environment: &environment,
            finds: ("local_server", "fail"),
            mend,
            code: 1,
        });
    };
    case("no PostgreSQL", "/nowhere", "scripts/install-postgres");
    case("no cluster", bin.to_str().expect("UTF-8"), "zava-mcp db up");
    server.ok(&["db", "up"]);
    server.ok(&["db", "down"]);
    case("a stopped cluster", bin.to_str().expect("UTF-8"), "zava-mcp db up");
    // what it says helps
    server.ok(&["db", "up"]);
    let answer = server.run(&["doctor", "--rls-user", SEATTLE]);
    assert!(answer.stdout.contains("ok    local_server"), "{answer:?}");
    server.ok(&["db", "down"]);
}

#[test]
fn a_shop_that_is_not_whole() {
    let unfilled = Database::copy();
    unfilled.script("TRUNCATE retail.orders, retail.order_items");
    let case = |what, database: &Database, finds, mend, code| {
        let url = database.url(SEATTLE);
        check(&Broken { what, args: &[], environment: &[("DATABASE_URL", &url)], finds, mend, code });
    };
    case("no orders", &unfilled, ("shop", "warn"), "zava-mcp db seed", 0);

    let lacking = Database::copy();
    lacking.script("ALTER TABLE retail.inventory RENAME COLUMN stock_level TO stock");
    case("a column of another version", &lacking, ("statements", "fail"), "zava-mcp db create", 1);

    let bare = Database::copy();
    bare.script("DROP EXTENSION vector CASCADE");
    case("no pgvector", &bare, ("pgvector", "fail"), "zava-mcp db create", 1);
}

#[test]
fn what_stands_around_the_database() {
    let good = shared().url(SEATTLE);
    let model = tempfile::tempdir().expect("a directory");
    let case = |what, args: &[&str], more: &[(&str, &str)], finds, mend, code| {
        let environment = [&[("DATABASE_URL", good.as_str())], more].concat();
        check(&Broken { what, args, environment: &environment, finds, mend, code });
    };
    let model = model.path().to_str().expect("UTF-8");
    let local = [("EMBEDDING_PROVIDER", "local"), ("ZAVA_EMBEDDING_MODEL_DIR", model)];
    case("a model without files", &[], &local, ("embeddings", "fail"), "scripts/install-model", 1);
    let azure = [("EMBEDDING_PROVIDER", "azure"), ("AZURE_OPENAI_ENDPOINT", "https://nowhere.invalid")];
    case("Azure without a key", &[], &azure, ("embeddings", "fail"), "AZURE_OPENAI_API_KEY", 1);
    let service = [
        ("EMBEDDING_PROVIDER", "openai"),
        ("EMBEDDING_URL", "http://127.0.0.1:1/v1"),
        ("EMBEDDING_DIMENSIONS", "8"),
    ];
    case(
        "a service that is down",
        &["--embedding-timeout", "2"],
        &service,
        ("embeddings", "fail"),
        "address",
        1,
    );
    case("Redis is down", &["--cache-url", "redis://127.0.0.1:1"], &[], ("cache", "warn"), "Redis", 0);
    case(
        "no place for the audit log",
        &["--audit-log", "/dev/null/audit"],
        &[],
        ("audit_log", "fail"),
        "--audit-log",
        1,
    );

    let fine = doctor(SEATTLE, &["--audit-log", model], &[("DATABASE_URL", good.as_str())]);
    let all = findings(&fine);
    for name in ["cache", "audit_log", "clock", "encryption", "row_security_forced", "grade"] {
        assert!(
            all.iter().any(|found| found["name"] == name && found["outcome"] == "ok"),
            "{name} in {all:#?}"
        );
    }
    assert_eq!(fine.code, Some(0), "{fine:?}");
    assert_eq!(std::fs::read_dir(model).expect("it is there").count(), 0, "nothing is left behind");
}

#[test]
fn settings_that_cannot_be_used_are_usage_errors() {
    for (args, environment, said) in [
        (&[][..], &[("PGSERVICE", "nowhere")][..], "PGSERVICE"),
        (&["--cache-url", "http://x"][..], &[][..], "--cache-url"),
        (&["--log-dir", "/dev/null/logs"][..], &[][..], "--log-dir"),
    ] {
        let answer = doctor(SEATTLE, args, environment);
        assert!(answer.code.is_some_and(|code| code == 1 || code == 2), "{args:?}: {answer:?}");
        assert!(
            answer.stderr.contains(said) && answer.stderr.contains("VALIDATION_ERROR"),
            "{args:?}: {answer:?}"
        );
    }
}
