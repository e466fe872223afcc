//! Queries of the assistant: kept only where that was asked for, and only when nothing but rows decides the answer.

use serde_json::{Value, json};

use super::{ask, serve};
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, SEATTLE};

const TOOL: &str = "execute_sales_query";

/// The answers to the same query asked twice: whether the second was kept.
#[track_caller]
fn is_kept(client: &mut Client, sql: &str) -> bool {
    let question = json!({"postgresql_query": sql, "max_rows": 5});
    let (_, age) = ask(client, TOOL, &question);
    assert_eq!(age, None, "{sql}");
    ask(client, TOOL, &question).1.is_some()
}

const OF_ROWS: [&str; 7] = [
    "SELECT count(*) FROM retail.orders",
    "SELECT date_trunc('month', o.order_date) AS month, sum(oi.total_amount) AS revenue FROM retail.orders o \
     JOIN retail.order_items oi ON oi.order_id = o.order_id GROUP BY 1 ORDER BY 1",
    "SELECT to_char(order_date, 'YYYY-MM'), round(avg(total_amount), 2) FROM retail.orders GROUP BY 1 ORDER BY 1",
    "SELECT s.name, c.category_name, sum(oi.quantity) FROM retail.order_items oi\nJOIN retail.products p USING (product_id)\n\
     JOIN retail.categories c USING (category_id)\nJOIN retail.stores s USING (store_id)\nGROUP BY 1, 2 ORDER BY 3 DESC LIMIT 5",
    "SELECT extract(year FROM order_date), count(DISTINCT customer_id) FROM retail.orders GROUP BY 1",
    "WITH ranked AS (SELECT name, rank() OVER (ORDER BY base_price DESC) AS r FROM retail.products) \
     SELECT * FROM ranked WHERE r <= 3",
    "SELECT lower(name), coalesce(is_online, false) FROM retail.stores",
];

const OF_MORE: [&str; 23] = [
    "SELECT now()",
    "SELECT NOW ()",
    "SELECT pg_catalog.now()",
    "SELECT \"now\"()",
    "SELECT random()",
    "SELECT name FROM retail.products ORDER BY random() LIMIT 1",
    "SELECT gen_random_uuid()",
    "SELECT CURRENT_DATE",
    "SELECT current_timestamp",
    "SELECT LOCALTIME",
    "SELECT count(*) FROM retail.orders WHERE order_date > CURRENT_DATE - 30",
    "SELECT age(order_date) FROM retail.orders",
    "SELECT 'now'::timestamptz",
    "SELECT timestamp 'now'",
    "SELECT 'today'::date",
    "SELECT E'to\\144ay'::date",
    "SELECT U&'to\\0064ay'::date",
    "SELECT 'to'\n'day'::date",
    "SELECT 'to' -- and\n'day'::date",
    "SELECT ('to' || 'day')::date",
    "SELECT 1 LIMIT extract(second FROM statement_timestamp())::int + 1",
    "SELECT * FROM (VALUES (now()), (now())) AS v",
    "SELECT sum(total_amount) OVER (ORDER BY order_date RANGE BETWEEN (now() - now()) PRECEDING AND CURRENT ROW) FROM retail.orders",
];

#[test]
fn without_being_asked_to_no_query_is_kept() {
    let mut client = serve(&shop::shared(), SEATTLE, &[]);
    for sql in OF_ROWS {
        assert!(!is_kept(&mut client, sql), "{sql}");
    }
}

#[test]
fn what_depends_on_rows_alone_is_kept_and_nothing_else() {
    let mut client = serve(&shop::shared(), SEATTLE, &["--cache-queries"]);
    for sql in OF_ROWS {
        assert!(is_kept(&mut client, sql), "{sql}");
    }
    for sql in OF_MORE {
        assert!(!is_kept(&mut client, sql), "{sql}");
    }
}

#[test]
fn functions_views_casts_and_operators_of_others_are_looked_through() {
    let database = Database::copy();
    database.script(
        "CREATE FUNCTION retail.dice() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 4'; \
         CREATE FUNCTION retail.lately() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 4; END'; \
         CREATE FUNCTION retail.fixed() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 4; END'; \
         CREATE VIEW retail.clock WITH (security_invoker) AS SELECT now() AS at, 1 AS one LIMIT 1; \
         GRANT EXECUTE ON FUNCTION retail.dice(), retail.lately(), retail.fixed() TO zava_manager; \
         GRANT SELECT ON retail.clock TO zava_manager",
    );
    let mut client = serve(&database, SEATTLE, &["--cache-queries"]);
    assert!(is_kept(&mut client, "SELECT retail.fixed()"));
    for sql in ["SELECT retail.dice()", "SELECT retail.lately()", "SELECT one FROM retail.clock"] {
        assert!(!is_kept(&mut client, sql), "{sql}");
    }
    // A name is not needed to call an operator: from now on nothing is kept in this database.
    database.script(
        "CREATE FUNCTION retail.later(int, int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'; \
         CREATE OPERATOR retail.@@@ (FUNCTION = retail.later, LEFTARG = int, RIGHTARG = int)",
    );
    assert!(!is_kept(&mut client, "SELECT retail.fixed() + 1"));
}

#[test]
fn kept_rows_are_the_same_bytes_and_a_change_shows_with_fresh() {
    let database = Database::copy();
    let mut client = serve(&database, SEATTLE, &["--cache-queries"]);
    let sql = "SELECT o.order_date, o.total_amount, o.total_amount::float8 / 3 AS third, o.status \
               FROM retail.orders o ORDER BY o.order_id";
    let mut question = json!({"postgresql_query": sql});
    let (first, _) = ask(&mut client, TOOL, &question);
    let (again, age) = ask(&mut client, TOOL, &question);
    assert!(age.is_some());
    assert_eq!(first, again);
    assert!(serde_json::from_str::<Value>(&first).expect("JSON")["n"].as_u64().expect("rows") > 10);
    database.script("UPDATE retail.orders SET status = 'returned'");
    assert_eq!(ask(&mut client, TOOL, &question).0, first);
    question["fresh"] = json!(true);
    assert_ne!(ask(&mut client, TOOL, &question).0, first);
}
