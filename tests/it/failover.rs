//! Restarts, a standby, and a failover from one server to the other.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::faults::wait_until;
use crate::support::mcp::Client;
use crate::support::shop::SEATTLE;
use crate::throw_away::ThrowAway;

const STORES: &str = "SELECT string_agg(name, ',') FROM retail.stores";
const ENDLESS: &str = "SELECT count(*) FROM (SELECT generate_series(1, 10000000000)) AS g";

/// A connection string with the login of the Seattle manager, for the database of one or more servers.
fn url(servers: &[&ThrowAway], more: &str) -> String {
    let text = std::fs::read_to_string(servers[0].data().join("credentials.json")).expect("credentials");
    let credentials: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let login = &credentials["logins"][SEATTLE];
    let field = |name: &str| login[name].as_str().expect("a value").to_owned();
    let sockets: Vec<String> =
        servers.iter().map(|server| server.data().join("socket").display().to_string()).collect();
    let (login, password) = (field("login"), field("password"));
    format!("host='{}' dbname=zava user={login} password={password} {more}", sockets.join(","))
}

fn start_endless(client: &mut Client) -> u64 {
    let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": ENDLESS}});
    client.send("tools/call", call)
}

fn text(answer: &serde_json::Value) -> &str {
    answer["result"]["content"][0]["text"].as_str().expect("text")
}

fn runs(server: &ThrowAway) -> bool {
    let sql = "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND query ~ 'AS t\\(c0\\)'";
    server.value(sql) == "1"
}

#[test]
fn a_restart_between_two_calls_goes_unnoticed_and_one_during_a_call_costs_one_error() {
    let server = ThrowAway::new();
    server.ok(&["db", "create"]);
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &url(&[&server], ""))]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    server.ok(&["db", "down"]);
    let refused = client.refused(STORES);
    assert!(refused.starts_with("DATABASE_ERROR (unreachable)"), "{refused}");
    server.ok(&["db", "up"]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    server.ok(&["db", "down"]);
    server.ok(&["db", "up"]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");

    let id = start_endless(&mut client);
    wait_until(|| runs(&server));
    server.ok(&["db", "down"]);
    let answer = client.answer(id);
    assert!(text(&answer).starts_with("DATABASE_ERROR (connection_lost)"), "{answer}");
    server.ok(&["db", "up"]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    assert!(!runs(&server), "the query did not come back");
}

/// A real standby: a base backup of `primary`, which it follows.
fn standby_of(primary: &ThrowAway) -> ThrowAway {
    let cluster = primary.data().join("cluster");
    let hba = cluster.join("pg_hba.conf");
    let rules = std::fs::read_to_string(&hba).expect("rules") + "local replication all trust\n";
    std::fs::write(&hba, rules).expect("written");
    primary.value("SELECT pg_reload_conf()::text");
    let standby = ThrowAway::new();
    std::fs::create_dir(standby.data()).expect("a data directory");
    let copy = standby.data().join("cluster");
    let backup = |program: &Path| {
        let mut command = Command::new(program);
        command
            .arg("-h")
            .arg(primary.data().join("socket"))
            .args(["-U", "postgres", "-c", "fast", "-R", "-D"]);
        command.arg(&copy).env("PGCONNECT_TIMEOUT", "10").output().expect("it runs")
    };
    // The rules are read again a moment after they were asked to be.
    wait_until(|| {
        let made = backup(&primary.program("pg_basebackup"));
        made.status.success() || !String::from_utf8_lossy(&made.stderr).contains("no pg_hba.conf entry")
    });
    let owner = std::fs::metadata(&cluster).expect("a cluster");
    give(&copy, owner.uid(), owner.gid());
    let file = "credentials.json";
    std::fs::copy(primary.data().join(file), standby.data().join(file)).expect("copied");
    standby.ok(&["db", "up"]);
    standby
}

/// PostgreSQL wants to own its files, and the backup made them for us.
fn give(path: &Path, uid: u32, gid: u32) {
    chown(path, Some(uid), Some(gid)).expect("given");
    if path.is_dir() && !path.is_symlink() {
        std::fs::read_dir(path)
            .expect("a directory")
            .for_each(|entry| give(&entry.expect("an entry").path(), uid, gid));
    }
}

#[test]
fn a_standby_serves_and_when_the_primary_is_gone_calls_go_on_at_the_other_server() {
    let primary = ThrowAway::new();
    primary.ok(&["db", "create"]);
    let standby = standby_of(&primary);
    assert_eq!(standby.value("SELECT pg_is_in_recovery()::text"), "true");

    let read_only = url(&[&standby], "");
    let mut reader = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &read_only)]);
    assert_eq!(reader.value(STORES), "Zava Retail Seattle");

    let both = url(&[&primary, &standby], "target_session_attrs=read-write");
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &both)]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    let id = start_endless(&mut client);
    wait_until(|| runs(&primary));
    primary.ok(&["db", "down"]);
    let answer = client.answer(id);
    assert!(text(&answer).starts_with("DATABASE_ERROR (connection_lost)"), "{answer}");
    let waiting = client.refused(STORES);
    assert!(waiting.starts_with("DATABASE_ERROR (unreachable)"), "no server takes writes yet: {waiting}");
    standby.value("SELECT pg_promote()::text");
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    assert_eq!(reader.value(STORES), "Zava Retail Seattle");
}

