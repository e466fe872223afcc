//! Search on the original sample's database: its own vectors, or ours beside them.

use serde_json::json;

use super::double::Double;
use super::{ask, client_with, column, embed, question, says};
use crate::original::restored;
use crate::support::shop::{Database, SEATTLE};

const OWN: &str =
    "SELECT md5(string_agg(e::text, '' ORDER BY product_id)) FROM retail.product_description_embeddings e";

fn url(database: &Database) -> String {
    database.url_as("store_manager", "hunter2")
}

#[test]
fn vectors_get_a_table_of_their_own_and_nothing_else_is_touched() {
    let Some(database) = restored() else { return };
    let model = Double::start();
    let ask_it = |database: &Database| {
        ask(&mut client_with(&url(database), model.environment(), SEATTLE), question("percussor"))
    };
    let before = database.value(OWN);
    let without = ask_it(&database);
    assert_eq!(without["searched_by"], "text", "{without}");
    assert!(says(&without).contains("zava-mcp embed"), "{without}");

    let first = embed(&database, &model);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(database.value("SELECT count(*)::text FROM zava_search.product_vectors"), "424");
    assert_eq!(database.value(OWN), before);
    let found = ask_it(&database);
    assert_eq!(
        (found["searched_by"].clone(), found["n"].clone()),
        (json!("text+meaning"), json!(5)),
        "{found}"
    );
    assert!(column(&found, "matched_by").iter().all(|matched| matched == "meaning"), "{found}");
    assert!(column(&found, "stock")[0].as_i64().expect("stock of Seattle") > 0, "{found}");

    // a product goes; its vector goes with the next run
    database.script("DELETE FROM zava_search.product_vectors WHERE product_id = 1");
    database.script(
        "INSERT INTO zava_search.product_vectors SELECT 999999, model, description_embedding, source_hash, last_updated
         FROM zava_search.product_vectors LIMIT 1",
    );
    let again = embed(&database, &model);
    assert!(
        again.stdout.contains("1 without a vector") && again.stdout.contains("removed 1 vectors"),
        "{again:?}"
    );
    assert_eq!(database.value("SELECT count(*)::text FROM zava_search.product_vectors"), "424");
}

#[test]
fn its_own_vectors_answer_for_the_model_that_made_them() {
    let Some(database) = restored() else { return };
    let model = Double::start();
    let mut environment = model.as_model("text-embedding-3-small");
    environment.retain(|(name, _)| *name != "EMBEDDING_DIMENSIONS");
    let mut client = client_with(&url(&database), environment, SEATTLE);
    let mut asked = question("claw hammer");
    asked["similarity_threshold"] = json!(0);
    asked["max_rows"] = json!(100);
    let found = ask(&mut client, asked);
    assert_eq!(
        (found["searched_by"].clone(), found["n"].clone()),
        (json!("text+meaning"), json!(100)),
        "{found}"
    );
    let matched = column(&found, "matched_by");
    assert!(matched.iter().any(|how| how == "meaning"), "{found}");
    // of another model they are not
    let other = client_with(&url(&database), model.environment(), SEATTLE);
    let found = ask(&mut { other }, question("claw hammer"));
    assert_eq!(
        (found["searched_by"].clone(), found["n"].as_u64() > Some(0)),
        (json!("text"), true),
        "{found}"
    );
}
