//! Prompts: what is announced, and that each leads from its first call to its last.
#![allow(clippy::disallowed_types, reason = "pictures are opened to be compared")]

mod review;

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::recipe::{self, Step};
use crate::support::shop::{self, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

/// The only message of a prompt.
#[track_caller]
fn written(client: &mut Client, name: &str, arguments: &Value) -> String {
    let answer = client.request("prompts/get", json!({"name": name, "arguments": arguments}));
    let messages = answer["result"]["messages"].as_array().unwrap_or_else(|| panic!("{name}: {answer}"));
    let [message] = messages.as_slice() else { panic!("{answer}") };
    assert_eq!((&message["role"], &message["content"]["type"]), (&json!("user"), &json!("text")));
    let text = message["content"]["text"].as_str().expect("text").to_owned();
    assert!(!text.contains("{{") && !text.contains("}}"), "{text}");
    text
}

#[test]
fn the_list_of_prompts_needs_no_database_and_stays_as_it_is() {
    let nowhere = [("DATABASE_URL", "postgresql://zava_seattle@127.0.0.1:9/zava")];
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &nowhere);
    let mut list = client.request("prompts/list", json!({}))["result"]["prompts"].clone();
    for prompt in list.as_array_mut().expect("prompts") {
        let icon = prompt["icons"][0]["src"].take();
        assert!(icon.as_str().is_some_and(|src| src.starts_with("data:image/png;base64,")), "{prompt}");
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&list).expect("JSON"));
    let failed = client.request("prompts/get", json!({"name": "store_review"}));
    assert_eq!(failed["error"]["code"], -32603, "{failed}");
    assert!(failed["error"]["message"].as_str().expect("a message").contains("doctor"), "{failed}");
}

/// Follows a prompt as a client would that does what it is told: every call must be answered, with rows.
#[track_caller]
fn follow(client: &mut Client, name: &str, arguments: &Value) -> Vec<(Step, Value)> {
    let text = written(client, name, arguments);
    assert!(text.contains("\n### Answer\n"), "{text}");
    let steps = recipe::steps(&text);
    assert!(steps.len() >= 4, "{text}");
    let mut answers = Vec::new();
    for step in steps {
        let call = json!({"name": step.tool, "arguments": step.arguments});
        let result = client.request("tools/call", call)["result"].clone();
        assert_ne!(result["isError"], true, "{name}, {}: {}", step.heading, result["content"]);
        let data = result["structuredContent"].clone();
        assert!(data.is_object(), "{name}, {}: {result}", step.heading);
        assert_ne!(data["n"], 0, "{name}, {}", step.heading);
        if step.tool == "chart_sales_query" {
            assert_eq!(result["content"][1]["mimeType"], "image/png", "{name}, {}", step.heading);
        }
        answers.push((step, data));
    }
    answers
}

fn tools(answers: &[(Step, Value)]) -> Vec<&str> {
    answers.iter().map(|(step, _)| step.tool.as_str()).collect()
}

#[test]
fn each_prompt_leads_from_its_first_call_to_its_last() {
    let database = shop::shared();
    let (query, chart, review) = ("execute_sales_query", "chart_sales_query", "get_store_performance");
    let cases = [
        ("store_review", json!({"period": "2026-05"}), vec![review, chart, chart, query]),
        ("store_review", json!({"period": "2025", "store": ""}), vec![review, chart, chart, query]),
        (
            "category_deep_dive",
            json!({"category": "paint & finishes", "period": "2026-Q2"}),
            vec![query, chart, chart, query],
        ),
        ("restock_advice", json!({}), vec![query, chart, query, query]),
        ("restock_advice", json!({"days_of_cover": "90"}), vec![query, chart, query, query]),
    ];
    for identity in [SEATTLE, PUGET_SOUND, HEAD_OFFICE] {
        let mut client = Client::serve(&database, identity);
        for (name, arguments, calls) in &cases {
            assert_eq!(tools(&follow(&mut client, name, arguments)), *calls, "{name}");
        }
    }
}

#[test]
fn a_store_is_found_by_a_part_of_its_name_and_only_its_rows_count() {
    let database = shop::shared();
    let mut hers = Client::serve(&database, SEATTLE);
    let mut all = Client::serve(&database, HEAD_OFFICE);
    for (name, mut arguments) in
        [("store_review", json!({"period": "2026-05"})), ("restock_advice", json!({}))]
    {
        let alone = follow(&mut hers, name, &arguments);
        arguments["store"] = json!("seattle");
        let chosen = follow(&mut all, name, &arguments);
        assert_eq!(alone.len(), chosen.len());
        for ((step, mine), (_, chosen)) in alone.iter().zip(&chosen) {
            // Both see the same rows, and nobody's else.
            assert_eq!(mine["r"], chosen["r"], "{name}, {}", step.heading);
            assert_eq!(mine["metrics"], chosen["metrics"], "{name}, {}", step.heading);
        }
    }
}

