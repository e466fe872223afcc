//! `explain_sales_query`: words to act on, from own rows and the shape of the plan, and nothing of anybody else's rows.

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

#[track_caller]
fn explain(client: &mut Client, sql: &str) -> String {
    let called = client.call("explain_sales_query", json!({"postgresql_query": sql}));
    assert!(!called.is_error, "{sql}: {}", called.text);
    called.text
}

/// What is slow, and what must be said about it.
const ADVICE: &[(&str, &[&str])] = &[
    (
        "SELECT sum(total_amount) FROM retail.orders o WHERE date_trunc('month', o.order_date) = '2026-05-01'",
        &["date_trunc() around o.order_date hides the index", "o.order_date >= TIMESTAMP '2026-05-01'"],
    ),
    (
        "SELECT count(*) FROM retail.orders WHERE extract(year FROM order_date) = 2026",
        &["extract() around orders.order_date hides the index"],
    ),
    (
        "SELECT count(*) FROM retail.orders o WHERE o.order_date::date = '2026-05-01'",
        &["a cast to date around o.order_date hides the index"],
    ),
    (
        "SELECT count(*) FROM retail.orders o WHERE o.order_date >= DATE '2026-05-01'",
        &["compared with another type", "TIMESTAMP '2026-05-01'"],
    ),
    (
        "SELECT count(*) FROM retail.order_items oi WHERE oi.quantity = 3",
        &["no index helps to find rows by oi.quantity", "indexes on (order_id)"],
    ),
    (
        "SELECT count(*) FROM retail.order_items oi WHERE oi.unit_price * oi.quantity > 100",
        &["no index helps to find rows by arithmetic of oi.unit_price"],
    ),
    (
        "SELECT p.name, (SELECT sum(i.quantity) FROM retail.order_items i WHERE i.product_id = p.product_id) FROM retail.products p",
        &["the sub-select on retail.order_items runs once for each row"],
    ),
    (
        "SELECT count(*) FROM retail.orders a, retail.order_items b",
        &["no condition joins", "every row meets every row", "add ON"],
    ),
    (
        "SELECT count(*) FROM retail.orders a JOIN retail.order_items b ON a.order_id = b.order_id OR a.total_amount = b.total_amount",
        &["is compared pair by pair", "OR, a function or a cast in ON"],
    ),
    (
        "SELECT count(*) FROM retail.orders a JOIN retail.order_items b ON a.total_amount > b.total_amount",
        &["is compared pair by pair", "ON has no ="],
    ),
    (
        "SELECT * FROM retail.order_items oi ORDER BY oi.total_amount DESC",
        &["no index is in the order of oi.total_amount"],
    ),
];

#[test]
fn what_makes_a_query_slow_is_said_with_what_to_write_instead() {
    let mut client = Client::serve(&shop::shared(), HEAD_OFFICE);
    for (sql, said) in ADVICE {
        let text = explain(&mut client, sql);
        for words in *said {
            assert!(text.contains(words), "{sql}\nlacks: {words}\n{text}");
        }
    }
}

#[test]
fn patterns_in_a_long_table_are_said_to_be_tried_on_every_row() {
    let text = explain(
        &mut Client::serve(&shop::shared(), HEAD_OFFICE),
        "SELECT count(*) FROM retail.customers c WHERE lower(c.email) LIKE '%example%'",
    );
    assert!(text.contains("a pattern on c.email is tried on every row"), "{text}");
}

#[test]
fn a_good_query_gets_no_advice() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for sql in [
        "SELECT count(*) FROM retail.orders o WHERE o.order_date >= TIMESTAMP '2026-05-01' AND o.order_date < TIMESTAMP '2026-06-01'",
        "SELECT c.category_name, sum(oi.total_amount) FROM retail.order_items oi JOIN retail.products p USING (product_id) \
         JOIN retail.categories c USING (category_id) GROUP BY 1 ORDER BY 2 DESC",
        "SELECT name FROM retail.stores -- the end\n;",
        "SELECT 1",
    ] {
        let text = explain(&mut client, sql);
        assert!(text.contains("- nothing that the plan shows"), "{sql}: {text}");
    }
}

