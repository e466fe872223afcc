//! Progress of a search, for clients that ask for it.

use serde_json::json;

use super::double::Double;
use super::{client, embed, question};
use crate::support::shop::{Database, SEATTLE};

#[test]
fn a_search_tells_that_it_embeds_and_then_that_it_searches_and_nothing_after_its_answer() {
    let (database, model) = (Database::copy(), Double::start());
    assert_eq!(embed(&database, &model).code, Some(0));
    model.slow_down(true);
    let mut client = client(&database, &model, SEATTLE);
    let arguments = question("curved claw hammer");
    let call =
        json!({"name": "semantic_search_products", "arguments": arguments, "_meta": {"progressToken": "s"}});
    let told = client.notified(call.clone());
    let at = |index: usize| told[index]["message"].as_str().expect("a message").to_owned();
    assert!(told.len() >= 2, "{told:?}");
    assert!(at(0).starts_with("embedding the question, "), "{told:?}");
    assert!(at(told.len() - 1).starts_with("searching the catalogue, "), "{told:?}");
    let rises = |pair: &[serde_json::Value]| pair[0]["progress"].as_f64() < pair[1]["progress"].as_f64();
    assert!(told.iter().all(|told| told["progressToken"] == "s") && told.windows(2).all(rises), "{told:?}");
    let without = json!({"name": "semantic_search_products", "arguments": question("curved claw hammer")});
    assert_eq!(
        client.notified(without),
        Vec::<serde_json::Value>::new(),
        "nothing late, and nothing unasked"
    );
}
