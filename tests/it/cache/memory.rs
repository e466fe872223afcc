//! In one process: an answer says that it was kept and how old it is, ends with its time, and takes no more than its bytes.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{ask, questions, serve, state};
use crate::support::shop::{self, Database, SEATTLE};

#[test]
fn an_answer_that_is_given_again_says_so_and_is_the_same() {
    let mut client = serve(&shop::shared(), SEATTLE, &[]);
    for (tool, question) in questions() {
        let (first, age) = ask(&mut client, tool, &question);
        assert_eq!(age, None, "{tool}");
        assert!(first.len() > 500, "{tool}: {first}");
        let (again, age) = ask(&mut client, tool, &question);
        assert!(age.is_some_and(|age| age < 300), "{tool}: {age:?}");
        assert_eq!(first, again, "{tool}");
    }
    let state = state(&mut client);
    assert_eq!(
        [&state["entries"], &state["hits"], &state["misses"], &state["ttl_seconds"], &state["redis"]],
        [&json!(3), &json!(3), &json!(3), &json!(300), &json!("not set up")],
        "{state}"
    );
}

#[test]
fn what_is_asked_in_other_words_is_the_same_and_another_question_is_not() {
    let mut client = serve(&shop::shared(), SEATTLE, &[]);
    let review = "get_store_performance";
    ask(&mut client, review, &json!({"time_period": "2026-06"}));
    let same = json!({"time_period": "2026-06-01/2026-06-30"});
    assert!(ask(&mut client, review, &same).1.is_some());
    for other in [json!({"time_period": "2026-05"}), json!({"time_period": "2026-06", "store": "Seattle"})] {
        assert_eq!(ask(&mut client, review, &other).1, None, "{other}");
    }
    let search = "semantic_search_products";
    ask(&mut client, search, &json!({"query_description": "cordless drill"}));
    assert!(ask(&mut client, search, &json!({"query_description": " cordless   drill "})).1.is_some());
    for other in [
        json!({"query_description": "cordless"}),
        json!({"query_description": "cordless drill", "max_rows": 3}),
        json!({"query_description": "cordless drill", "similarity_threshold": 31}),
    ] {
        assert_eq!(ask(&mut client, search, &other).1, None, "{other}");
    }
}

#[test]
fn fresh_reads_anew_and_what_it_read_is_kept() {
    let database = Database::copy();
    let mut client = serve(&database, SEATTLE, &[]);
    for (tool, mut question) in questions() {
        let (old, _) = ask(&mut client, tool, &question);
        let change = match tool {
            "get_store_performance" => "DELETE FROM retail.order_items",
            "semantic_search_products" => "UPDATE retail.products SET base_price = base_price + 1",
            _ => "COMMENT ON COLUMN retail.orders.status IS 'another comment'",
        };
        database.script(change);
        assert_eq!(ask(&mut client, tool, &question).0, old, "{tool}");
        question["fresh"] = json!(true);
        let (new, age) = ask(&mut client, tool, &question);
        assert!(age.is_none() && new != old, "{tool}: {new}");
        question["fresh"] = json!(false);
        let (again, age) = ask(&mut client, tool, &question);
        assert!(age.is_some() && again == new, "{tool}: {again}");
    }
}

#[test]
fn an_answer_ends_with_its_time() {
    let mut client = serve(&shop::shared(), SEATTLE, &["--cache-ttl", "1"]);
    let [(tool, question), ..] = questions();
    let (first, _) = ask(&mut client, tool, &question);
    let since = Instant::now();
    // Given again at least until then; when it no longer is, it was made anew, and the next one is that.
    while ask(&mut client, tool, &question).1.is_some() {
        assert!(since.elapsed() < Duration::from_secs(30), "it is kept for good");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(ask(&mut client, tool, &question).0, first);
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(ask(&mut client, tool, &question).1, None);
}

#[test]
fn no_time_and_no_bytes_keep_nothing() {
    for flags in [["--cache-ttl", "0"], ["--cache-bytes", "0"]] {
        let mut client = serve(&shop::shared(), SEATTLE, &flags);
        for (tool, question) in questions() {
            for _ in 0..2 {
                assert_eq!(ask(&mut client, tool, &question).1, None, "{flags:?} {tool}");
            }
        }
        let state = state(&mut client);
        assert_eq!([&state["entries"], &state["hits"]], [&json!(0), &json!(0)], "{state}");
    }
}

#[test]
fn the_cache_takes_no_more_than_its_bytes() {
    let mut client = serve(&shop::shared(), SEATTLE, &["--cache-bytes", "30000"]);
    for rows in 1..=40 {
        let question = json!({"query_description": "drill saw hammer paint", "max_rows": rows, "similarity_threshold": 0});
        ask(&mut client, "semantic_search_products", &question);
        let state = state(&mut client);
        assert!(state["bytes"].as_u64().expect("bytes") <= 30_000, "{state}");
        assert!(state["entries"].as_u64().expect("entries") >= 1, "{state}");
    }
}

#[test]
fn failures_are_not_kept() {
    let mut client = serve(&shop::shared(), SEATTLE, &[]);
    for (tool, question) in [
        ("get_store_performance", json!({"time_period": "2026-06", "store": "Tacoma"})),
        ("get_store_performance", json!({"time_period": "someday"})),
        ("semantic_search_products", json!({"query_description": " "})),
        ("get_multiple_table_schemas", json!({"table_names": ["retail.nothing"]})),
    ] {
        for _ in 0..2 {
            let called = client.call(tool, question.clone());
            assert!(called.is_error && !called.text.contains("cached"), "{tool}: {}", called.text);
        }
    }
    assert_eq!(state(&mut client)["entries"], 0);
    let [(tool, question), ..] = questions();
    ask(&mut client, tool, &question);
    assert_eq!(state(&mut client)["entries"], 1);
}
