//! The tools: what they announce, and what they answer.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, SEATTLE};

#[test]
fn the_tools_are_the_public_interface_and_stay_as_they_are() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut list = client.request("tools/list", json!({}))["result"]["tools"].clone();
    assert!(list.to_string().len() <= 8 * 1024, "{} bytes", list.to_string().len());
    for tool in list.as_array_mut().expect("tools") {
        assert!(tool.as_object_mut().expect("a tool").remove("icons").is_some(), "{tool}");
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&list).expect("JSON"));
}

#[test]
fn the_server_introduces_itself_within_two_kilobytes() {
    let database = shop::shared();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["--rls-user", SEATTLE]).env_clear().env("DATABASE_URL", database.url(SEATTLE));
    let hello = Client::start(command).initialize();
    assert_eq!(hello["serverInfo"]["name"], "zava-mcp");
    let instructions = hello["instructions"].as_str().expect("instructions");
    assert!(instructions.len() < 2048, "{} bytes", instructions.len());
    assert!(instructions.contains("get_multiple_table_schemas"));
}

#[test]
fn an_answer_has_columns_rows_and_their_number() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let answer = client.query("SELECT name, is_online FROM retail.stores");
    assert_eq!(answer, json!({"c": ["name", "is_online"], "r": [["Zava Retail Seattle", false]], "n": 1}));
    let none = client.query("SELECT name FROM retail.stores WHERE false");
    assert_eq!(none, json!({"c": ["name"], "r": [], "n": 0, "msg": "No rows"}));
}

#[test]
fn every_value_comes_back_exactly() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let cases = [
        ("3.10::numeric", json!("3.10")),
        (
            "123456789012345678901234567890.123456789::numeric",
            json!("123456789012345678901234567890.123456789"),
        ),
        ("'NaN'::numeric", json!("NaN")),
        ("42", json!(42)),
        ("42::smallint", json!(42)),
        ("9007199254740993::bigint", json!("9007199254740993")),
        ("9007199254740992::bigint", json!(9_007_199_254_740_992_i64)),
        ("0.1::float8", json!(0.1)),
        ("'NaN'::float8", json!("NaN")),
        ("'-Infinity'::float4", json!("-Infinity")),
        ("true", json!(true)),
        ("NULL::int", Value::Null),
        ("'a\"b\\c\nd'::text", json!("a\"b\\c\nd")),
        ("'ab'::char(4)", json!("ab  ")),
        ("ARRAY[1,NULL,3]", json!("{1,NULL,3}")),
        ("ARRAY['a,b','c']", json!("{\"a,b\",c}")),
        ("'{\"b\": [1, 2.50], \"a\": null}'::jsonb", json!("{\"a\": null, \"b\": [1, 2.50]}")),
        ("'1 month 2 days 03:04:05'::interval", json!("1 mon 2 days 03:04:05")),
        ("'\\xdeadbeef'::bytea", json!("\\xdeadbeef")),
        ("DATE '0044-03-15 BC'", json!("0044-03-15 BC")),
        ("'infinity'::timestamp", json!("infinity")),
        ("TIMESTAMP '2026-02-03 04:05:06.789'", json!("2026-02-03T04:05:06.789")),
        ("TIMESTAMPTZ '2026-02-03 04:05:06+02'", json!("2026-02-03T02:05:06+00")),
        ("'f47ac10b-58cc-4372-a567-0e02b2c3d479'::uuid", json!("f47ac10b-58cc-4372-a567-0e02b2c3d479")),
        ("'[1,5)'::int4range", json!("[1,5)")),
        ("'[1,2,3]'::vector", json!("[1,2,3]")),
        ("ROW(1,'x')", json!("(1,x)")),
    ];
    for (expression, expected) in cases {
        assert_eq!(client.value(&format!("SELECT {expression}")), expected, "{expression}");
    }
}

#[test]
fn columns_of_the_same_name_stay_apart() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let answer = client.query("SELECT 1 AS a, 2 AS a, 'x', 3 AS a");
    assert_eq!(answer["c"], json!(["a", "a", "?column?", "a"]));
    assert_eq!(answer["r"], json!([[1, 2, "x", 3]]));
}

#[test]
fn rows_are_capped_and_the_answer_says_so() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let answer = client.query("SELECT g FROM generate_series(1, 1000) AS g");
    assert_eq!((answer["n"].clone(), answer["truncated"].clone()), (json!(200), json!(true)));
    assert!(answer["msg"].as_str().expect("a message").contains("max_rows"));

    let ask = json!({"postgresql_query": "SELECT g FROM generate_series(1, 5) AS g", "max_rows": 5});
    let whole = client.call("execute_sales_query", ask).structured.expect("rows");
    assert_eq!((whole["n"].clone(), whole.get("truncated")), (json!(5), None));
}

