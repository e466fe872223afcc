//! Filters: what comes out meets them, and so does all that might.

use serde_json::{Value, json};

use super::{ask, client, column, shared};
use crate::support::shop::SEATTLE;

fn with(filter: (&str, Value)) -> Value {
    let mut asked =
        json!({"query_description": "paint the shelf", "max_rows": 100, "similarity_threshold": 0});
    asked[filter.0] = filter.1;
    asked
}

fn prices(found: &Value) -> Vec<f64> {
    column(found, "price")
        .iter()
        .map(|price| price.as_str().expect("text").parse().expect("a number"))
        .collect()
}

#[test]
fn category_and_prices_hold_for_every_row() {
    let (database, model) = shared();
    let mut client = client(database, model, SEATTLE);
    let all = ask(&mut client, with(("max_rows", json!(100))));
    assert!(
        prices(&all).iter().any(|price| *price > 50.0) && prices(&all).iter().any(|price| *price < 10.0),
        "{all}"
    );

    let found = ask(&mut client, with(("category", json!("hand tools"))));
    let categories = column(&found, "category");
    assert!(
        categories.len() > 20 && categories.iter().all(|category| category == "Hand Tools"),
        "{categories:?}"
    );
    let dear = ask(&mut client, with(("min_price", json!(50))));
    assert!(prices(&dear).len() > 20 && prices(&dear).iter().all(|price| *price >= 50.0), "{dear}");
    let cheap = ask(&mut client, with(("max_price", json!(10))));
    assert!(prices(&cheap).len() > 20 && prices(&cheap).iter().all(|price| *price <= 10.0), "{cheap}");
    let number =
        json!({"query_description": "HT-HAM-016", "category": "Plumbing", "similarity_threshold": 100});
    assert_eq!(ask(&mut client, number)["n"], 0, "also an article number");
}

#[test]
fn in_stock_means_in_the_stores_one_sees() {
    let (database, model) = shared();
    let mut client = client(database, model, SEATTLE);
    let all = ask(&mut client, with(("in_stock", json!(false))));
    let found = ask(&mut client, with(("in_stock", json!(true))));
    assert_eq!((all["n"].clone(), found["n"].clone()), (json!(100), json!(100)));
    assert!(column(&found, "stock").iter().all(|stock| stock.as_i64().expect("a number") > 0), "{found}");
}

#[test]
fn filters_that_cannot_be_met_are_explained() {
    let (database, model) = shared();
    let mut client = client(database, model, SEATTLE);
    for (filter, words) in [
        (("category", json!("Hand Tool")), "nearest names: Hand Tools"),
        (("min_price", json!(-1)), "min_price must be 0 or more"),
        (("max_price", json!("cheap")), "max_price"),
    ] {
        let called = client.call("semantic_search_products", with(filter.clone()));
        assert!(called.is_error && called.text.contains(words), "{filter:?}: {}", called.text);
    }
    let mut asked = with(("min_price", json!(20)));
    asked["max_price"] = json!(10);
    let called = client.call("semantic_search_products", asked);
    assert!(called.is_error && called.text.contains("min_price 20 is above max_price 10"), "{}", called.text);
}
