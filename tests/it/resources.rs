//! Resources: what they announce, and that they show each identity its own stores and nothing of the others.

use serde_json::{Value, json};

use crate::original;
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

/// The only contents of a resource: MIME type and text.
#[track_caller]
fn read(client: &mut Client, uri: &str) -> (String, String) {
    let answer = client.request("resources/read", json!({ "uri": uri }));
    let contents = answer["result"]["contents"].as_array().unwrap_or_else(|| panic!("{uri}: {answer}"));
    assert_eq!(contents.len(), 1, "{answer}");
    assert_eq!(contents[0]["uri"], uri);
    let field = |name: &str| contents[0][name].as_str().expect(name).to_owned();
    (field("mimeType"), field("text"))
}

/// The rows of a resource in JSON.
#[track_caller]
fn rows(client: &mut Client, uri: &str) -> Vec<Value> {
    let (mime, text) = read(client, uri);
    assert_eq!(mime, "application/json");
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    let rows = answer["r"].as_array().expect("rows").clone();
    assert_eq!(answer["n"], rows.len());
    rows
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row[0].as_str().expect("a name")).collect()
}

/// Every store of the shop, as the superuser sees them.
fn all_stores(database: &Database) -> Vec<String> {
    let names = database.value("SELECT string_agg(name, '|' ORDER BY name) FROM retail.stores");
    names.split('|').map(str::to_owned).collect()
}

#[test]
fn lists_of_resources_and_templates_need_no_database_and_stay_as_they_are() {
    let nowhere = [("DATABASE_URL", "postgresql://zava_seattle@127.0.0.1:9/zava")];
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &nowhere);
    let mut lists = json!({
        "resources": client.request("resources/list", json!({}))["result"]["resources"],
        "templates": client.request("resources/templates/list", json!({}))["result"]["resourceTemplates"],
    });
    for list in ["resources", "templates"] {
        for item in lists[list].as_array_mut().expect("a list") {
            let icon = item["icons"][0]["src"].take();
            assert!(icon.as_str().is_some_and(|src| src.starts_with("data:image/png;base64,")), "{item}");
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&lists).expect("JSON"));
}

#[test]
fn the_schema_resource_says_what_the_tool_says() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let all = client.call("get_multiple_table_schemas", json!({})).text;
    assert!(all.len() > 1000 && all.len() <= 8 * 1024, "{} bytes", all.len());
    assert_eq!(read(&mut client, "zava://schema"), ("text/plain".to_owned(), all));
    let one = client.call("get_multiple_table_schemas", json!({"table_names": ["retail.orders"]})).text;
    assert!(one.starts_with("retail.orders ("), "{one}");
    for uri in ["zava://schema/retail.orders", "zava://schema/orders", "zava://schema/retail%2Eorders"] {
        assert_eq!(read(&mut client, uri).1, one, "{uri}");
    }
}

#[test]
fn each_identity_is_shown_its_own_stores_and_no_other_name() {
    let database = shop::shared();
    let all = all_stores(&database);
    assert_eq!(all.len(), 8);
    for (identity, sees) in [(SEATTLE, 1), (PUGET_SOUND, 6), (HEAD_OFFICE, 8)] {
        let mut client = Client::serve(&database, identity);
        let shown = rows(&mut client, "zava://stores");
        assert_eq!(shown.len(), sees, "{shown:?}");
        let text = read(&mut client, "zava://stores").1;
        let hidden: Vec<&String> =
            all.iter().filter(|name| !names(&shown).contains(&name.as_str())).collect();
        assert_eq!(hidden.len(), 8 - sees);
        for name in hidden {
            let place = name.rsplit(' ').next().expect("a word");
            assert!(!text.contains(place), "{name} in {text}");
        }
    }
}

#[test]
fn one_store_is_read_by_its_name_and_anothers_is_as_unknown_as_one_that_does_not_exist() {
    let database = shop::shared();
    let mut seattle = Client::serve(&database, SEATTLE);
    let whole = rows(&mut seattle, "zava://stores");
    assert_eq!(whole, [json!(["Zava Retail Seattle", "Seattle, WA", "Puget Sound", false, "2012-03-17"])]);
    assert_eq!(rows(&mut seattle, "zava://stores/zava%20retail%20SEATTLE"), whole);

    let refused = |client: &mut Client, name: &str| {
        let uri = format!("zava://stores/{name}");
        let answer = client.request("resources/read", json!({ "uri": uri }));
        assert_eq!(answer["error"]["code"], -32002, "{answer}");
        answer["error"]["message"].as_str().expect("a message").replace(name, "NAME")
    };
    let anothers = refused(&mut seattle, "Redmond");
    assert_eq!(anothers, refused(&mut seattle, "Nowhere"));
    assert!(anothers.contains("Zava Retail Seattle"), "the nearest of her own: {anothers}");
    let mut head_office = Client::serve(&database, HEAD_OFFICE);
    assert_eq!(
        names(&rows(&mut head_office, "zava://stores/Zava%20Retail%20Redmond")),
        ["Zava Retail Redmond"]
    );
}

