//! Whose store, which period, and what may be seen of cost.

use serde_json::json;

use super::{cell, review};
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

#[test]
fn a_store_of_somebody_else_is_refused_like_one_that_does_not_exist() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut refusal = |store: &str| {
        let called = client.call("get_store_performance", json!({"time_period": "2026-05", "store": store}));
        assert!(called.is_error, "{}", called.text);
        called.text.replace(store, "X")
    };
    let real = refusal("Zava Retail Tacoma");
    assert!(real.starts_with("AUTHORIZATION_ERROR (store_not_yours)"), "{real}");
    assert!(real.contains("Zava Retail Seattle"), "{real}");
    assert_eq!(real, refusal("Zava Retail Nowhere"));
    assert_eq!(real, refusal("77e907e0-cbfa-5747-812d-1a8fa4eaa3f0"));
    assert_eq!(real, refusal("' OR true --"));
}

#[test]
fn several_stores_come_with_a_ranking_and_one_store_without() {
    let database = shop::shared();
    let stores = |identity: &str, store: Option<&str>| {
        let review = review(&mut Client::serve(&database, identity), "2025", store);
        let ranked = review["stores"]["r"].as_array().map_or(0, Vec::len);
        (review["store"].as_str().expect("a name").to_owned(), ranked)
    };
    assert_eq!(stores(SEATTLE, None), ("Zava Retail Seattle".to_owned(), 0));
    assert_eq!(stores(PUGET_SOUND, None), ("all 6 stores that you see".to_owned(), 6));
    assert_eq!(stores(HEAD_OFFICE, None), ("all 8 stores that you see".to_owned(), 8));
    assert_eq!(stores(HEAD_OFFICE, Some("tacoma")), ("Zava Retail Tacoma".to_owned(), 0));
}

#[test]
fn a_period_that_is_none_is_refused_with_those_that_are() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for (period, says) in [
        ("soon", "is no period that is known here"),
        ("2026-02-30", "has a date that does not exist"),
        ("2026-06/2026-01", "ends before it begins"),
        ("2999", "has not begun yet"),
        ("", "is no period that is known here"),
    ] {
        let called = client.call("get_store_performance", json!({"time_period": period}));
        assert!(called.is_error && called.text.contains(says), "{period}: {}", called.text);
        assert!(called.text.starts_with("VALIDATION_ERROR (invalid_arguments)"), "{}", called.text);
    }
    let called = client.call("get_store_performance", json!({}));
    assert!(called.is_error && called.text.contains("time_period"), "{}", called.text);
}

#[test]
fn who_may_not_read_cost_gets_everything_but_margin() {
    let database = Database::copy();
    let all = review(&mut Client::serve(&database, SEATTLE), "2025", None);
    database.script("REVOKE SELECT (cost, gross_margin_percent) ON retail.products FROM zava_manager");
    let less = review(&mut Client::serve(&database, SEATTLE), "2025", None);
    assert_eq!(cell(&all["metrics"], "revenue", "now"), cell(&less["metrics"], "revenue", "now"));
    assert!(cell(&all["metrics"], "margin_amount", "now").as_f64().is_some_and(|margin| margin > 0.0));
    assert!(all.to_string().contains("margin_amount") && !less.to_string().contains("margin_"), "{less}");
    let margins = |review: &serde_json::Value| -> Vec<bool> {
        let rows = review["categories"]["r"].as_array().expect("rows");
        assert!(!rows.is_empty());
        rows.iter()
            .map(|row| row.as_array().and_then(|row| row.last()).is_some_and(serde_json::Value::is_number))
            .collect()
    };
    assert!(margins(&all).iter().all(|shown| *shown));
    assert!(!margins(&less).iter().any(|shown| *shown));
}
