//! `db create --partitioned`: the same shop, the same rights and the same answers from tables partitioned by month.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};
use crate::twin::written;

/// What the partitioned tables hold beside what was put in: rows, money, and rows that found no month.
const HELD: &str = "SELECT concat_ws(' ', (SELECT concat_ws(' ', count(*), sum(total_amount), md5(string_agg(o.order_id || o.order_date::text, ',' ORDER BY order_id))) FROM retail.orders AS o),
    (SELECT concat_ws(' ', count(*), sum(total_amount), sum(quantity)) FROM retail.order_items))";
const WITHOUT_MONTH: &str = "SELECT ((SELECT count(*) FROM retail.orders_default) + (SELECT count(*) FROM retail.order_items_default))::text";
/// Rights on partitions, and partitions whose rows are not closed by row security.
const OPEN: &str = "SELECT count(*)::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('retail.orders'::regclass, 'retail.order_items'::regclass)
      AND (c.relacl IS NOT NULL OR NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR c.relowner <> 'zava_owner'::regrole)";
const PARTITIONS: &str = "SELECT count(*)::text FROM pg_inherits WHERE inhparent = 'retail.orders'::regclass";

/// Partitions a database; what was said.
pub(crate) fn partition(database: &Database) -> String {
    let output = database.admin(&["db", "create", "--partitioned"]).output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn partitioned() -> Database {
    let database = Database::copy();
    let before = database.value(HELD);
    let said = partition(&database);
    assert!(said.contains("partitioned by month now"), "{said}");
    assert_eq!(database.value(HELD), before);
    assert_eq!((database.value(WITHOUT_MONTH), database.value(OPEN)), ("0".to_owned(), "0".to_owned()));
    database
}

/// The answer, its rows in one order: where a query names none, that is up to the plan.
fn asked(client: &mut Client, sql: &str) -> Value {
    let called = client.call("execute_sales_query", json!({"postgresql_query": sql}));
    let mut answer: Value = serde_json::from_str(&called.text).unwrap_or(Value::String(called.text));
    if let Some(rows) = answer.get_mut("r").and_then(Value::as_array_mut) {
        rows.sort_by_key(Value::to_string);
    }
    answer
}

#[test]
fn every_written_question_has_the_same_answer() {
    let (database, whole) = (partitioned(), shop::shared());
    let written = written::queries("examples");
    let mut answered = 0;
    for identity in [SEATTLE, PUGET_SOUND, HEAD_OFFICE] {
        let mut by_month = Client::serve(&database, identity);
        let mut whole = Client::serve(&whole, identity);
        for question in &written {
            let (here, there) = (asked(&mut by_month, &question.sql), asked(&mut whole, &question.sql));
            assert_eq!(here, there, "{}: {}", question.file, question.sql);
            answered += usize::from(here["r"].is_array());
        }
        for period in ["2026-Q2", "2025", "2026-06"] {
            let ask =
                |client: &mut Client| client.call("get_store_performance", json!({"time_period": period}));
            let (here, there) = (ask(&mut by_month), ask(&mut whole));
            assert!(!here.is_error && here.text.contains("revenue"), "{}", here.text);
            assert_eq!(here.text, there.text);
        }
    }
    assert!(answered >= 120, "{answered} of 3 times {}", written.len());
}

#[test]
fn a_period_reads_its_months_only_with_the_join_that_reviews_use() {
    let database = partitioned();
    let plan = |sql: &str| database.plan("COSTS OFF", sql);
    let of_may = "o.order_date >= TIMESTAMP '2026-05-01' AND o.order_date < TIMESTAMP '2026-06-01'";
    let read = plan(&format!(
        "SELECT sum(i.total_amount) FROM retail.orders AS o
         JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id AND i.order_date = o.order_date
         WHERE {of_may}"
    ));
    assert!(read.contains("orders_2026_05") && read.contains("order_items_2026_05"), "{read}");
    assert!(!read.contains("_2026_04") && !read.contains("_default"), "{read}");
    // by the key without the date, every month is looked into
    let all = plan(&format!(
        "SELECT sum(i.total_amount) FROM retail.orders AS o
         JOIN retail.order_items AS i ON i.order_id = o.order_id AND i.store_id = o.store_id WHERE {of_may}"
    ));
    assert!(all.contains("order_items_2026_04") && !all.contains(" orders_2026_04"), "{all}");
}

#[test]
fn partitions_are_read_through_their_table_only_and_described_as_one() {
    let database = partitioned();
    let mut client = Client::serve(&database, SEATTLE);
    let orders = client.query("SELECT count(*) > 0, count(DISTINCT store_id) FROM retail.orders");
    assert_eq!(orders["r"], json!([[true, 1]]));
    for name in ["orders_2026_05", "order_items_2026_05", "orders_default"] {
        let said = client.refused(&format!("SELECT * FROM retail.{name}"));
        assert!(said.contains("permission denied"), "{said}");
    }
    let schema = client.call("get_multiple_table_schemas", json!({"table_names": ["retail.order_items"]}));
    assert!(
        schema.text.contains("order_date") && schema.text.contains("Partitioned by month"),
        "{}",
        schema.text
    );
    // its ends are told where an index leads to them: in the key of the lines the date comes last
    let of_date = |text: &str| text.lines().find(|line| line.starts_with("  order_date ")).map(str::to_owned);
    assert!(of_date(&schema.text).is_some_and(|line| !line.contains("..")), "{}", schema.text);
    let orders = client.call("get_multiple_table_schemas", json!({"table_names": ["retail.orders"]}));
    assert!(of_date(&orders.text).is_some_and(|line| line.contains("..")), "{}", orders.text);
    let schema = client.call("get_multiple_table_schemas", json!({"table_names": []}));
    assert!(schema.text.contains("retail.orders") && !schema.text.contains("2026_05"), "{}", schema.text);

    let mut doctor = database.admin(&["doctor", "--json", "--rls-user", SEATTLE]);
    doctor.env("DATABASE_URL", database.url(SEATTLE)).env("EMBEDDING_PROVIDER", "none");
    let report = doctor.output().expect("it runs");
    let text = String::from_utf8_lossy(&report.stdout);
    assert_eq!(report.status.code(), Some(0), "{text}");

    // A right on a partition, given by mistake: it shows nothing, and the database is not served.
    database.script("GRANT SELECT ON retail.orders_2026_05 TO zava_manager");
    let said = Client::serve(&database, SEATTLE).refused("SELECT 1");
    assert!(said.contains("orders_2026_05"), "{said}");
    let open = client.query("SELECT count(*) FROM retail.orders_2026_05");
    assert_eq!(open["r"], json!([[0]]));
}

#[test]
fn a_partitioned_shop_is_seeded_like_any_other() {
    let database = Database::empty();
    let said = partition(&database);
    assert!(said.contains("partitioned by month now"), "{said}");
    let sizes = ["--customers", "800", "--orders", "4000", "--until", "2026-06-30"];
    for more in [&[][..], &["--replace", "--yes"]] {
        let args = [&["db", "seed"], &sizes[..], more].concat();
        let seeded = database.admin(&args).output().expect("it runs");
        assert!(seeded.status.success(), "{seeded:?}");
        assert_eq!(database.value(HELD), shop::shared().value(HELD));
        assert_eq!((database.value(WITHOUT_MONTH), database.value(OPEN)), ("0".to_owned(), "0".to_owned()));
    }
    let valid = "SELECT (bool_and(indisvalid) AND count(*) >= 8)::text FROM pg_index
        WHERE indrelid IN ('retail.orders'::regclass, 'retail.order_items'::regclass)";
    assert_eq!(database.value(valid), "true");
    let references = "SELECT count(*)::text FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
        AND conrelid IN ('retail.orders'::regclass, 'retail.order_items'::regclass)";
    assert_eq!(database.value(references), "4");
}

#[test]
fn months_are_added_when_it_is_run_again_and_an_order_without_a_month_is_kept_all_the_same() {
    let database = partitioned();
    assert!(partition(&database).contains("added 0 months"));
    let last = database.value(
        "SELECT max(c.relname) FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE inhparent = 'retail.orders'::regclass AND c.relname <> 'orders_default'",
    );
    let lines = last.replace("orders_", "order_items_");
    let without_last = format!(
        "ALTER TABLE retail.order_items DETACH PARTITION retail.{lines}; DROP TABLE retail.{lines};
         ALTER TABLE retail.orders DETACH PARTITION retail.{last}; DROP TABLE retail.{last}"
    );
    let months = database.value(PARTITIONS);
    database.script(&without_last);
    assert!(partition(&database).contains("added 1 months"));
    assert_eq!(database.value(PARTITIONS), months);
    assert_eq!(database.value(OPEN), "0");

    // an order long before the first month, and one in a month whose partition is missing
    database.script(&format!(
        "{without_last};
         INSERT INTO retail.orders (order_id, customer_id, store_id, order_date, total_amount, status)
         SELECT gen_random_uuid(), c.customer_id, c.store_id, d, 12.34, 'completed'
         FROM (SELECT customer_id, store_id FROM retail.customers JOIN retail.stores USING (store_id) WHERE name LIKE '%Seattle' LIMIT 1) AS c,
           unnest(ARRAY[TIMESTAMP '1999-12-31 10:00', to_timestamp('{month}-15', 'YYYY_MM-DD')::timestamp]) AS d",
        month = last.trim_start_matches("orders_"),
    ));
    assert_eq!(database.value(WITHOUT_MONTH), "2");
    assert!(partition(&database).contains("added 0 months"), "its rows lie in the default partition");
    let mut client = Client::serve(&database, SEATTLE);
    assert_eq!(client.value("SELECT count(*) FROM retail.orders WHERE total_amount = 12.34"), 2);
}

#[test]
fn what_belongs_to_the_tables_comes_along_and_a_trigger_stops_it_first() {
    let database = Database::copy();
    database.script(
        "CREATE ROLE zava_test_till NOLOGIN; GRANT INSERT ON retail.orders TO zava_test_till;
         GRANT UPDATE (status) ON retail.orders TO zava_test_till;
         CREATE INDEX by_status ON retail.orders (status) WHERE status = 'pending';
         CREATE FUNCTION public.zava_test_noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER noop BEFORE INSERT ON retail.orders FOR EACH ROW EXECUTE FUNCTION public.zava_test_noop()",
    );
    let policies = "SELECT md5(string_agg(concat_ws('|', tablename, policyname, permissive, roles, cmd, qual), ',' ORDER BY tablename, policyname)) FROM pg_policies";
    let before = (database.value(HELD), database.value(policies));
    let output = database.admin(&["db", "create", "--partitioned"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("DATABASE_ERROR (triggers_in_the_way)") && said.contains("noop on retail.orders"),
        "{said}"
    );
    assert_eq!(
        database.value("SELECT relkind::text FROM pg_class WHERE oid = 'retail.orders'::regclass"),
        "r"
    );

    database.script("DROP TRIGGER noop ON retail.orders");
    partition(&database);
    assert_eq!((database.value(HELD), database.value(policies)), before);
    let came = database.value(
        "SELECT concat_ws(' ', has_table_privilege('zava_test_till', 'retail.orders', 'INSERT'),
           has_column_privilege('zava_test_till', 'retail.orders', 'status', 'UPDATE'),
           has_table_privilege('zava_test_till', 'retail.orders', 'UPDATE'),
           pg_get_indexdef('retail.by_status'::regclass))",
    );
    assert!(came.starts_with("t t f CREATE INDEX by_status ON ONLY retail.orders"), "{came}");
    database.script("DROP OWNED BY zava_test_till; DROP ROLE zava_test_till");
}

/// What Citus asks of tables that are distributed by store.
#[test]
fn every_key_of_a_table_with_store_data_contains_the_store_partitioned_or_not() {
    let keys = "SELECT concat_ws(' ', count(*), count(*) FILTER (WHERE NOT EXISTS (
          SELECT FROM pg_attribute AS a
          WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname = 'store_id')))
        FROM pg_constraint AS k
        WHERE k.conparentid = 0 AND k.conrelid IN ('retail.customers'::regclass, 'retail.orders'::regclass, 'retail.order_items'::regclass, 'retail.inventory'::regclass)
          AND (k.contype IN ('p', 'u') OR k.contype = 'f' AND k.confrelid NOT IN ('retail.products'::regclass))";
    // four primary keys; references to stores, customers and orders
    assert_eq!(shop::shared().value(keys), "9 0");
    assert_eq!(partitioned().value(keys), "9 0");
}