#[test]
fn a_store_without_stock_is_not_shown_and_a_shop_without_any_stock_shows_its_stores() {
    let database = Database::copy();
    let mut seattle = Client::serve(&database, SEATTLE);
    assert_eq!(rows(&mut seattle, "zava://stores").len(), 1);
    database.script("DELETE FROM retail.inventory");
    assert_eq!(names(&rows(&mut seattle, "zava://stores")), ["Zava Retail Seattle"]);
    let mut head_office = Client::serve(&database, HEAD_OFFICE);
    assert_eq!(rows(&mut head_office, "zava://stores").len(), 8);
}

#[test]
fn categories_are_shown_with_their_types_and_numbers_of_products() {
    let database = shop::shared();
    let mut client = Client::serve(&database, SEATTLE);
    let all = rows(&mut client, "zava://categories");
    let (types, products) =
        (all.len(), all.iter().map(|row| row[2].as_i64().expect("a number")).sum::<i64>());
    assert_eq!(types.to_string(), database.value("SELECT count(*)::text FROM retail.product_types"));
    assert_eq!(products.to_string(), database.value("SELECT count(*)::text FROM retail.products"));
    assert!(read(&mut client, "zava://categories").1.len() <= 8 * 1024);

    let plumbing = rows(&mut client, "zava://categories/plumbing");
    assert!(plumbing.len() > 3 && names(&plumbing).iter().all(|name| *name == "Plumbing"), "{plumbing:?}");
    let ampersand = rows(&mut client, "zava://categories/Garden%20%26%20Outdoor");
    assert_eq!(names(&ampersand[..1]), ["Garden & Outdoor"]);
}

#[test]
fn an_unknown_resource_gets_the_code_of_the_clients_protocol_and_what_there_is() {
    let database = shop::shared();
    let mut legacy = Client::serve(&database, SEATTLE);
    let mut modern = Client::serve_modern(&database, SEATTLE);
    let cases = [
        ("zava://nothing", "zava://schema/{table}"),
        ("zava://", "zava://stores"),
        ("file:///etc/passwd", "zava://stores"),
        ("zava://schema/retail.ordrs", "retail.orders"),
        ("zava://schema/zava.principal", "retail."),
        ("zava://schema/pg_catalog.pg_authid", "retail."),
        ("zava://schema/", "retail."),
        ("zava://schema/%ff", "zava://schema"),
        ("zava://stores/%27%20OR%20true%20--", "Zava Retail Seattle"),
        ("zava://categories/Plumming", "Plumbing"),
    ];
    for (uri, teaches) in cases {
        let old = legacy.request("resources/read", json!({ "uri": uri }));
        let new = modern.modern("resources/read", json!({ "uri": uri }));
        assert_eq!((&old["error"]["code"], &new["error"]["code"]), (&json!(-32002), &json!(-32602)), "{uri}");
        assert_eq!(old["error"]["data"], json!({ "uri": uri }));
        for message in [&old["error"]["message"], &new["error"]["message"]] {
            let message = message.as_str().expect("a message");
            assert!(
                message.starts_with("Resource not found: ") && message.contains(teaches),
                "{uri}: {message}"
            );
        }
    }
}

#[test]
fn a_resource_that_cannot_be_read_says_why_and_what_to_do() {
    let nowhere = [("DATABASE_URL", "postgresql://zava_seattle:hunter2@127.0.0.1:9/zava")];
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &nowhere);
    for uri in ["zava://schema", "zava://stores", "zava://categories"] {
        let answer = client.request("resources/read", json!({ "uri": uri }));
        assert_eq!(answer["error"]["code"], -32603, "{answer}");
        let message = answer["error"]["message"].as_str().expect("a message");
        assert!(
            message.starts_with("DATABASE_ERROR (unreachable)") && message.contains("doctor"),
            "{message}"
        );
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn the_originals_stores_and_categories_are_shown_too_and_only_ones_own_store() {
    let Some(database) = original::original() else { return };
    let mut seattle = original::serve(database, SEATTLE);
    let own = rows(&mut seattle, "zava://stores");
    assert_eq!(own, [json!(["Zava Retail Seattle", null, null, false, null])]);
    assert_eq!(rows(&mut original::serve(database, HEAD_OFFICE), "zava://stores").len(), 8);
    let types = rows(&mut seattle, "zava://categories");
    let products: i64 = types.iter().map(|row| row[2].as_i64().expect("a number")).sum();
    assert_eq!((types.len(), products), (89, 424));
}
