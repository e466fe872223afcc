//! Search on the original sample's database: its own vectors, or ours beside them.

use serde_json::json;

use super::double::Double;
use super::{ask, client_with, column, embed, question, says};
use crate::original::restored;
use crate::protect::{PROTECT, copy, run};
use crate::support::shop::{Database, HEAD_OFFICE, REDMOND, SEATTLE};

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
        ask(&mut client_with(&url(database), model.environment(), SEATTLE), question("qqhammer"))
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

/// Both kinds of search by each identity's own login, with the stock and the rows that are its own.
#[track_caller]
fn each_searches_its_own(database: &Database, model: &Double) {
    let own = |identity: &str, column: &str, rest: &str| {
        database.value(&format!(
            "SELECT {column}::text FROM retail.inventory AS i JOIN retail.stores AS s USING (store_id)
             JOIN retail.products AS p USING (product_id)
             WHERE ('{identity}' = '{HEAD_OFFICE}' OR s.rls_user_id = '{identity}') {rest}"
        ))
    };
    let mut seen = Vec::new();
    for identity in [SEATTLE, REDMOND, HEAD_OFFICE] {
        let mut client = client_with(&database.url(identity), model.environment(), identity);
        let found = ask(&mut client, question("qqhammer"));
        assert_eq!((&found["searched_by"], &found["n"]), (&json!("text+meaning"), &json!(5)), "{found}");
        assert!(column(&found, "matched_by").iter().all(|matched| matched == "meaning"), "{found}");
        for (sku, stock) in column(&found, "sku").iter().zip(column(&found, "stock")) {
            let sku = sku.as_str().expect("text");
            let expected = own(identity, "sum(i.stock_level)", &format!("AND p.sku = '{sku}'"));
            assert_eq!(stock.to_string(), expected, "{identity}: {found}");
            seen.push(expected);
        }
        let words = ask(&mut client, question("claw hammer"));
        assert!(column(&words, "matched_by").contains(&json!("text+meaning")), "{words}");
        assert_eq!(
            client.query("SELECT count(*) FROM retail.inventory")["r"][0][0].to_string(),
            own(identity, "count(*)", "")
        );
    }
    seen.dedup();
    assert!(seen.len() > 5, "the stores' stocks differ, else they prove nothing: {seen:?}");
}

/// `db protect` once more, which has nothing to do.
#[track_caller]
fn protected_already(database: &Database) {
    let again = run(database, &PROTECT);
    assert!(again.code == Some(0) && again.stdout.contains("nothing was changed"), "{again:?}");
}

#[test]
fn vectors_made_before_the_protection_answer_its_logins() {
    let Some(database) = copy() else { return };
    let model = Double::start();
    assert_eq!(embed(&database, &model).code, Some(0));
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    each_searches_its_own(&database, &model);
    protected_already(&database);
    let again = embed(&database, &model);
    assert!(again.code == Some(0) && again.stdout.contains("Embedded 0 products"), "{again:?}");
    protected_already(&database);
}

#[test]
fn vectors_made_after_the_protection_answer_its_logins() {
    let Some(database) = copy() else { return };
    let model = Double::start();
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    assert_eq!(embed(&database, &model).code, Some(0));
    each_searches_its_own(&database, &model);
    protected_already(&database);
}

#[test]
fn nobody_but_readers_of_the_catalogue_may_read_the_vectors() {
    let Some(database) = copy() else { return };
    let model = Double::start();
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    assert_eq!(embed(&database, &model).code, Some(0));
    database.script(
        "DO $$ BEGIN CREATE ROLE zava_test_stranger; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    );
    let may = |role: &str, right: &str| {
        database.value(&format!(
            "SELECT has_any_column_privilege('{role}', 'zava_search.product_vectors', '{right}')::text"
        ))
    };
    assert_eq!(
        (may("zava_seattle", "SELECT").as_str(), may("zava_test_stranger", "SELECT").as_str()),
        ("true", "false")
    );
    for right in ["INSERT", "UPDATE"] {
        assert_eq!(may("zava_seattle", right), "false", "{right}");
    }
}
