//! Product search by words and by meaning, and `zava-mcp embed` before it.
//!
//! A double stands for the paid embedding service, over real HTTP: its vectors count concepts, so that what is near to what is
//! known. Search with the local model is measured by the judged questions.

pub(crate) mod double;
mod embed;
mod failures;
mod filters;
mod found;
mod freshness;
mod originals;
mod progress;
mod words;

use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use self::double::Double;
use crate::support::mcp::Client;
use crate::support::shop::Database;
use crate::throw_away::Answer;

/// Tests that only read share one shop with vectors, and the model that made them.
fn shared() -> &'static (Database, Double) {
    static SHARED: OnceLock<(Database, Double)> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (database, model) = (Database::copy(), Double::start());
        let answer = embed(&database, &model);
        assert_eq!(answer.code, Some(0), "{answer:?}");
        (database, model)
    })
}

/// `zava-mcp embed` with further arguments, ready to run.
fn embedding(database: &Database, model: &Double, args: &[&str]) -> Command {
    let mut command = database.admin(&[&["embed"], args].concat());
    command
        .envs(model.environment())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    command
}

fn embed(database: &Database, model: &Double) -> Answer {
    Answer::from(embedding(database, model, &[]).output().expect("it runs"))
}

/// A client of a server that embeds questions with `model`.
fn client(database: &Database, model: &Double, identity: &str) -> Client {
    client_with(&database.url(identity), model.environment(), identity)
}

fn client_with(url: &str, mut environment: Vec<(&'static str, String)>, identity: &str) -> Client {
    environment.push(("DATABASE_URL", url.to_owned()));
    // first, so that a test can say otherwise: what is searched is what is looked at
    environment.insert(0, ("ZAVA_CACHE_TTL", "0".to_owned()));
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Client::spawn(&["--rls-user", identity, "--allow-asserted-identity"], &environment)
}

/// Asks; returns the answer.
#[track_caller]
fn ask(client: &mut Client, arguments: Value) -> Value {
    let called = client.call("semantic_search_products", arguments);
    assert!(!called.is_error, "{}", called.text);
    called.structured.expect("structured content")
}

/// The values of one column.
fn column(answer: &Value, name: &str) -> Vec<Value> {
    let names = answer["c"].as_array().expect("columns");
    let at = names.iter().position(|column| column == name).unwrap_or_else(|| panic!("no {name}: {answer}"));
    answer["r"].as_array().expect("rows").iter().map(|row| row[at].clone()).collect()
}

fn says(answer: &Value) -> &str {
    answer["msg"].as_str().unwrap_or_default()
}

/// Vectors of any model in a shop of ours.
const VECTORS: &str = "SELECT count(*)::text FROM retail.product_description_embeddings";

fn question(text: &str) -> Value {
    json!({"query_description": text, "max_rows": 5})
}
