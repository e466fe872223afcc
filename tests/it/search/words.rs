//! The words of the catalogue as the database keeps them: never older than the catalogue, and the same as read from it.

use serde_json::{Value, json};

use super::{ask, client_with, column, question, says};
use crate::support::mcp::Client;
use crate::support::shop::{Database, SEATTLE, shared};

/// A client of a server without a model.
fn by_words(database: &Database) -> Client {
    let none = vec![("EMBEDDING_PROVIDER", "none".to_owned())];
    client_with(&database.url(SEATTLE), none, SEATTLE)
}

fn skus(client: &mut Client, text: &str) -> Vec<Value> {
    column(&ask(client, question(text)), "sku")
}

#[test]
fn whatever_changes_in_the_catalogue_is_found_by_the_next_question() {
    let database = Database::copy();
    let mut client = by_words(&database);
    for word in ["quokka", "wombat", "numbat", "potoroo"] {
        assert!(skus(&mut client, word).is_empty(), "{word} is no word of the catalogue");
    }
    database.script("UPDATE retail.products SET name = 'Quokka press' WHERE sku = 'HT-HAM-016'");
    assert_eq!(skus(&mut client, "quokka"), [json!("HT-HAM-016")]);
    let misspelt = ask(&mut client, question("quoka"));
    assert!(says(&misspelt).contains("Read `quoka` as `quokka`."), "{misspelt}");

    database.script(
        "INSERT INTO retail.products (product_id, sku, name, description, category_id, product_type_id, cost, base_price, created_at)
         SELECT gen_random_uuid(), 'ZZ-WOM-001', 'Wombat clamp', 'Holds.', category_id, product_type_id, cost, base_price, created_at
         FROM retail.products WHERE sku = 'HT-HAM-016'",
    );
    assert_eq!(skus(&mut client, "wombat"), [json!("ZZ-WOM-001")]);
    assert_eq!(skus(&mut client, "zzwom1"), [json!("ZZ-WOM-001")]);

    database.script(
        "UPDATE retail.product_types SET type_name = 'Numbats'
         WHERE product_type_id = (SELECT product_type_id FROM retail.products WHERE sku = 'ZZ-WOM-001')",
    );
    assert!(skus(&mut client, "numbat").contains(&json!("ZZ-WOM-001")));
    database.script(
        "UPDATE retail.categories SET category_name = 'Potoroos'
         WHERE category_id = (SELECT category_id FROM retail.products WHERE sku = 'ZZ-WOM-001')",
    );
    assert_eq!(skus(&mut client, "potoroo").len(), 5, "as many as were asked for");

    database.script("DELETE FROM retail.products WHERE sku = 'ZZ-WOM-001'");
    assert!(skus(&mut client, "wombat").is_empty());
    let gone = ask(&mut client, question("wombatt"));
    assert!(!says(&gone).contains("Read"), "a word that no product has any more is not offered: {gone}");
    database.script("TRUNCATE retail.products CASCADE");
    assert!(skus(&mut client, "quokka").is_empty());
    assert_eq!(database.value("SELECT count(*)::text FROM zava_search.product_words"), "0");
}

#[test]
fn what_is_stored_finds_what_the_catalogue_itself_would() {
    let database = Database::copy();
    let questions = [
        "curved claw hammer",
        "paint for the bedroom wall",
        "a hamer and a scrwedrivr",
        "1-1/2 in. zinc-plated screws, 16 oz",
        "don't let the toilet leak at o'clock",
        "HT-HAM",
    ];
    let all = || {
        let mut client = by_words(&database);
        questions.map(|text| ask(&mut client, json!({"query_description": text, "max_rows": 100})))
    };
    let stored = all();
    assert!(stored.iter().all(|answer| answer["n"].as_u64() > Some(0)), "{stored:?}");
    assert!(says(&stored[2]).contains("`hamer` as `hammer`"), "{}", stored[2]);
    database.script("REVOKE USAGE ON SCHEMA zava_search FROM zava_head_office, zava_regional, zava_manager");
    assert_eq!(all(), stored);
}

#[test]
fn by_words_alone_a_product_fits_wholly_when_its_name_is_asked_for() {
    let database = shared();
    let mut client = by_words(&database);
    for sku in ["HT-HAM-016", "HT-HAM-032"] {
        let name = database.value(&format!("SELECT name FROM retail.products WHERE sku = '{sku}'"));
        let found = ask(&mut client, question(&name));
        let percents = column(&found, "similarity_percent");
        assert_eq!(
            (&column(&found, "sku")[0], &percents[0]),
            (&json!(sku), &json!(100.0)),
            "{name}: {found}"
        );
        assert!(percents.last().and_then(Value::as_f64) < Some(100.0), "{found}");
    }
}

#[test]
fn an_assistant_is_shown_neither_the_words_nor_a_way_to_change_them() {
    let database = Database::copy();
    let mut client = by_words(&database);
    let schema = client.call("get_multiple_table_schemas", json!({"table_names": []})).text;
    assert!(schema.contains("retail.products") && !schema.contains("zava_search"), "{schema}");
    let may = |right: &str| {
        database.value(&format!(
            "SELECT bool_or(has_any_column_privilege('zava_seattle', c.oid, '{right}'))::text
             FROM pg_class AS c WHERE c.relnamespace = 'zava_search'::regnamespace AND c.relkind = 'r'"
        ))
    };
    assert_eq!(["SELECT", "INSERT", "UPDATE"].map(may), ["true", "false", "false"]);
    let functions = "SELECT count(*) || ' ' || count(*) FILTER (WHERE has_function_privilege('zava_seattle', oid, 'EXECUTE'))
        FROM pg_proc WHERE pronamespace = 'zava_search'::regnamespace";
    assert_eq!(database.value(functions), "6 0");
}
