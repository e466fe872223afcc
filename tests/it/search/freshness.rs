//! How fresh the vectors are: `doctor` and `server_status` say what `embed` would do.

use serde_json::{Value, json};

use super::double::Double;
use super::{client, embed};
use crate::support::shop::{Database, SEATTLE};
use crate::throw_away::Answer;

/// What `doctor` finds of the vectors: outcome, detail, remedy.
fn doctor(database: &Database, model: &Double) -> (String, String, String) {
    let mut command = database.admin(&["doctor", "--json", "--rls-user", SEATTLE]);
    command.env("DATABASE_URL", database.url(SEATTLE)).envs(model.environment());
    let answer = Answer::from(command.output().expect("it runs"));
    let all: Vec<Value> = serde_json::from_str(&answer.stdout).expect("JSON");
    let found = all.iter().find(|finding| finding["name"] == "vectors").unwrap_or_else(|| panic!("{all:#?}"));
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("detail"), text("remedy"))
}

fn status(database: &Database, model: &Double) -> Value {
    let called = client(database, model, SEATTLE).call("server_status", json!({}));
    called.structured.expect("structured content")["embeddings"]["vectors"].clone()
}

#[test]
fn missing_and_stale_vectors_are_told_until_they_are_made() {
    let (database, model) = (Database::copy(), Double::start());
    let (outcome, detail, remedy) = doctor(&database, &model);
    assert_eq!((outcome.as_str(), remedy.as_str()), ("warn", "zava-mcp embed"));
    assert!(detail.starts_with("of 448 products 448 have no vector"), "{detail}");
    assert_eq!(status(&database, &model), json!({"products": 448, "missing": 448, "stale": 0}));

    embed(&database, &model);
    assert_eq!(doctor(&database, &model).0, "ok");
    assert_eq!(status(&database, &model), json!({"products": 448, "missing": 0, "stale": 0}));

    database
        .script("UPDATE retail.products SET description = 'Quite another thing.' WHERE sku = 'HT-HAM-016'");
    let (outcome, detail, remedy) = doctor(&database, &model);
    assert_eq!((outcome.as_str(), remedy.as_str()), ("warn", "zava-mcp embed"));
    assert!(detail.ends_with("0 have no vector of this model, and 1 an old one"), "{detail}");
    assert_eq!(status(&database, &model), json!({"products": 448, "missing": 0, "stale": 1}));
}