/// What was found safe on one server says nothing of the other.
#[test]
fn the_server_behind_a_failover_is_checked_as_the_first_one_was() {
    let primary = ThrowAway::new();
    primary.ok(&["db", "create"]);
    let standby = standby_of(&primary);
    let mut client =
        Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &url(&[&primary, &standby], ""))]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    primary.ok(&["db", "down"]);
    standby.value("SELECT pg_promote()::text");
    standby.script_in("zava", "ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY");
    let refused = client.refused(STORES);
    assert!(refused.starts_with("AUTHORIZATION_ERROR (row_security_off)"), "{refused}");
    standby.script_in("zava", "ALTER TABLE retail.orders ENABLE ROW LEVEL SECURITY");
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
}

/// Whether the server that answers is a standby.
const STANDBY: &str = "SELECT pg_is_in_recovery()";

#[test]
fn reads_go_to_a_standby_and_to_the_primary_when_it_is_gone() {
    let primary = ThrowAway::new();
    primary.ok(&["db", "create"]);
    let standby = standby_of(&primary);
    let both = url(&[&primary, &standby], "");
    let serve = |which: &str| {
        let variables = [("DATABASE_URL", both.as_str()), ("PGTARGETSESSIONATTRS", which)];
        Client::spawn(&["--rls-user", SEATTLE], &variables)
    };
    for (which, answers) in [
        ("any", false),
        ("primary", false),
        ("read-write", false),
        ("standby", true),
        ("prefer-standby", true),
    ] {
        let mut client = serve(which);
        assert_eq!(client.value(STANDBY), answers, "{which}");
        assert_eq!(client.value(STORES), "Zava Retail Seattle", "{which}");
    }
    let of_url = url(&[&primary, &standby], "target_session_attrs=standby");
    let variables = [("DATABASE_URL", of_url.as_str()), ("PGTARGETSESSIONATTRS", "primary")];
    assert_eq!(Client::spawn(&["--rls-user", SEATTLE], &variables).value(STANDBY), true, "the string wins");
    let args = ["--rls-user", SEATTLE, "--target-session-attrs", "standby"];
    let mut flagged = Client::spawn(&args, &[("DATABASE_URL", &both), ("PGTARGETSESSIONATTRS", "primary")]);
    assert_eq!(flagged.value(STANDBY), true, "a flag wins over its variable");

    let (mut prefers, mut demands) = (serve("prefer-standby"), serve("standby"));
    assert_eq!((prefers.value(STANDBY), demands.value(STANDBY)), (true.into(), true.into()));
    let id = start_endless(&mut prefers);
    wait_until(|| runs(&standby));
    standby.ok(&["db", "down"]);
    let answer = prefers.answer(id);
    assert!(text(&answer).starts_with("DATABASE_ERROR (connection_lost)"), "{answer}");
    assert_eq!(prefers.value(STANDBY), false, "the primary answers");
    assert_eq!(prefers.value(STORES), "Zava Retail Seattle");
    let said = demands.refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR ("), "{said}");
    standby.ok(&["db", "up"]);
    assert_eq!(demands.value(STANDBY), true, "and it is back");

    let alone = url(&[&primary], "target_session_attrs=standby");
    let said = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &alone)]).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (no_such_server)"), "{said}");
    let said = serve("nearest").refused(STORES);
    assert!(
        said.starts_with("DATABASE_ERROR (connection_settings)") && said.contains("prefer-standby"),
        "{said}"
    );
}