#[test]
fn a_large_answer_is_cut_by_bytes_and_the_next_call_works() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let answer = client.query("SELECT repeat('x', 3000) FROM generate_series(1, 200)");
    let rows = answer["n"].as_u64().expect("a number");
    assert!((5..=11).contains(&rows) && answer["truncated"] == true, "{rows} rows");
    assert_eq!(client.value("SELECT 1"), 1);
}

/// A cancel is under way after such a cut, and it might hit whatever runs next on that connection.
#[test]
fn a_connection_is_not_used_again_after_its_answer_was_cut_by_bytes() {
    let database = Database::copy();
    let mut client = Client::serve(&database, SEATTLE);
    let backend = || {
        let pids = format!(
            "SELECT coalesce(string_agg(pid::text, ','), '') FROM pg_stat_activity \
             WHERE usename = 'zava_seattle' AND datname = '{}'",
            database.name
        );
        database.value(&pids)
    };
    assert_eq!(client.value("SELECT 1"), 1);
    let first = backend();
    assert_eq!(client.value("SELECT 2"), 2);
    assert_eq!(backend(), first, "a connection in order is used again");
    assert_eq!(client.query("SELECT repeat('x', 3000) FROM generate_series(1, 200)")["truncated"], true);
    assert_eq!(client.value("SELECT 3"), 3);
    assert!(!first.is_empty() && !backend().contains(&first), "{first}");
}

#[test]
fn schemas_show_types_keys_references_values_and_comments() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let called =
        client.call("get_multiple_table_schemas", json!({"table_names": ["retail.orders", "stores"]}));
    insta::assert_snapshot!(called.text);
    let all = client.call("get_multiple_table_schemas", json!({}));
    assert_eq!(all.text.matches("\n\n").count(), 8, "nine tables: {}", all.text);
    assert!(all.text.len() <= 8 * 1024 && !all.text.contains("zava."), "{} bytes", all.text.len());
}

#[test]
fn products_are_found_by_words_and_the_answer_says_so() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let ask = json!({"query_description": "something to hang a heavy picture on drywall", "max_rows": 5});
    let found = client.call("semantic_search_products", ask).structured.expect("products");
    assert_eq!(found["searched_by"], "text");
    assert!(found["msg"].as_str().expect("a note").contains("words only"), "{found}");
    let rows = found["r"].as_array().expect("rows");
    assert!(!rows.is_empty() && rows.len() <= 5, "{found}");
    let percents: Vec<f64> = rows.iter().map(|row| row[7].as_f64().expect("a percent")).collect();
    assert!(percents.is_sorted_by(|a, b| a >= b) && percents.iter().all(|p| *p >= 30.0), "{percents:?}");
    let first = rows[0].to_string().to_lowercase();
    assert!(first.contains("drywall") || first.contains("picture"), "{first}");

    let sku = rows[0][0].as_str().expect("a SKU").to_owned();
    let by_sku =
        client.call("semantic_search_products", json!({"query_description": format!("how much is {sku}?")}));
    let by_sku = by_sku.structured.expect("products");
    assert_eq!((by_sku["r"][0][0].clone(), by_sku["r"][0][8].clone()), (json!(sku), json!("sku")));

    let nothing = client.call("semantic_search_products", json!({"query_description": "xyzzy qwfpg"}));
    let nothing = nothing.structured.expect("an answer");
    assert_eq!(nothing["n"], 0);
    assert!(nothing["msg"].as_str().expect("a note").contains("similarity_threshold"), "{nothing}");
}

#[test]
fn stock_in_search_results_is_that_of_the_stores_one_sees() {
    let database = shop::shared();
    let stock = |identity: &str| {
        let found = Client::serve(&database, identity)
            .call("semantic_search_products", json!({"query_description": "claw hammer", "max_rows": 1}));
        let found = found.structured.expect("products");
        (found["r"][0][0].as_str().expect("a SKU").to_owned(), found["r"][0][6].as_i64().expect("stock"))
    };
    let (sku, seattle) = stock(SEATTLE);
    let (same, all) = stock(HEAD_OFFICE);
    assert_eq!(sku, same);
    let sum = |filter: &str| -> i64 {
        let sql = format!(
            "SELECT sum(i.stock_level)::text FROM retail.inventory i JOIN retail.products p USING (product_id) \
             JOIN retail.stores s USING (store_id) WHERE p.sku = '{sku}' AND {filter}"
        );
        database.value(&sql).parse().expect("a number")
    };
    assert_eq!((seattle, all), (sum("s.name = 'Zava Retail Seattle'"), sum("true")));
    assert!(all > seattle);
}

#[test]
fn the_date_is_iso_8601_in_utc() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let date = client.call("get_current_utc_date", json!({})).text;
    let parsed: jiff::Timestamp = date.parse().expect("ISO 8601");
    assert!(date.ends_with('Z') && date.len() == 20, "{date}");
    let age = jiff::Timestamp::now().duration_since(parsed);
    assert!(age.as_secs().abs() < 5, "{date}");
}
