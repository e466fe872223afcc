//! What is announced: schemas that no client chokes on, hints that are true, the same instructions in both eras.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

fn tools(client: &mut Client) -> Vec<Value> {
    let tools = client.request("tools/list", json!({}))["result"]["tools"].as_array().expect("tools").clone();
    assert!(tools.len() >= 4, "{tools:?}");
    tools
}

/// Every schema inside a schema, with the way to it.
fn walk(schema: &Value, path: &str, look: &mut impl FnMut(&str, &serde_json::Map<String, Value>)) {
    let schema = schema.as_object().unwrap_or_else(|| panic!("{path} is no object: {schema}"));
    look(path, schema);
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        walk(property, &format!("{path}.{name}"), look);
    }
    if let Some(items) = schema.get("items") {
        walk(items, &format!("{path}[]"), look);
    }
}

#[test]
fn schemas_hold_nothing_that_a_client_chokes_on() {
    const KNOWN: [&str; 10] = [
        "type",
        "description",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "default",
        "minimum",
        "maximum",
    ];
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut looked = 0;
    for tool in tools(&mut client) {
        let name = tool["name"].as_str().expect("a name");
        for schema in [tool.get("inputSchema"), tool.get("outputSchema")].into_iter().flatten() {
            assert_eq!(schema["type"], "object", "{name}");
            assert!(schema.to_string().len() < 4096, "{name}");
            walk(schema, name, &mut |path, schema| {
                looked += 1;
                assert!(schema.get("type").is_some_and(Value::is_string), "{path}: one type: {schema:?}");
                for (keyword, value) in schema {
                    assert!(KNOWN.contains(&keyword.as_str()), "{path} has {keyword}");
                    assert!(!value.is_null(), "{path}: {keyword} is null");
                }
                for value in schema.get("enum").and_then(Value::as_array).into_iter().flatten() {
                    assert!(value.is_string(), "{path}: {value}");
                }
            });
        }
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{name}");
    }
    assert!(looked >= 10, "{looked} schemas");
}

#[test]
fn every_argument_is_described_and_every_range_is_repeated_in_words() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let (mut described, mut ranges) = (0, 0);
    for tool in tools(&mut client) {
        walk(&tool["inputSchema"], tool["name"].as_str().expect("a name"), &mut |path, schema| {
            if !path.contains('.') || path.ends_with(']') {
                return;
            }
            described += 1;
            let words = schema.get("description").and_then(Value::as_str).unwrap_or_else(|| panic!("{path}"));
            for bound in [schema.get("minimum"), schema.get("maximum")].into_iter().flatten() {
                ranges += 1;
                let bound = bound.as_f64().expect("a number").to_string();
                let said = words.split(|c: char| !c.is_ascii_digit()).any(|word| word == bound);
                assert!(said, "{path}: {bound} is not in: {words}");
            }
        });
    }
    assert!(described >= 6 && ranges >= 6, "{described} arguments, {ranges} bounds");
}

/// A range in a schema that the server does not check is a lie to the model.
#[test]
fn every_range_is_checked_with_a_message_that_teaches() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut checked = 0;
    for tool in tools(&mut client) {
        let name = tool["name"].as_str().expect("a name");
        let schema = &tool["inputSchema"];
        let mut fitting = json!({});
        for required in schema["required"].as_array().into_iter().flatten() {
            fitting[required.as_str().expect("a name")] = json!("x");
        }
        for (argument, about) in schema["properties"].as_object().into_iter().flatten() {
            let bounds = [(about["minimum"].as_i64(), -1), (about["maximum"].as_i64(), 1)];
            for (bound, step) in bounds.into_iter().filter_map(|(bound, step)| Some((bound?, step))) {
                let mut arguments = fitting.clone();
                arguments[argument] = json!(bound + step);
                let called = client.call(name, arguments);
                let (least, most) = (&about["minimum"], &about["maximum"]);
                let teaches = format!("{argument} must be from {least} to {most}, not {}", bound + step);
                assert!(called.is_error && called.text.contains(&teaches), "{name}: {}", called.text);
                checked += 1;
            }
        }
    }
    assert!(checked >= 6, "{checked} bounds");
}

