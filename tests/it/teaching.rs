//! Errors that teach: what models really get wrong, and what each is told.

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};

/// A mistake, and what must be in the text besides PostgreSQL's message, a place and a next step.
type Mistake = (&'static str, &'static [&'static str]);

const COLUMNS: &[Mistake] = &[
    (
        "SELECT s.nme FROM retail.stores s",
        &["Next: nearest name: s.name", "retail.stores (s) has: store_id, name,"],
    ),
    (
        "SELECT o.total FROM retail.orders o",
        &["nearest name: o.total_amount", "retail.orders (o) has: order_id,"],
    ),
    ("SELECT total FROM retail.orders", &["nearest name: orders.total_amount"]),
    ("SELECT lastname FROM retail.customers", &["customers.last_name"]),
    ("SELECT stock FROM retail.inventory AS i", &["nearest name: i.stock_level"]),
    ("SELECT price FROM retail.products", &["products.base_price"]),
    ("SELECT c.name FROM retail.customers c", &["c.first_name, c.last_name"]),
    ("SELECT \"Name\" FROM retail.stores", &["nearest name: stores.name"]),
    (
        "SELECT p.category_name FROM retail.products p",
        &["for category_name join retail.categories ON categories.category_id = p.category_id"],
    ),
    ("SELECT customer_name FROM retail.orders", &["orders.customer_id"]),
    (
        "SELECT o.quantity FROM retail.orders o JOIN retail.order_items oi USING (order_id)",
        &["write oi.quantity: it is a column of retail.order_items"],
    ),
    (
        "SELECT q.revenue FROM (SELECT sum(total_amount) AS total FROM retail.orders) q",
        &["`q` is a query of yours: add revenue to its select list"],
    ),
    ("WITH m AS (SELECT 1 AS n) SELECT m.month FROM m", &["`m` is a query of yours"]),
    (
        "SELECT status, sum(total_amount) AS revenue FROM retail.orders GROUP BY 1 HAVING revenue > 5",
        &["`revenue` is an alias of the select list", "FROM ( ... ) AS q"],
    ),
    ("SELECT order_date::date AS day FROM retail.orders WHERE day > '2026-01-01'", &["`day` is an alias"]),
    ("SELECT name FROM retail.stores WHERE name = \"Seattle\"", &["single quotes: 'Seattle'"]),
    ("SELECT date_trunc(month, order_date) FROM retail.orders", &["date_trunc('month', ...)"]),
    ("SELECT datediff(day, order_date, now()) FROM retail.orders", &["number of days"]),
    (
        "SELECT sum(total_amount) FROM retail.orders o JOIN retail.order_items oi USING (order_id)",
        &["say which: o.total_amount (retail.orders) or oi.total_amount (retail.order_items)"],
    ),
    ("SELECT 店舗, '表' FROM retail.stores", &["retail.stores has: store_id, name"]),
];

const TABLES: &[Mistake] = &[
    ("SELECT * FROM orderz", &["nearest name: retail.orders"]),
    ("SELECT * FROM sales.orders", &["Next: nearest name: retail.orders; "]),
    ("SELECT * FROM public.customer", &["retail.customers"]),
    ("SELECT * FROM retail.\"Orders\"", &["nearest name: retail.orders"]),
    ("SELECT * FROM retail.orders o, retail.order_item i", &["nearest name: retail.order_items"]),
    ("WITH monthly AS (SELECT 1 AS n) SELECT * FROM monthy", &["nearest name: monthly"]),
    ("SELECT x.name FROM retail.stores s", &["FROM has: s (retail.stores)", "Next: write s.name"]),
    ("SELECT name FROM retail.stores s WHERE stores.name = 'x'", &["Next: write s.name"]),
    ("SELECT * FROM other.retail.orders", &["there is one database, so a table is schema.table"]),
];

const FUNCTIONS: &[Mistake] = &[
    ("SELECT year(order_date) FROM retail.orders", &["extract(year FROM moment)"]),
    ("SELECT ifnull(phone, '') FROM retail.customers", &["coalesce(value, 0)"]),
    ("SELECT group_concat(name) FROM retail.stores", &["string_agg(value::text, ', ' ORDER BY value)"]),
    ("SELECT datetrunc('month', order_date) FROM retail.orders", &["date_trunc('month', moment)"]),
    ("SELECT median(total_amount) FROM retail.orders", &["percentile_cont(0.5) WITHIN GROUP"]),
    ("SELECT percentile_cont(0.5) FROM retail.orders", &["WITHIN GROUP (ORDER BY value)"]),
    (
        "SELECT round(avg(quantity)::float8, 2) FROM retail.order_items",
        &["round(numeric, integer)", "round(value::numeric, 2)"],
    ),
    ("SELECT string_agg(quantity, ',') FROM retail.order_items", &["string_agg(value::text, ', ')"]),
    ("SELECT sum(status) FROM retail.orders", &["only numbers have a sum"]),
    ("SELECT count(DISTINCT customer_id, store_id) FROM retail.orders", &["count(DISTINCT (a, b))"]),
    ("SELECT date_trnc('month', order_date) FROM retail.orders", &["nearest name: date_trunc"]),
    ("SELECT coalese(phone, '') FROM retail.customers", &["nearest name: coalesce"]),
    ("SELECT to_char('2026-01-01', 'YYYY')", &["to_char(value::timestamp, 'YYYY-MM')"]),
];

const GROUPS: &[Mistake] = &[
    (
        "SELECT o.order_date, sum(o.total_amount) FROM retail.orders o",
        &["add o.order_date (or", "max(o.order_date)"],
    ),
    (
        "SELECT oi.product_id, p.name, count(*) FROM retail.order_items oi JOIN retail.products p USING (product_id) GROUP BY 1",
        &["add p.name (or"],
    ),
    ("SELECT status FROM retail.orders WHERE sum(total_amount) > 5 GROUP BY status", &["GROUP BY as HAVING"]),
    ("SELECT avg(sum(total_amount)) FROM retail.orders GROUP BY status", &["FROM ( ... GROUP BY ... ) AS q"]),
    ("SELECT count(*) FROM retail.orders GROUP BY sum(total_amount)", &["group by the columns"]),
    ("SELECT name FROM retail.products WHERE row_number() OVER () = 1", &["filter on it outside"]),
    ("SELECT rank() FROM retail.orders", &["OVER (ORDER BY ...)"]),
    ("SELECT DISTINCT name FROM retail.products ORDER BY base_price", &["GROUP BY instead of DISTINCT"]),
];

const TYPES: &[Mistake] = &[
    (
        "SELECT * FROM retail.orders WHERE order_id = 5",
        &["orders.order_id is uuid", "an id is compared with an id"],
    ),
    ("SELECT * FROM retail.orders o WHERE o.store_id = 'Seattle'", &["o.store_id is uuid", "join the table"]),
    ("SELECT * FROM retail.orders o WHERE o.store_id IN ('Seattle', 'Redmond')", &["o.store_id is uuid"]),
    (
        "SELECT * FROM retail.orders o WHERE o.status = 1",
        &["o.status is text with the values completed, returned, pending", "the same type"],
    ),
    ("SELECT order_date + 1 FROM retail.orders", &["orders.order_date is timestamp", "INTERVAL '7 days'"]),
    ("SELECT * FROM retail.orders WHERE order_date > 2025", &["DATE '2026-06-30'"]),
    (
        "SELECT * FROM retail.orders WHERE order_date BETWEEN 'last week' AND 'now'",
        &["orders.order_date is timestamp"],
    ),
    ("SELECT * FROM retail.orders WHERE order_date > '2026-13-01'", &["DATE '2026-06-30'"]),
    ("SELECT name FROM retail.stores UNION SELECT store_id FROM retail.stores", &["one type in all parts"]),
    ("SELECT * FROM retail.orders o JOIN retail.customers c ON o.customer_id", &["write a whole condition"]),
];

const SYNTAX: &[Mistake] = &[
    ("SELECT name FROM retail.stores LIMIT 10, 5", &["LIMIT 10 OFFSET 20"]),
    ("SELECT TOP 5 name FROM retail.stores", &["has no TOP: end the query with LIMIT 10"]),
    ("SELECT `name` FROM retail.stores", &["no backticks"]),
    ("SELECT [name] FROM retail.stores", &["square brackets"]),
    ("SELECT order_date - INTERVAL 3 MONTH FROM retail.orders", &["INTERVAL '3 months'"]),
    ("SELECT o.order_date, FROM retail.orders o", &["remove the comma"]),
    ("SELECT count(*) FROM retail.orders WHERE status IN ('completed'", &["a bracket is not closed"]),
    ("SELECT count(*)) FROM retail.orders", &["one ) too many"]),
    ("DESCRIBE retail.orders", &["get_multiple_table_schemas"]),
    ("SELECT name, rank() OVER (ORDER BY name) AS r FROM retail.stores QUALIFY r = 1", &["no QUALIFY"]),
];

/// No place can be given for these.
const WHILE_RUNNING: &[Mistake] = &[
    ("SELECT 1 / count(*) FILTER (WHERE false) FROM retail.orders", &["NULLIF(divisor, 0)"]),
    ("SELECT (SELECT name FROM retail.products)", &["IN ( ... )"]),
    (
        "SELECT * FROM retail.orders JOIN retail.order_items USING (orderid)",
        &["retail.order_items has: order_item_id"],
    ),
    ("EXPLAIN SELECT 1", &["explain_sales_query"]),
    ("SHOW TABLES", &["get_multiple_table_schemas"]),
];

#[test]
fn each_mistake_that_models_make_is_answered_with_what_mends_it() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let mut seen = 0;
    for (sql, teaches) in [COLUMNS, TABLES, FUNCTIONS, GROUPS, TYPES, SYNTAX].concat() {
        let text = client.refused(sql);
        let state = text.lines().next().is_some_and(|line| line.contains("(SQLSTATE "));
        assert!(state && text.contains("\nNext: "), "{sql}: {text}");
        assert!(text.lines().any(|line| line.trim() == "^"), "no place in {sql}: {text}");
        missing(sql, &text, teaches);
        seen += 1;
    }
    for (sql, teaches) in WHILE_RUNNING {
        missing(sql, &client.refused(sql), teaches);
        seen += 1;
    }
    assert!(seen >= 60, "{seen}");
    assert_eq!(client.value("SELECT 1"), 1);
}

#[track_caller]
fn missing(sql: &str, text: &str, teaches: &[&str]) {
    for useful in teaches {
        assert!(text.contains(useful), "{sql}\nlacks: {useful}\n{text}");
    }
    for inside in ["ROUTINE", "parse_relation", ".c:", "DETAIL", "exec_", "zava_admin", "ERROR:  "] {
        assert!(!text.contains(inside), "{sql} shows {inside}: {text}");
    }
}

/// PostgreSQL itself suggests columns that one may not read.
#[test]
fn nothing_is_suggested_that_the_login_may_not_read() {
    let database = Database::copy();
    database.script(
        "REVOKE SELECT ON retail.orders, retail.categories FROM zava_manager;
         GRANT SELECT (order_id, store_id, order_date) ON retail.orders TO zava_manager;
         CREATE TABLE retail.orders_secret (total_secret int);",
    );
    let mut client = Client::serve(&database, SEATTLE);
    let text = client.refused("SELECT total_amont FROM retail.orders");
    assert!(text.contains("retail.orders has: order_id, store_id, order_date\n"), "{text}");
    assert!(!text.contains("orders.total_amount") && !text.contains("Hint"), "{text}");
    // the same word where it may be read
    let text = client.refused("SELECT total_amont FROM retail.order_items");
    assert!(text.contains("nearest name: order_items.total_amount"), "{text}");
    for sql in ["SELECT * FROM retail.order_secret", "SELECT category_name FROM retail.products"] {
        let text = client.refused(sql);
        let said = text.split_once("\nNext: ").expect("a next step").1;
        assert!(!said.contains("secret") && !said.contains("categories"), "{text}");
    }
}

#[test]
fn an_own_value_that_does_not_fit_is_named_and_no_other_stores() {
    let database = Database::copy();
    database.script(
        "UPDATE retail.customers SET last_name = 'Hidden' WHERE store_id <> (SELECT store_id FROM retail.stores WHERE name LIKE '%Seattle');
         UPDATE retail.customers SET last_name = '7' WHERE store_id = (SELECT store_id FROM retail.stores WHERE name LIKE '%Seattle')",
    );
    let mut client = Client::serve(&database, SEATTLE);
    assert!(
        client.value("SELECT count(*) FROM retail.customers WHERE last_name::int = 7").as_i64() > Some(0)
    );
    let text = client.refused("SELECT count(*) FROM retail.customers WHERE first_name::int = 7");
    assert!(text.contains("invalid input syntax for type integer") && !text.contains("Hidden"), "{text}");
}
