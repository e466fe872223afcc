//! What is found: by meaning, by words, by number; never less than asked for, never below the threshold.

use serde_json::{Value, json};

use super::double::Double;
use super::{ask, client, column, embed, question, says, shared};
use crate::support::shop::{Database, HEAD_OFFICE, SEATTLE};

fn percents(answer: &Value) -> Vec<f64> {
    column(answer, "similarity_percent").iter().map(|percent| percent.as_f64().expect("a number")).collect()
}

#[test]
fn what_no_word_says_is_found_by_meaning() {
    let (database, model) = shared();
    let found = ask(&mut client(database, model, SEATTLE), question("qqhammer"));
    assert_eq!(
        (found["searched_by"].clone(), found["n"].clone()),
        (json!("text+meaning"), json!(5)),
        "{found}"
    );
    assert!(column(&found, "matched_by").iter().all(|matched| matched == "meaning"), "{found}");
    for row in found["r"].as_array().expect("rows") {
        assert!(row.to_string().to_lowercase().contains("hammer"), "{row}");
    }
    let mut by_words = client(database, model, SEATTLE);
    let none = ask(&mut by_words, json!({"query_description": "zzz qqq", "similarity_threshold": 90}));
    assert_eq!(none["n"], 0);
    assert!(says(&none).contains("lower similarity_threshold"), "{none}");
}

#[test]
fn words_and_meaning_agree_on_the_best() {
    let (database, model) = shared();
    let found = ask(&mut client(database, model, SEATTLE), question("curved claw hammer"));
    assert_eq!(column(&found, "sku")[0], "HT-HAM-016", "{found}");
    assert!(column(&found, "matched_by")[0].as_str().expect("text").contains("text"), "{found}");
    assert!(says(&found).is_empty(), "{found}");
}

#[test]
fn an_article_number_comes_first_in_any_writing() {
    let (database, model) = shared();
    let mut client = client(database, model, SEATTLE);
    for text in ["HT-HAM-016", "do you have ht ham 16?", "htham016", "HT-HAM-O16"] {
        let found = ask(&mut client, question(text));
        assert_eq!(
            (column(&found, "sku")[0].clone(), percents(&found)[0]),
            (json!("HT-HAM-016"), 100.0),
            "{text}: {found}"
        );
        assert!(column(&found, "matched_by")[0].as_str().expect("text").starts_with("sku"), "{found}");
    }
    let found = ask(&mut client, question("HT-HAM"));
    assert!(
        column(&found, "sku").iter().all(|sku| sku.as_str().expect("text").starts_with("HT-HAM")),
        "{found}"
    );
    assert_eq!(found["n"], 5);
}

#[test]
fn misspelt_words_are_read_as_they_were_meant_and_that_is_said() {
    let (database, model) = shared();
    let mut client = client(database, model, SEATTLE);
    let found = ask(&mut client, question("curved claw hamer"));
    assert!(column(&found, "sku").contains(&json!("HT-HAM-016")), "{found}");
    assert!(says(&found).contains("Read `hamer` as `hammer`."), "{found}");
    assert!(
        says(&ask(&mut client, question("hammering"))).is_empty(),
        "a form of a known word is left alone"
    );
}

#[test]
fn nothing_is_below_the_threshold_and_no_more_come_than_asked_for() {
    let (database, model) = shared();
    let mut client = client(database, model, SEATTLE);
    let mut counts = Vec::new();
    for threshold in [0.0, 30.0, 60.0, 80.0] {
        let asked = json!({"query_description": "paint for the bedroom wall", "max_rows": 100, "similarity_threshold": threshold});
        let found = ask(&mut client, asked);
        let percents = percents(&found);
        assert!(percents.iter().all(|percent| *percent >= threshold), "{threshold}: {percents:?}");
        assert!(percents.is_sorted_by(|a, b| a >= b), "{percents:?}");
        counts.push(percents.len());
    }
    assert!(counts[0] == 100 && counts.is_sorted_by(|a, b| a >= b) && counts[3] < 100, "{counts:?}");
    for rows in [1, 7, 60] {
        let asked = json!({"query_description": "paint", "max_rows": rows, "similarity_threshold": 0});
        assert_eq!(ask(&mut client, asked)["n"], rows);
    }
}