#[test]
fn a_wrong_argument_is_answered_with_what_the_schema_says_of_it() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let cases = [
        (
            json!({"postgresql_query": "SELECT 1", "max_rows": "5"}),
            "max_rows: invalid type: string \"5\", expected a whole number",
        ),
        (
            json!({"postgresql_query": "SELECT 1", "max_rows": 2.5}),
            "max_rows: expected a whole number, not 2.5",
        ),
        (json!({"postgresql_query": "SELECT 1", "max_rows": 1e30}), "max_rows must be from 1 to 10000"),
        (json!({"postgresql_query": "SELECT 1", "max_rows": u64::MAX}), "max_rows must be from 1 to 10000"),
        (
            json!({"postgresql_query": "SELECT 1", "max_rows": "5"}),
            "\nmax_rows (integer): Most rows, 1 to 10000.",
        ),
        (json!({"sql": "SELECT 1"}), "\npostgresql_query (string, required): One SELECT"),
        (json!({"postgresql_query": null}), "missing field `postgresql_query`"),
    ];
    for (arguments, teaches) in cases {
        let called = client.call("execute_sales_query", arguments.clone());
        assert!(called.is_error && called.text.contains(teaches), "{arguments}: {}", called.text);
    }
    let none = client.call("get_current_utc_date", json!({"zone": "UTC"}));
    assert!(none.is_error && none.text.contains("It takes no arguments."), "{}", none.text);
}

#[test]
fn what_clients_send_for_a_whole_number_or_for_nothing_is_taken() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let five = "SELECT g FROM generate_series(1, 9) AS g";
    for rows in [json!(5), json!(5.0)] {
        let ask = json!({"postgresql_query": five, "max_rows": rows});
        assert_eq!(client.call("execute_sales_query", ask).structured.expect("rows")["n"], 5);
    }
    let ask = json!({"postgresql_query": five, "max_rows": null});
    assert_eq!(client.call("execute_sales_query", ask).structured.expect("rows")["n"], 9);
}

#[test]
fn every_tool_has_title_icon_all_four_hints_and_a_description_of_a_thousand_characters_at_most() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for tool in tools(&mut client) {
        let name = tool["name"].as_str().expect("a name");
        assert!(name.len() <= 30 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        assert!(tool["title"].as_str().is_some_and(|title| !title.is_empty()), "{name}");
        let icon = &tool["icons"][0];
        assert!(
            icon["src"].as_str().is_some_and(|src| src.starts_with("data:image/png;base64,iVBOR")),
            "{name}"
        );
        let description = tool["description"].as_str().expect("a description");
        assert!((20..=1000).contains(&description.chars().count()), "{name}: {}", description.len());
        let hints = &tool["annotations"];
        for (hint, value) in [("readOnlyHint", true), ("destructiveHint", false), ("openWorldHint", false)] {
            assert_eq!(hints[hint], value, "{name} {hint}");
        }
        assert!(hints["idempotentHint"].is_boolean(), "{name}");
    }
}

#[test]
fn every_tool_is_called_by_the_official_clients_of_scripts_conformance() {
    let calls = include_str!("../conformance/clients/calls.json");
    let calls: serde_json::Map<String, Value> = serde_json::from_str(calls).expect("JSON");
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for tool in tools(&mut client) {
        let name = tool["name"].as_str().expect("a name");
        let call =
            calls.get(name).unwrap_or_else(|| panic!("tests/conformance/clients/calls.json lacks {name}"));
        let called = client.call(name, call.clone());
        assert!(!called.is_error, "{name}: {}", called.text);
    }
}

#[test]
fn both_eras_hear_the_same_name_instructions_and_capabilities() {
    let database = shop::shared();
    let mut legacy = Client::serve(&database, SEATTLE);
    let hello = legacy.initialize();
    let found =
        Client::serve_modern(&database, SEATTLE).modern("server/discover", json!({}))["result"].clone();
    assert_eq!(hello["serverInfo"], found["_meta"]["io.modelcontextprotocol/serverInfo"]);
    assert_eq!(hello["serverInfo"]["title"], "Zava retail");
    assert!(hello["serverInfo"]["icons"][0]["src"].is_string());
    assert_eq!(hello["instructions"], found["instructions"]);
    let length = found["instructions"].as_str().expect("instructions").len();
    assert!((200..2048).contains(&length), "{length} bytes");
    assert_eq!(hello["capabilities"], found["capabilities"]);
    assert_eq!(
        hello["capabilities"],
        json!({"completions": {}, "prompts": {}, "resources": {}, "tools": {}})
    );
}