#[test]
fn the_plan_is_told_in_words_with_tables_indexes_and_own_rows() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let text = explain(
        &mut client,
        "SELECT o.status, count(*) FROM retail.orders o WHERE o.order_date >= TIMESTAMP '2026-05-01' GROUP BY o.status",
    );
    let own = client.value("SELECT count(*) FROM retail.orders").as_i64().expect("a number");
    assert!(text.contains("group by o.status"), "{text}");
    assert!(
        text.contains("  read retail.orders (o) by index orders_") && text.contains("o.store_id"),
        "{text}"
    );
    assert!(text.contains(&format!("Rows that you see: retail.orders {own}\n")), "{text}");
    let text =
        explain(&mut Client::serve(&shop::shared(), HEAD_OFFICE), "SELECT count(*) FROM retail.order_items");
    assert!(!text.contains("zava."), "{text}");
}

/// Costs, row counts and widths come from the rows of everybody; the constants from policies and from the query.
#[test]
fn no_estimate_and_no_constant_is_in_an_explanation() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let other = shop::shared().value("SELECT store_id::text FROM retail.stores WHERE name LIKE '%Redmond'");
    let text = explain(
        &mut client,
        &format!(
            "SELECT * FROM retail.orders o WHERE o.store_id = '{other}' AND o.status = 'pending' AND o.total_amount > 17.3125"
        ),
    );
    for word in
        [other.as_str(), "pending", "17.31", "cost", "width", "rows=", "InitPlan", "my_store", "Workers"]
    {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert!(text.contains("o.status"), "{text}");
}

/// What other stores hold changes neither the words nor the counts, as long as the plan keeps its shape.
#[test]
fn other_stores_rows_change_nothing_in_an_explanation() {
    let database = Database::copy();
    let questions = [
        "SELECT count(*) FROM retail.order_items WHERE quantity = 3",
        "SELECT * FROM retail.orders o JOIN retail.customers c USING (customer_id) WHERE o.total_amount > 100 ORDER BY o.total_amount",
        "SELECT s.name FROM retail.stores s WHERE EXISTS (SELECT FROM retail.inventory i WHERE i.stock_level = 0)",
    ];
    let ask = || {
        let mut client = Client::serve(&database, SEATTLE);
        questions.map(|sql| explain(&mut client, sql))
    };
    let before = ask();
    database.script(
        "DELETE FROM retail.orders WHERE store_id <> (SELECT store_id FROM retail.stores WHERE name LIKE '%Seattle');
         UPDATE retail.inventory SET stock_level = 0 WHERE store_id <> (SELECT store_id FROM retail.stores WHERE name LIKE '%Seattle')",
    );
    assert_eq!(ask(), before);
}

#[test]
fn nothing_of_the_query_is_run() {
    let url = shop::shared().url(SEATTLE);
    let args = ["--rls-user", SEATTLE, "--statement-timeout", "2"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    let endless = "SELECT count(*) FROM generate_series(1, 100000000000) AS g JOIN retail.orders ON true";
    assert!(explain(&mut client, endless).contains("rows of generate_series"));
    assert!(client.refused(endless).starts_with("QUERY_TIMEOUT"));
}

#[test]
fn what_is_no_query_is_refused_as_by_the_query_tool() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for (sql, reason) in [
        ("", "(empty_sql)"),
        ("SELECT 1; SELECT 2", "(several_statements)"),
        ("DELETE FROM retail.orders", "(not_a_select)"),
        ("WITH gone AS (DELETE FROM retail.orders RETURNING *) SELECT * FROM gone", "(not_a_select)"),
        ("EXPLAIN ANALYZE SELECT 1", "(not_a_select)"),
        ("SELECT 1) t; DROP TABLE retail.orders; --", "(syntax)"),
        ("SELECT $1::int", "(parameters)"),
        ("SELECT * FROM pg_authid", "(permission_denied)"),
        ("SELECT * FROM zava_admin.applied_step", "(permission_denied)"),
        ("SELECT nme FROM retail.stores", "nearest name: stores.name"),
    ] {
        let called = client.call("explain_sales_query", json!({"postgresql_query": sql}));
        assert!(called.is_error && called.text.contains(reason), "{sql}: {}", called.text);
    }
    assert_eq!(client.value("SELECT 1"), 1);
}

