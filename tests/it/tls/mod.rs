//! Encryption as libpq's `sslmode` has it: what is refused, what is let through, and that nothing is said in the open.

mod certificates;
mod clients;
mod entra;
mod front;
mod servers;
mod settings;

use std::process::{Command, Stdio};

use serde_json::Value;

use self::front::Front;
use crate::support::mcp::Client;
use crate::support::shop::{SEATTLE, server, shared};

const STORES: &str = "SELECT string_agg(name, ',') FROM retail.stores";
const MINE: &str = "Zava Retail Seattle";

/// The connection string of the Seattle manager through a front.
fn url(front: &Front, host: &str, more: &str) -> String {
    let socket = format!("host='{}'", server().socket_dir().display());
    let direct = shared().url(SEATTLE);
    assert!(direct.contains(&socket), "a socket");
    direct.replace(&socket, &format!("host={host} port={} {more}", front.port()))
}

fn serve(url: &str) -> Client {
    Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", url)])
}

/// The answer of a call that must be refused for that reason, before PostgreSQL or anybody in between hears of the login.
#[track_caller]
fn refused(front: &Front, url: &str, reason: &str) -> String {
    let said = serve(url).refused(STORES);
    assert!(said.starts_with(&format!("DATABASE_ERROR ({reason})")), "{reason}: {said}");
    assert_eq!((front.encrypted(), front.plain()), (0, 0), "PostgreSQL heard of it: {said}");
    let overheard = String::from_utf8_lossy(&front.overheard()).into_owned();
    assert!(!overheard.contains("zava"), "login or database in the open: {overheard}");
    said
}

/// What `doctor` says of encryption, with all that it printed.
fn doctor(url: &str) -> (Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["doctor", "--json", "--log", "trace", "--rls-user", SEATTLE]).env_clear();
    command.env("EMBEDDING_PROVIDER", "none").env("DATABASE_URL", url).stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let printed = format!("{stdout}{}", String::from_utf8(output.stderr).expect("UTF-8"));
    let findings: Vec<Value> = serde_json::from_str(&stdout).expect(&printed);
    let found = findings.into_iter().find(|finding| finding["name"] == "encryption");
    (found.unwrap_or_default(), printed)
}
