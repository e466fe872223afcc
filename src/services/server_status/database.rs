//! What is known of the database, from one look at it that may fail.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::database::{Connected, Database, DatabaseError, Guarded, Posture, Severity};
use crate::error::{Reason, ToolError};

/// Identity, database and safety, as far as they could be told.
#[derive(Debug, Default, Serialize)]
pub(super) struct Checked {
    identity: Value,
    database: Value,
    /// `null` when the database could not be asked.
    safety: Value,
}

/// What a served database says beyond its safety.
struct Served {
    connected: Connected,
    stores: Vec<String>,
    tables: Vec<Guarded>,
}

pub(super) async fn check(database: &Database) -> Checked {
    let patience = database.limits().connect_timeout();
    match tokio::time::timeout(patience, look(database)).await {
        Ok(checked) => checked,
        Err(_) => unreachable(
            database,
            &ToolError::new(
                Reason::Unreachable,
                format!("the database gave no answer within {} s", patience.as_secs()),
                "check with `zava-mcp doctor`, which says what to do",
            ),
        ),
    }
}

async fn look(database: &Database) -> Checked {
    let posture = match database.posture().await {
        Ok(posture) => posture,
        Err(error) => return unreachable(database, &error.into()),
    };
    let safety = safety(&posture);
    let proof = match posture.identity {
        Ok(identity) => identity.to_string(),
        Err(error) => format!("refused: {}", ToolError::from(error)),
    };
    match served(database).await {
        Ok(served) => Checked {
            identity: identity(database, &proof, Some(&served)),
            database: connected(database, &served.connected),
            safety: with_tables(safety, &served.tables),
        },
        Err(error) => Checked {
            identity: identity(database, &proof, None),
            database: failed(database, true, &error.into()),
            safety,
        },
    }
}

async fn served(database: &Database) -> Result<Served, DatabaseError> {
    let connected = database.connected().await?;
    let stores = database.visible_stores().await?.into_iter().map(|store| store.name).collect();
    Ok(Served { connected, stores, tables: database.guarded_tables().await? })
}

fn unreachable(database: &Database, error: &ToolError) -> Checked {
    Checked {
        identity: identity(database, "not established", None),
        database: failed(database, false, error),
        safety: Value::Null,
    }
}

fn failed(database: &Database, reachable: bool, error: &ToolError) -> Value {
    json!({"reachable": reachable, "served": false, "place": database.place(), "error": error.to_string()})
}

fn identity(database: &Database, proof: &str, served: Option<&Served>) -> Value {
    let mut identity = json!({"rls_user_id": database.identity().to_string(), "proof": proof});
    if let (Some(served), Some(object)) = (served, identity.as_object_mut()) {
        object.insert("login".to_owned(), json!(served.connected.login));
        object.insert("kind".to_owned(), json!(served.connected.kind));
        object.insert("stores".to_owned(), json!(served.stores));
    }
    identity
}

fn connected(database: &Database, connected: &Connected) -> Value {
    json!({
        "reachable": true,
        "served": true,
        "place": database.place(),
        "name": connected.database,
        "version": connected.version,
        "standby": connected.standby,
        "clock_ahead_seconds": connected.now.as_second() - Timestamp::now().as_second(),
        "extensions": connected.extensions,
    })
}

/// Names of checks, never what they found: `doctor` tells that to whoever runs the database.
fn safety(posture: &Posture) -> Value {
    let of = |severity: Severity| {
        let mut names: Vec<&str> = posture
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .map(|finding| finding.check.as_str())
            .collect();
        names.dedup();
        names
    };
    json!({
        "grade": posture.grade().to_string(),
        "refused_for": of(Severity::Refuse),
        "warned_of": of(Severity::Warn),
    })
}

fn with_tables(mut safety: Value, tables: &[Guarded]) -> Value {
    let (forced, open): (Vec<&Guarded>, Vec<&Guarded>) = tables.iter().partition(|table| table.forced);
    let names =
        |tables: Vec<&Guarded>| tables.into_iter().map(|table| table.name.clone()).collect::<Vec<_>>();
    let policies: i64 = tables.iter().map(|table| table.policies).sum();
    if let Some(object) = safety.as_object_mut() {
        let security = json!({"forced": names(forced), "none": names(open), "policies": policies});
        object.insert("row_security".to_owned(), security);
    }
    safety
}