#[test]
fn comments_behind_the_last_semicolon_are_explained_away() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let sql = "SELECT count(*) FROM retail.orders";
    let plain = explain(&mut client, sql);
    assert!(plain.contains("retail.orders"), "{plain}");
    for end in ["; -- x", " ; /* a; b */ -- ;", ";;;"] {
        assert_eq!(explain(&mut client, &format!("{sql}{end}")), plain, "{end}");
    }
    let called = client.call("explain_sales_query", json!({"postgresql_query": "SELECT 1; -- x\nSELECT 2"}));
    assert!(called.is_error && called.text.contains("(several_statements)"), "{}", called.text);
}

#[test]
fn tables_that_may_not_be_read_are_not_named_behind_a_view() {
    let database = Database::copy();
    database.script(
        "CREATE TABLE retail.hidden_costs (hidden_id int, hidden_cost int);
         CREATE TABLE retail.hidden_rates (hidden_id int, hidden_rate int);
         CREATE VIEW retail.shown AS SELECT c.hidden_cost * r.hidden_rate AS x FROM retail.hidden_costs AS c
           JOIN retail.hidden_rates AS r USING (hidden_id) WHERE c.hidden_cost > 3 ORDER BY r.hidden_rate;
         GRANT SELECT ON retail.shown TO zava_head_office",
    );
    let mut client = Client::serve(&database, HEAD_OFFICE);
    let text = explain(&mut client, "SELECT * FROM retail.shown");
    assert_eq!(text.matches("read a table behind a view").count(), 2, "{text}");
    assert!(text.contains("join") && text.contains("sort by a computed value"), "{text}");
    assert!(!text.contains("hidden"), "{text}");
}

#[test]
fn a_regional_manager_counts_her_stores() {
    let mut client = Client::serve(&shop::shared(), PUGET_SOUND);
    let own = client.value("SELECT count(*) FROM retail.orders").as_i64().expect("a number");
    let text = explain(&mut client, "SELECT count(*) FROM retail.orders");
    assert!(text.contains(&format!("retail.orders {own}\n")), "{text}");
}

#[test]
fn on_the_originals_database_its_policies_stay_out_of_the_words() {
    let Some(database) = crate::original::original() else { return };
    let mut client = crate::original::serve(database, SEATTLE);
    let text = explain(
        &mut client,
        "SELECT p.product_name, sum(oi.total_amount) FROM retail.order_items oi JOIN retail.products p USING (product_id) \
         JOIN retail.orders o USING (order_id) WHERE o.order_date >= '2024-01-01' GROUP BY 1",
    );
    assert!(text.contains("retail.order_items (oi)") && text.contains("10,000 or more"), "{text}");
    for inside in ["retail.stores", "current_setting", HEAD_OFFICE, SEATTLE, "rls_user"] {
        assert!(!text.contains(inside), "{inside} in {text}");
    }
}

/// An answer has at most 100 rows, and for the first of many groups PostgreSQL would look up row after row.
#[test]
fn a_query_that_groups_is_planned_for_all_its_rows() {
    let mut client = Client::serve(&shop::shared(), HEAD_OFFICE);
    let days = "SELECT o.order_date FROM retail.orders o JOIN retail.order_items i USING (order_id)";
    let (row_after_row, all) = ("look into the second", "join by a hash table");
    let sorted = explain(&mut client, &format!("{days} ORDER BY 1"));
    assert!(sorted.contains(row_after_row) && !sorted.contains(all), "{sorted}");
    let grouped = explain(&mut client, &format!("{days} GROUP BY 1"));
    assert!(grouped.contains(all) && !grouped.contains(row_after_row), "{grouped}");
}
