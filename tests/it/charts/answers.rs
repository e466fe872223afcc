//! What comes with a picture: the data, exact and only hers; what was left out; how it goes on.

use serde_json::{Value, json};

use super::{chart, different, opened};
use crate::support::mcp::Client;
use crate::support::shop::{self, HEAD_OFFICE, SEATTLE};

fn ask(sql: &str) -> Value {
    json!({ "postgresql_query": sql })
}

fn message(data: &Value) -> String {
    data["msg"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_rows_beside_a_picture_are_those_of_the_query_tool() {
    let database = shop::shared();
    let sql = "SELECT s.name AS store, sum(o.total_amount) AS revenue FROM retail.orders AS o \
               JOIN retail.stores AS s USING (store_id) GROUP BY 1 ORDER BY 1";
    for (identity, stores) in [(SEATTLE, 1), (HEAD_OFFICE, 8)] {
        let mut client = Client::serve(&database, identity);
        let rows = client.query(sql);
        assert_eq!(rows["n"], stores);
        let drawn = chart(&mut client, &ask(sql)).data;
        for part in ["c", "r", "n"] {
            assert_eq!(drawn[part], rows[part], "{part}");
        }
        assert_eq!(
            drawn["chart"],
            json!({"kind": "bar", "title": "Revenue by store", "x": "store", "y": ["revenue"]})
        );
        assert_eq!(drawn.to_string().contains("Redmond"), identity == HEAD_OFFICE);
    }
}

#[test]
fn numbers_stay_exact_beside_their_picture() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let drawn = chart(
        &mut client,
        &ask("SELECT 'a' AS name, 12345678901234567890.123456789 AS n UNION ALL SELECT 'b', 0.10"),
    );
    assert_eq!(drawn.data["r"][0][1], "12345678901234567890.123456789");
    assert_eq!(drawn.data["r"][1][1], "0.10");
}

#[test]
fn the_kind_is_chosen_by_what_the_columns_hold() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let cases = [
        ("SELECT DATE '2026-01-01' + g AS day, g AS n FROM generate_series(1, 9) AS g", "line"),
        ("SELECT DATE '2026-01-01' + g AS day, g AS n FROM generate_series(1, 2) AS g", "bar"),
        ("SELECT 'p' || g AS product, g AS revenue FROM generate_series(1, 9) AS g", "bar"),
        (
            "SELECT 'a' || g % 3 AS a, 'b' || g / 3 AS b, g AS n FROM generate_series(0, 8) AS g",
            "stacked_bar",
        ),
        ("SELECT 'a' || g % 8 AS a, 'b' || g / 8 AS b, g AS n FROM generate_series(0, 63) AS g", "heatmap"),
        ("SELECT g * 7 % 10 AS price, g AS units FROM generate_series(1, 9) AS g", "scatter"),
        ("SELECT g AS hour, g * g AS orders FROM generate_series(1, 9) AS g", "line"),
    ];
    for (sql, kind) in cases {
        assert_eq!(chart(&mut client, &ask(sql)).data["chart"]["kind"], kind, "{sql}");
    }
}

#[test]
fn named_columns_are_taken_whatever_their_case_and_keys_are_never_measures() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let sql = "SELECT 7 AS product_id, 'a' AS store, 'x' AS kind, 1.5 AS revenue, 3 AS orders UNION ALL \
               SELECT 8, 'b', 'y', 2.5, 4";
    let found = chart(&mut client, &ask(sql)).data;
    assert_eq!((&found["chart"]["x"], &found["chart"]["y"]), (&json!("store"), &json!(["revenue"])));
    assert!(message(&found).contains("Not drawn: orders."), "{found}");
    let mut named = ask(sql);
    named["x"] = json!("KIND");
    named["y"] = json!(["Orders"]);
    named["title"] = json!("Orders of each kind");
    let named = chart(&mut client, &named).data;
    let shown = json!({"kind": "bar", "title": "Orders of each kind", "x": "kind", "y": ["orders"]});
    assert_eq!(named["chart"], shown);
}

