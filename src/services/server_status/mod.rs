//! How this server is: whose it is, how safe, how busy, how fast. It answers whatever is down, and says what.

mod database;
mod tools;

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use self::database::Checked;
use super::activity::Activity;
use super::current_utc_date;
use super::sales_query::Rows;
use super::search_products::Searcher;
use crate::cache::{Cache, SharedState};
use crate::call::Witnesses;
use crate::database::Database;

/// All there is to say.
#[derive(Debug, Serialize)]
pub struct Status {
    server: Value,
    #[serde(flatten)]
    checked: Checked,
    pool: Value,
    embeddings: Value,
    cache: Value,
    /// Who keeps account of calls, and how that is; empty when nobody does.
    accounts: Value,
    tools: Rows,
}

/// Looks at everything. Takes no longer than a connection may take, whatever is down.
pub async fn run(
    database: &Database,
    cache: &Cache,
    searcher: &Searcher,
    activity: &Activity,
    witnesses: &Witnesses,
) -> Status {
    let (checked, embeddings) =
        tokio::join!(Box::pin(database::check(database)), embeddings(database, searcher));
    Status {
        server: server(activity.uptime()),
        checked,
        pool: pool(database),
        embeddings,
        cache: kept(cache),
        accounts: witnesses.states().into_iter().collect(),
        tools: tools::table(activity, cache),
    }
}

#[expect(clippy::disallowed_methods, reason = "one clock for all")]
fn server(uptime: Duration) -> Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "uptime_seconds": uptime.as_secs(),
        "utc": current_utc_date::now(),
    })
}

fn pool(database: &Database) -> Value {
    let pool = database.pool_status();
    json!({"most": pool.most, "open": pool.open, "idle": pool.idle, "waiting": pool.waiting})
}

/// The model that compares meanings; without one products are searched by words.
async fn embeddings(database: &Database, searcher: &Searcher) -> Value {
    match searcher.space().await {
        Ok(None) => json!({"provider": "none"}),
        Ok(Some(space)) if space.dimensions == 0 => json!({
            "provider": space.provider, "model": space.model,
            "failure": "its files cannot be read; `zava-mcp doctor` says why",
        }),
        Ok(Some(space)) => json!({
            "provider": space.provider, "model": space.model, "dimensions": space.dimensions,
            "vectors": vectors(database, &space.name()).await,
        }),
        Err(failure) => json!({"failure": failure}),
    }
}

/// How fresh the catalogue's vectors are; `null` when that cannot be told.
async fn vectors(database: &Database, space: &str) -> Value {
    let patience = database.limits().connect_timeout();
    match tokio::time::timeout(patience, database.freshness(space)).await {
        Ok(Ok(Some(fresh))) => {
            json!({"products": fresh.products, "missing": fresh.missing, "stale": fresh.stale})
        }
        _ => Value::Null,
    }
}

fn kept(cache: &Cache) -> Value {
    let stats = cache.stats();
    json!({
        "ttl_seconds": stats.ttl.as_secs(),
        "queries": stats.queries,
        "entries": stats.entries,
        "bytes": stats.bytes,
        "most_bytes": stats.most_bytes,
        "hits": stats.hits,
        "misses": stats.misses,
        "redis": stats.shared.map_or("not set up".to_owned(), in_words),
    })
}

fn in_words(state: SharedState) -> String {
    match state {
        SharedState::Unused => "not used yet".to_owned(),
        SharedState::Up => "up".to_owned(),
        SharedState::Down(why) => format!("down, answers are made without it: {why}"),
        SharedState::NoPassword => "not used: the login has no password to seal answers with".to_owned(),
    }
}