#[test]
fn a_period_that_is_left_out_or_empty_is_last_month() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut text = |name: &str, arguments: Value| {
        let given = client.request("prompts/get", json!({"name": name, "arguments": arguments}));
        assert!(given["error"].is_null(), "{name}: {given}");
        given["result"]["messages"].to_string()
    };
    for (name, category) in [("store_review", None), ("category_deep_dive", Some("Hardware"))] {
        let of = |period: Option<&str>| {
            let pairs = [("category", category), ("period", period)];
            pairs
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))))
                .collect::<Value>()
        };
        let last_month = text(name, of(Some("last_month")));
        assert_eq!(text(name, of(None)), last_month, "{name}");
        assert_eq!(text(name, of(Some(""))), last_month, "{name}");
        assert_ne!(text(name, of(Some("2026-05"))), last_month, "{name}");
    }
}

#[test]
fn both_eras_are_given_the_same_text() {
    let database = shop::shared();
    let ask =
        json!({"name": "category_deep_dive", "arguments": {"category": "Hardware", "period": "2026-05"}});
    let legacy = Client::serve(&database, SEATTLE).request("prompts/get", ask.clone())["result"].clone();
    let modern = Client::serve_modern(&database, SEATTLE).modern("prompts/get", ask)["result"].clone();
    assert!(legacy["messages"].is_array(), "{legacy}");
    assert_eq!(legacy["messages"], modern["messages"]);
    assert_eq!(legacy["description"], modern["description"]);
}

#[test]
fn wrong_arguments_are_refused_with_what_would_do() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let cases = [
        ("shop_review", json!({}), "Unknown prompt: shop_review. Prompts: category_deep_dive"),
        ("category_deep_dive", json!({}), "category_deep_dive needs the argument category"),
        ("category_deep_dive", json!({"category": " "}), "needs the argument category"),
        ("category_deep_dive", json!({"category": "Paint"}), "nearest names: Paint & Finishes"),
        ("store_review", json!({"store": "Redmond"}), "store_not_yours"),
        ("store_review", json!({"store": "Mars"}), "store_not_yours"),
        ("store_review", json!({"period": "someday"}), "period: `someday` is no period"),
        ("store_review", json!({"period": "2999"}), "has not begun"),
        ("store_review", json!({"time_period": "2026"}), "no argument time_period; it has store, period"),
        ("restock_advice", json!({"days_of_cover": "0"}), "from 1 to 365, not 0"),
        ("restock_advice", json!({"days_of_cover": "30; DROP"}), "a whole number"),
        ("restock_advice", json!({"days_of_cover": 30}), "must be a string"),
    ];
    for (name, arguments, words) in cases {
        let answer = client.request("prompts/get", json!({"name": name, "arguments": arguments}));
        assert_eq!(answer["error"]["code"], -32602, "{name} {arguments}: {answer}");
        let message = answer["error"]["message"].as_str().expect("a message");
        assert!(message.contains(words), "{name} {arguments}: {message}");
        assert!(!message.contains("Bellevue"), "other stores are not named: {message}");
    }
}

#[test]
fn arguments_are_completed_as_the_identity_sees_them() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut complete = |prompt: &str, argument: &str, value: &str| {
        let reference = json!({"type": "ref/prompt", "name": prompt});
        let ask = json!({"ref": reference, "argument": {"name": argument, "value": value}});
        client.request("completion/complete", ask)
    };
    let cases = [
        ("store_review", "store", "zava", json!(["Zava Retail Seattle"])),
        ("restock_advice", "store", "Red", json!([])),
        ("category_deep_dive", "category", "pai", json!(["Paint & Finishes"])),
        ("store_review", "period", "last_m", json!(["last_month"])),
        ("restock_advice", "days_of_cover", "3", json!(["30"])),
    ];
    for (prompt, argument, value, values) in cases {
        let answer = complete(prompt, argument, value);
        assert_eq!(answer["result"]["completion"]["values"], values, "{prompt} {argument}: {answer}");
    }
    let wrong = complete("store_review", "category", "");
    assert_eq!(wrong["error"], json!({"code": -32602, "message": "store_review has no argument category"}));
}