#[test]
fn an_index_never_finds_fewer_than_were_asked_for() {
    let (database, model) = (Database::copy(), Double::start());
    assert_eq!(embed(&database, &model).code, Some(0));
    let asked = json!({"query_description": "qqhammer", "max_rows": 60, "similarity_threshold": 0});
    // no two alike: the graph of an index keeps those in one place, and then any part of it has enough
    database.script(
        "UPDATE retail.product_description_embeddings AS e SET description_embedding = (
           SELECT array_agg(x + 0.01 * random())::public.vector
           FROM unnest(e.description_embedding::real[]) AS x WHERE e.product_id IS NOT NULL)",
    );
    let exact = ask(&mut client(&database, &model, SEATTLE), asked.clone());
    let name = "SELECT 'product_vectors_' || left(md5('openai:concepts:7::v1'), 12)";
    let index = database.value(name);
    database.script(&format!(
        "CREATE INDEX {index} ON retail.product_description_embeddings
           USING hnsw ((description_embedding::public.halfvec(7)) public.halfvec_cosine_ops)
           WHERE model = 'openai:concepts:7::v1'"
    ));
    // so few vectors are sorted more quickly; this is about an index that is used
    database.script(&format!("ALTER DATABASE {} SET enable_sort = off", database.name));
    let indexed = ask(&mut client(&database, &model, SEATTLE), asked);
    assert_eq!((exact["n"].clone(), indexed["n"].clone()), (json!(60), json!(60)));
    assert_eq!(percents(&exact).first(), percents(&indexed).first());
    // too small a catalogue for an index: the next run drops it again
    let answer = embed(&database, &model);
    assert!(answer.stdout.contains("Dropped the index"), "{answer:?}");
    assert_eq!(
        database.value(&format!("SELECT count(*)::text FROM pg_class WHERE relname = '{index}'")),
        "0"
    );
}

#[test]
fn stock_is_that_of_the_stores_one_sees() {
    let (database, model) = shared();
    let asked = json!({"query_description": "HT-HAM-016"});
    let sum = |stores: &str| {
        database.value(&format!(
            "SELECT sum(i.stock_level)::text FROM retail.inventory i JOIN retail.products p USING (product_id)
             JOIN retail.stores s USING (store_id) WHERE p.sku = 'HT-HAM-016' AND s.name ~ '{stores}'"
        ))
    };
    let (own, all) = (sum("Seattle"), sum("."));
    assert_ne!(own, all);
    for (identity, stock) in [(SEATTLE, own), (HEAD_OFFICE, all)] {
        let found = ask(&mut client(database, model, identity), asked.clone());
        assert_eq!(column(&found, "stock")[0].to_string(), stock, "{found}");
    }
}

#[test]
fn cost_is_shown_only_to_whoever_may_read_it() {
    let (database, model) = (Database::copy(), Double::start());
    let found = ask(&mut client(&database, &model, SEATTLE), question("claw hammer"));
    assert!(
        column(&found, "cost")[0].is_string() && column(&found, "margin_percent")[0].is_string(),
        "{found}"
    );
    database.script("REVOKE SELECT (cost, gross_margin_percent) ON retail.products FROM zava_manager");
    let found = ask(&mut client(&database, &model, SEATTLE), question("claw hammer"));
    assert!(found["n"].as_u64().expect("a number") > 0, "{found}");
    let columns = found["c"].to_string();
    assert!(!columns.contains("cost") && !columns.contains("margin") && columns.contains("price"), "{found}");
    let found = ask(&mut client(&database, &model, HEAD_OFFICE), question("claw hammer"));
    assert!(column(&found, "cost")[0].is_string(), "{found}");
}
