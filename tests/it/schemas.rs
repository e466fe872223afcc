//! `get_multiple_table_schemas`: the whole schema in 8 KB or chosen tables in full, with values as the caller sees them.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, REDMOND, SEATTLE, STORE_TABLES};

#[track_caller]
fn described(client: &mut Client, names: &[&str]) -> String {
    let called = client.call("get_multiple_table_schemas", json!({"table_names": names}));
    assert!(!called.is_error, "{}", called.text);
    called.text
}

const OTHERS: &str = "store_id <> (SELECT store_id FROM retail.stores WHERE name = 'Zava Retail Seattle')";

#[test]
fn the_whole_schema_fits_into_eight_kilobytes_for_everybody() {
    for who in [SEATTLE, PUGET_SOUND, HEAD_OFFICE] {
        let text = described(&mut Client::serve(&shop::shared(), who), &[]);
        assert!(text.len() <= 8 * 1024, "{} bytes", text.len());
        assert_eq!(text.matches("\n\n").count(), 8, "nine tables: {text}");
        assert!(text.contains("-- ") && !text.contains("zava.") && !text.contains("Shortened"), "{text}");
    }
    let Some(database) = crate::original::original() else { return };
    let text = described(&mut crate::original::serve(database, SEATTLE), &[]);
    assert!(text.len() <= 8 * 1024 && text.contains("retail.orders (10,000+ rows)"), "{text}");
    assert!(text.contains("retail.inventory (424 rows)"), "the policies of the original: {text}");
}

#[test]
fn rows_and_values_are_those_the_caller_sees() {
    let database = shop::shared();
    for (who, name) in [(SEATTLE, "Seattle"), (REDMOND, "Redmond")] {
        let mut client = Client::serve(&database, who);
        let text = described(&mut client, &[]);
        let orders = client.value("SELECT count(*) FROM retail.orders");
        assert!(text.contains(&format!("retail.orders ({orders} rows)")), "{text}");
        assert!(text.contains(&format!("  name text NOT NULL {{Zava Retail {name}}}")), "{text}");
        let days =
            client.value("SELECT min(order_date)::date || '..' || max(order_date)::date FROM retail.orders");
        let days = days.as_str().expect("text");
        assert!(text.contains(&format!("  order_date timestamp NOT NULL {days}")), "{days}: {text}");
        let other = if name == "Seattle" { "Retail Redmond" } else { "Retail Spokane" };
        assert!(!text.contains(other), "{text}");
    }
    let all = described(&mut Client::serve(&database, HEAD_OFFICE), &["stores"]);
    assert!(all.contains("(8 rows)") && all.contains("Zava Retail Redmond|"), "{all}");
}

/// The strongest form: whatever other stores hold, the description stays the same to the last byte.
#[test]
fn other_stores_rows_change_nothing_in_a_description() {
    let database = Database::copy();
    let ask = || {
        let mut client = Client::serve(&database, SEATTLE);
        [described(&mut client, &[]), described(&mut client, &STORE_TABLES)]
    };
    let before = ask();
    database.script(&format!(
        "UPDATE retail.stores SET name = 'Aaa ' || name, location = 'Aaa' WHERE {OTHERS};
         UPDATE retail.customers SET first_name = 'Aaa', phone = '000' WHERE {OTHERS};
         UPDATE retail.orders SET order_date = '1999-01-01', total_amount = 0 WHERE {OTHERS};
         UPDATE retail.inventory SET reorder_level = 77, stock_level = 78 WHERE {OTHERS};
         DELETE FROM retail.order_items WHERE {OTHERS};
         ANALYZE"
    ));
    assert_eq!(ask(), before);
    database.script("UPDATE retail.inventory SET reorder_level = 77");
    assert_ne!(ask(), before, "own rows do change it");
}

#[test]
fn chosen_tables_come_with_keys_references_checks_indexes_and_examples() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    let text = described(&mut client, &["retail.orders", "products", "retail.orders"]);
    for line in [
        "  PRIMARY KEY (order_id, store_id)\n",
        "  FOREIGN KEY (customer_id, store_id) -> retail.customers (customer_id, store_id)\n",
        "  CHECK (total_amount >= (0)::numeric)\n",
        "  INDEX (store_id, order_date)\n",
        "  <- retail.order_items (order_id, store_id)\n",
        "  UNIQUE (sku)\n",
        "  status text NOT NULL {completed|returned|pending} -- ",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert_eq!(text.matches("retail.orders (").count(), 1, "named twice, described once: {text}");
    let sku = client.value("SELECT min(sku) FROM retail.products");
    let example = format!("  sku text NOT NULL e.g. {}|", sku.as_str().expect("text"));
    assert!(text.contains(&example), "{example} in {text}");
    assert!(!text.contains("pending') "), "a list of values is not said twice: {text}");
}

