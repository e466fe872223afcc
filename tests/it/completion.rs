//! Completion: names that an argument can have, as the identity sees them.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, SEATTLE};

fn ask(client: &mut Client, template: &str, argument: &str, value: &str) -> Value {
    let reference = json!({"type": "ref/resource", "uri": template});
    let argument = json!({"name": argument, "value": value});
    client.request("completion/complete", json!({"ref": reference, "argument": argument}))
}

/// The values, which must be all there are.
#[track_caller]
fn values(client: &mut Client, template: &str, argument: &str, value: &str) -> Vec<String> {
    let completion = ask(client, template, argument, value)["result"]["completion"].clone();
    let values: Vec<String> = serde_json::from_value(completion["values"].clone()).expect("strings");
    assert_eq!((&completion["total"], &completion["hasMore"]), (&json!(values.len()), &json!(false)));
    values
}

#[test]
fn tables_are_completed_from_their_beginning_or_any_part() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut tables = |value: &str| values(&mut client, "zava://schema/{table}", "table", value);
    let all = tables("");
    assert_eq!(all.len(), 9);
    assert!(all.iter().all(|table| table.starts_with("retail.")), "{all:?}");
    assert_eq!(tables("retail."), all);
    assert_eq!(tables("ORD"), ["retail.order_items", "retail.orders"]);
    assert_eq!(tables("zava.principal"), [""; 0]);
    assert_eq!(tables("pg_"), [""; 0]);
}

#[test]
fn stores_are_completed_with_the_visible_ones_only() {
    let database = shop::shared();
    let template = "zava://stores/{store}";
    let mut seattle = Client::serve(&database, SEATTLE);
    for value in ["", "zava", "Zava Retail S", "seattle"] {
        assert_eq!(values(&mut seattle, template, "store", value), ["Zava Retail Seattle"], "{value}");
    }
    for hidden in ["Red", "Zava Retail R", "Online", "Spokane"] {
        assert_eq!(values(&mut seattle, template, "store", hidden), [""; 0], "{hidden}");
    }
    let mut head_office = Client::serve(&database, HEAD_OFFICE);
    assert_eq!(values(&mut head_office, template, "store", "").len(), 8);
    assert_eq!(values(&mut head_office, template, "store", "red"), ["Zava Retail Redmond"]);
}

#[test]
fn categories_are_completed_with_what_begins_so_first() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut categories = |value: &str| values(&mut client, "zava://categories/{category}", "category", value);
    assert_eq!(categories("").len(), 9);
    assert_eq!(categories("h"), ["Hand Tools", "Hardware", "Paint & Finishes"]);
    assert_eq!(categories("tools"), ["Hand Tools", "Power Tools"]);
}

#[test]
fn at_most_a_hundred_values_are_sent_and_the_rest_is_counted() {
    let database = Database::copy();
    database.script(
        "INSERT INTO retail.categories SELECT gen_random_uuid(), 'Made up ' || g FROM generate_series(1, 150) AS g;
         INSERT INTO retail.product_types SELECT gen_random_uuid(), category_id, 'One type of ' || category_name
           FROM retail.categories WHERE category_name LIKE 'Made up %'",
    );
    let mut client = Client::serve(&database, SEATTLE);
    let many = ask(&mut client, "zava://categories/{category}", "category", "made");
    let completion = &many["result"]["completion"];
    assert_eq!(completion["values"].as_array().expect("values").len(), 100);
    assert_eq!((&completion["total"], &completion["hasMore"]), (&json!(150), &json!(true)));
}

#[test]
fn a_reference_that_leads_nowhere_is_refused_and_the_right_ones_are_named() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let unknown = ask(&mut client, "zava://orders/{order}", "order", "");
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    let message = unknown["error"]["message"].as_str().expect("a message");
    assert!(message.contains("zava://stores/{store}"), "{message}");
    for (template, argument) in [("zava://schema", "table"), ("zava://schema/{table}", "store")] {
        let refused = ask(&mut client, template, argument, "");
        assert_eq!(refused["error"]["code"], -32602, "{template} {argument}: {refused}");
    }
    let prompt =
        json!({"ref": {"type": "ref/prompt", "name": "nothing"}, "argument": {"name": "store", "value": ""}});
    let refused = client.request("completion/complete", prompt);
    let message = "Unknown prompt: nothing. Prompts: category_deep_dive, restock_advice, store_review";
    assert_eq!(refused["error"], json!({"code": -32602, "message": message}));
}

#[test]
fn completion_without_a_database_says_what_to_do() {
    let nowhere = [("DATABASE_URL", "postgresql://zava_seattle@127.0.0.1:9/zava")];
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &nowhere);
    let failed = ask(&mut client, "zava://stores/{store}", "store", "");
    assert_eq!(failed["error"]["code"], -32603, "{failed}");
    assert!(failed["error"]["message"].as_str().expect("a message").contains("doctor"), "{failed}");
}