#[test]
fn what_is_not_drawn_is_said() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let cases = [
        (
            "SELECT g AS n, g % 50 AS v FROM generate_series(1, 10001) AS g",
            json!("line"),
            "Only the first 10000 rows are drawn",
        ),
        (
            "SELECT 'b' || g AS name, g AS v FROM generate_series(1, 60) AS g",
            json!("bar"),
            "The first 25 of 60 bars.",
        ),
        (
            "SELECT DATE '2026-01-01' + g % 9 AS day, 's' || g / 9 AS s, g AS v FROM generate_series(0, 98) AS g",
            json!("line"),
            "The 8 largest of 11 lines.",
        ),
        (
            "SELECT DATE '2026-01-01' + g % 9 AS day, 's' || g / 9 AS s, g AS v FROM generate_series(0, 98) AS g",
            json!("stacked_bar"),
            "The 7 largest of 11 series; Other is the sum of the rest.",
        ),
        (
            "SELECT * FROM (VALUES ('a', 1.0), ('b', NULL), ('c', 'NaN'), ('d', 'Infinity')) AS t(name, v)",
            json!("bar"),
            "Not drawn: 3 values, NULL, NaN",
        ),
        (
            "SELECT * FROM (VALUES (DATE '2026-01-01', 1), (NULL, 2), (DATE '2026-01-03', 3)) AS t(day, v)",
            json!("line"),
            "Left out: 1 row without `day`.",
        ),
    ];
    for (sql, kind, said) in cases {
        let data = chart(&mut client, &json!({"postgresql_query": sql, "kind": kind})).data;
        assert!(message(&data).contains(said), "{sql}: {}", data["msg"]);
    }
}

#[test]
fn ten_thousand_points_are_drawn_and_the_text_stays_within_its_bytes() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let sql = "SELECT ((g * 7919) % 1000) / 10.0 AS cost, ((g * 104729) % 3000) / 10.0 AS price \
               FROM generate_series(1, 10000) AS g";
    let drawn = chart(&mut client, &json!({"postgresql_query": sql, "kind": "scatter"}));
    assert!(drawn.data.to_string().len() < 40 * 1024, "{} bytes", drawn.data.to_string().len());
    let shown = drawn.data["n"].as_u64().expect("a number");
    assert!(shown > 100 && shown < 10_000 && drawn.data["truncated"] == true, "{shown}");
    let said = format!("The picture shows all 10000 rows, this text the first {shown}.");
    assert!(message(&drawn.data).contains(&said), "{}", drawn.data["msg"]);
    // More points are more ink.
    let few = chart(&mut client, &json!({"postgresql_query": format!("{sql} LIMIT 10"), "kind": "scatter"}));
    assert!(different(&opened(&drawn.png), &opened(&few.png)) > 20_000);
}

#[test]
fn one_point_long_names_and_any_letters_are_drawn() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let blank = opened(&chart(&mut client, &ask("SELECT ' ' AS \" \", 0 AS \"  \"")).png);
    let cases = [
        ("SELECT DATE '2026-05-01' AS month, 5 AS revenue", json!({"kind": "line"})),
        ("SELECT 0.5 AS a, 5 AS b", json!({"kind": "scatter"})),
        ("SELECT g || repeat(' long', 3000) AS name, g AS v FROM generate_series(1, 20) AS g", json!({})),
        (
            "SELECT '漢字 🙂 Ünï \u{202e}' || g AS name, -g AS v FROM generate_series(1, 3) AS g",
            json!({"title": "т ☃"}),
        ),
        ("SELECT 'a' AS name, 1e300 AS v UNION ALL SELECT 'b', -1e300", json!({})),
        ("SELECT 'a' AS name, 1e-300::float8 AS v", json!({})),
        (
            "SELECT DATE '0001-01-01' AS day, 1 AS v UNION ALL SELECT DATE '9999-12-31', 2",
            json!({"kind": "line"}),
        ),
    ];
    for (sql, mut arguments) in cases {
        arguments["postgresql_query"] = json!(sql);
        let drawn = opened(&chart(&mut client, &arguments).png);
        assert!(different(&blank, &drawn) > 300, "{sql}");
    }
}

#[test]
fn progress_tells_the_query_from_the_drawing() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let sql = "SELECT g AS n, g AS v FROM generate_series(1, 5000) AS g";
    let call = json!({"name": "chart_sales_query", "arguments": {"postgresql_query": sql}, "_meta": {"progressToken": "c"}});
    let seen = client.notified(call);
    let messages: Vec<&str> = seen.iter().filter_map(|params| params["message"].as_str()).collect();
    assert!(!messages.is_empty(), "{seen:?}");
    let query = messages.iter().position(|message| message.starts_with("running the query"));
    let drawing = messages.iter().position(|message| message.starts_with("drawing the chart"));
    assert!(query.is_some() && drawing > query, "{messages:?}");
}