#[test]
fn enums_views_odd_names_and_control_characters_are_described() {
    let database = Database::copy();
    database.script(
        "CREATE TYPE retail.size AS ENUM ('small', 'large');
         CREATE TABLE retail.\"Odd \"\"Name\" (\"a;b\" retail.size, note text, \"from\" int[]);
         INSERT INTO retail.\"Odd \"\"Name\" VALUES ('small', E'two\\nlines', '{1}');
         CREATE VIEW retail.open_types WITH (security_invoker) AS SELECT type_name FROM retail.product_types WHERE type_name = 'Hammers';
         COMMENT ON TABLE retail.\"Odd \"\"Name\" IS E'First\\n  second';
         GRANT SELECT ON retail.\"Odd \"\"Name\", retail.open_types TO zava_manager",
    );
    let text = described(&mut Client::serve(&database, SEATTLE), &[]);
    for line in [
        "retail.Odd \"Name (1 row) -- First second\n",
        "  a;b size {small|large}\n",
        "  note text {two lines}\n",
        "  from integer[]\n",
        "retail.open_types (1 row)\n  type_name text {Hammers}\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn columns_that_may_not_be_read_show_nowhere() {
    let database = Database::copy();
    database.script(
        "REVOKE SELECT ON retail.orders FROM zava_manager;
         GRANT SELECT (order_id, order_date) ON retail.orders TO zava_manager",
    );
    let mut client = Client::serve(&database, SEATTLE);
    let text = described(&mut client, &["retail.orders"]);
    assert!(text.contains("  order_date timestamp") && !text.contains("store_id"), "{text}");
    assert!(!text.contains("total_amount") && !text.contains("status"), "{text}");
    assert!(!described(&mut client, &["order_items"]).contains("-> retail.orders (order_id, store_id)"));
}

#[test]
fn many_tables_are_shortened_to_eight_kilobytes_and_it_is_said() {
    let database = Database::copy();
    let make = |from: u32, to: u32| {
        let sql = format!(
            "DO $$ BEGIN FOR i IN {from}..{to} LOOP EXECUTE format('CREATE TABLE retail.notes_of_the_year_%s (note_id int PRIMARY KEY, \
             text_of_the_note text, written_on date); GRANT SELECT ON retail.notes_of_the_year_%s TO zava_manager', i, i); END LOOP; END $$"
        );
        database.script(&sql);
    };
    let ask = || described(&mut Client::serve(&database, SEATTLE), &[]);
    make(1, 30);
    let few = ask();
    assert!(few.contains("  text_of_the_note text\n") && few.len() <= 8 * 1024, "{} bytes: {few}", few.len());
    make(31, 90);
    let more = ask();
    assert!(more.contains("retail.notes_of_the_year_90(note_id, text_of_the_note, written_on)\n"), "{more}");
    make(91, 200);
    let names = ask();
    assert!(
        names.contains("\nretail.notes_of_the_year_200\n") && names.contains("\nretail.orders\n"),
        "{names}"
    );
    make(201, 600);
    let cut = ask();
    assert!(cut.contains(" more tables\n"), "{cut}");
    for text in [more, names, cut] {
        assert!(
            text.len() <= 8 * 1024 && text.contains("call again with the table_names you need"),
            "{text}"
        );
    }
    let one = described(&mut Client::serve(&database, SEATTLE), &["notes_of_the_year_7"]);
    assert!(one.contains("  PRIMARY KEY (note_id)\n"), "{one}");
}

#[test]
fn a_long_table_is_counted_to_ten_thousand_and_its_values_are_examples() {
    let database = Database::copy();
    database.script(
        "CREATE TABLE retail.visits (visit_id int PRIMARY KEY, door text);
         INSERT INTO retail.visits SELECT g, CASE g % 2 WHEN 0 THEN 'left' ELSE 'right' END FROM generate_series(1, 12000) AS g;
         UPDATE retail.visits SET door = 'late' WHERE visit_id = 12000;
         GRANT SELECT ON retail.visits TO zava_manager",
    );
    let text = described(&mut Client::serve(&database, SEATTLE), &["visits"]);
    assert!(text.contains("retail.visits (10,000+ rows)\n"), "{text}");
    assert!(text.contains("  door text e.g. left|right\n"), "not all values were seen: {text}");
}

#[test]
fn a_table_that_takes_too_long_is_described_without_its_rows() {
    let database = Database::copy();
    database.script(
        "CREATE VIEW retail.endless WITH (security_invoker) AS SELECT g AS n, 'x' AS word FROM generate_series(1, 100000000000) AS g
           WHERE g < 0;
         GRANT SELECT ON retail.endless TO zava_manager",
    );
    let mut client = Client::serve(&database, SEATTLE);
    let began = Instant::now();
    let text = described(&mut client, &[]);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert!(text.contains("retail.endless\n  n bigint\n"), "{text}");
    assert!(
        text.contains("retail.customers (186 rows)") && text.contains("\nretail.stores"),
        "the others are: {text}"
    );
    assert_eq!(client.value("SELECT 1"), 1);
}

#[test]
fn too_many_chosen_tables_are_named_instead() {
    let url = shop::shared().url(SEATTLE);
    let args = ["--rls-user", SEATTLE, "--max-bytes", "3000"];
    let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
    let text = described(&mut client, &["orders", "order_items", "products", "stores"]);
    assert!(
        text.contains("Left out for size, call again with these: ") && text.contains("retail.products"),
        "{text}"
    );
    assert!(text.len() < 3_400, "{} bytes", text.len());
}

#[test]
fn the_originals_tables_are_described_with_keys_and_own_rows() {
    let Some(database) = crate::original::original() else { return };
    let mut client = crate::original::serve(database, SEATTLE);
    let text = described(&mut client, &["retail.orders", "retail.customers"]);
    for line in [
        "  order_id integer PK\n",
        "  customer_id integer NOT NULL -> retail.customers.customer_id\n",
        "  PRIMARY KEY (order_id)\n",
        "  FOREIGN KEY (customer_id) -> retail.customers (customer_id)\n",
        "  <- retail.order_items (order_id)\n",
        "retail.orders (10,000+ rows)",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let others = client.value("SELECT count(*) FROM retail.customers");
    assert!(others.as_i64() > Some(10_000) && text.contains("retail.customers (10,000+ rows)"), "{text}");
}
