//! Where meaning cannot be compared, words answer, and the answer says why and what mends it.

use serde_json::{Value, json};

use super::double::Double;
use super::{ask, client, client_with, column, embed, question, says, shared};
use crate::support::shop::{Database, SEATTLE};

#[track_caller]
fn by_words(answer: &Value, why: &[&str]) {
    assert_eq!(answer["searched_by"], "text", "{answer}");
    assert_eq!(column(answer, "sku")[0], "HT-HAM-016", "{answer}");
    for words in why {
        assert!(says(answer).contains(words), "{words}: {answer}");
    }
}

#[test]
fn no_model() {
    let (database, _) = shared();
    let none = vec![("EMBEDDING_PROVIDER", "none".to_owned())];
    let mut client = client_with(&database.url(SEATTLE), none, SEATTLE);
    by_words(&ask(&mut client, question("curved claw hammer")), &["no embedding model is set up"]);
}

#[test]
fn no_vectors_yet() {
    let model = Double::start();
    let answer = ask(&mut client(&Database::copy(), &model, SEATTLE), question("curved claw hammer"));
    by_words(&answer, &["have no vectors yet", "zava-mcp embed"]);
}

#[test]
fn vectors_of_another_model() {
    let (database, model) = shared();
    let mut client = client_with(&database.url(SEATTLE), model.as_model("other"), SEATTLE);
    let answer = ask(&mut client, question("curved claw hammer"));
    by_words(&answer, &["openai concepts (7 dimensions)", "openai other (7 dimensions)", "zava-mcp embed"]);
}

#[test]
fn a_model_that_fails_or_is_silent_or_comes_back() {
    let (database, _) = shared();
    let model = Double::start();
    let mut client = client(database, &model, SEATTLE);
    assert_eq!(ask(&mut client, question("curved claw hammer"))["searched_by"], "text+meaning");
    model.break_down(true);
    by_words(&ask(&mut client, question("curved claw hammer")), &["401"]);
    model.break_down(false);
    assert_eq!(ask(&mut client, question("curved claw hammer"))["searched_by"], "text+meaning");
    model.fall_silent();
    by_words(&ask(&mut client, question("curved claw hammer")), &["did not answer in 3 s"]);
}

#[test]
fn an_answer_without_the_model_that_was_asked_for_is_not_kept() {
    let (database, _) = shared();
    let model = Double::start();
    let mut environment = model.as_model("concepts");
    environment.push(("ZAVA_CACHE_TTL", "300".to_owned()));
    let mut client = client_with(&database.url(SEATTLE), environment, SEATTLE);
    model.break_down(true);
    by_words(&ask(&mut client, question("curved claw hammer")), &["401"]);
    model.break_down(false);
    let whole = ask(&mut client, question("curved claw hammer"));
    assert_eq!((&whole["searched_by"], &whole["cached"]), (&json!("text+meaning"), &Value::Null), "{whole}");
    model.break_down(true);
    let kept = ask(&mut client, question("curved claw hammer"));
    assert_eq!((&kept["searched_by"], &kept["cached"]), (&json!("text+meaning"), &json!(true)), "{kept}");
}

#[test]
fn settings_that_cannot_work_leave_the_other_tools_alone() {
    let (database, _) = shared();
    let azure = vec![
        ("EMBEDDING_PROVIDER", "azure".to_owned()),
        ("AZURE_OPENAI_ENDPOINT", "https://example.openai.azure.com".to_owned()),
    ];
    let mut client = client_with(&database.url(SEATTLE), azure, SEATTLE);
    assert_eq!(client.value("SELECT count(*) FROM retail.products"), 448);
    by_words(&ask(&mut client, question("curved claw hammer")), &["key"]);
}

#[test]
fn products_without_a_vector_are_found_by_words_and_counted() {
    let (database, model) = (Database::copy(), Double::start());
    assert_eq!(embed(&database, &model).code, Some(0));
    database.script(
        "DELETE FROM retail.product_description_embeddings
         WHERE product_id IN (SELECT product_id FROM retail.products WHERE sku IN ('HT-HAM-016', 'HT-HAM-032'))",
    );
    let answer = ask(&mut client(&database, &model, SEATTLE), question("curved claw hammer"));
    assert_eq!(answer["searched_by"], "text+meaning");
    assert!(column(&answer, "sku").contains(&json!("HT-HAM-016")), "{answer}");
    assert!(says(&answer).contains("2 products have no vector yet"), "{answer}");
    assert_eq!(embed(&database, &model).code, Some(0));
    let answer = ask(&mut client(&database, &model, SEATTLE), question("curved claw hammer"));
    assert!(says(&answer).is_empty(), "{answer}");
}

#[test]
fn vectors_that_the_login_may_not_read() {
    let (database, model) = (Database::copy(), Double::start());
    assert_eq!(embed(&database, &model).code, Some(0));
    database.script(
        "REVOKE SELECT (product_id, model, description_embedding, source_hash, last_updated)
         ON retail.product_description_embeddings FROM zava_manager",
    );
    let answer = ask(&mut client(&database, &model, SEATTLE), question("curved claw hammer"));
    by_words(&answer, &["may not read the vectors"]);
}