#[test]
fn answers_that_may_be_kept_say_how_long_and_by_whom_in_the_modern_era_only() {
    let database = shop::shared();
    let mut legacy = Client::serve(&database, SEATTLE);
    let mut modern = Client::serve_modern(&database, SEATTLE);
    let hour = (3_600_000, "public");
    let minute = (60_000, "private");
    let cases = [
        ("tools/list", json!({}), hour),
        ("prompts/list", json!({}), hour),
        ("resources/list", json!({}), hour),
        ("resources/templates/list", json!({}), hour),
        ("resources/read", json!({"uri": "zava://schema"}), minute),
        ("resources/read", json!({"uri": "zava://stores"}), minute),
        ("resources/read", json!({"uri": "zava://categories"}), minute),
    ];
    for (method, params, (ttl, scope)) in cases {
        let new = modern.modern(method, params.clone())["result"].clone();
        assert_eq!((&new["ttlMs"], &new["cacheScope"]), (&json!(ttl), &json!(scope)), "{method} {params}");
        let old = legacy.request(method, params.clone())["result"].clone();
        assert!(old.is_object() && old.get("ttlMs").is_none() && old.get("cacheScope").is_none(), "{old}");
    }
    let found = modern.modern("server/discover", json!({}))["result"].clone();
    assert_eq!((&found["ttlMs"], &found["cacheScope"]), (&json!(3_600_000), &json!("public")));
}

#[test]
fn every_result_of_the_modern_era_says_who_answered() {
    let mut modern = Client::serve_modern(&shop::shared(), SEATTLE);
    let reference = json!({"type": "ref/resource", "uri": "zava://stores/{store}"});
    let cases = [
        ("tools/list", json!({})),
        ("prompts/list", json!({})),
        ("prompts/get", json!({"name": "restock_advice"})),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", json!({"uri": "zava://stores"})),
        ("tools/call", json!({"name": "get_current_utc_date"})),
        ("tools/call", json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELEC"}})),
        ("completion/complete", json!({"ref": reference, "argument": {"name": "store", "value": ""}})),
    ];
    for (method, params) in cases {
        let answer = modern.modern(method, params);
        let name = &answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"];
        assert_eq!(*name, json!({"name": "zava-mcp", "version": env!("CARGO_PKG_VERSION")}), "{answer}");
    }
    let mut legacy = Client::serve(&shop::shared(), SEATTLE);
    let answer = legacy.request("tools/list", json!({}))["result"].clone();
    assert!(answer.is_object() && answer.get("_meta").is_none(), "{answer}");
}

#[test]
fn lists_are_one_page_and_a_cursor_that_was_never_given_is_refused() {
    let database = shop::shared();
    let mut legacy = Client::serve(&database, SEATTLE);
    let mut modern = Client::serve_modern(&database, SEATTLE);
    for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
        for cursor in ["", "1", "bm90IG91cnM="] {
            for answer in [
                legacy.request(method, json!({"cursor": cursor})),
                modern.modern(method, json!({"cursor": cursor})),
            ] {
                assert_eq!(answer["error"]["code"], -32602, "{method} {cursor}: {answer}");
            }
        }
        let whole = legacy.request(method, json!({}))["result"].clone();
        assert!(whole.is_object() && whole.get("nextCursor").is_none(), "{whole}");
    }
}

#[test]
fn a_log_level_is_accepted_where_the_protocol_knows_one() {
    let database = shop::shared();
    let accepted = Client::serve(&database, SEATTLE).request("logging/setLevel", json!({"level": "info"}));
    assert_eq!(accepted["result"], json!({}), "{accepted}");
    let mut modern = Client::serve_modern(&database, SEATTLE);
    for params in [json!({"level": "info"}), json!({"level": "loud"}), json!({})] {
        let gone = modern.modern("logging/setLevel", params);
        assert_eq!(gone["error"], json!({"code": -32601, "message": "Method not found: logging/setLevel"}));
    }
    for method in ["initialize", "ping", "resources/subscribe", "resources/unsubscribe"] {
        assert_eq!(modern.modern(method, json!({}))["error"]["code"], -32601, "{method}");
    }
}
