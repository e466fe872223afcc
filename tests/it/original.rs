//! The four tools on the original sample's database: integer keys, other column names, its own policies.
//!
//! The dump is not part of this project. `ZAVA_ORIGINAL_DUMP` names it; without it `scripts/test` says that these tests
//! check nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{Database, HEAD_OFFICE, SEATTLE};

/// The restored database, once for all tests; the test server is thrown away with it.
pub(crate) fn original() -> Option<&'static Database> {
    static RESTORED: OnceLock<Option<Database>> = OnceLock::new();
    RESTORED.get_or_init(restored).as_ref()
}

/// The database restored once more; none without the dump.
pub(crate) fn restored() -> Option<Database> {
    let dump = std::env::var_os("ZAVA_ORIGINAL_DUMP").map(PathBuf::from).filter(|dump| dump.is_file());
    dump.map(|dump| restore(&dump))
}

fn restore(dump: &Path) -> Database {
    let database = Database::empty();
    database.script(
        "DO $$ BEGIN CREATE ROLE store_manager LOGIN PASSWORD 'hunter2'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         CREATE EXTENSION vector",
    );
    let bin = PathBuf::from(std::env::var_os("ZAVA_PG_BIN_DIR").expect("scripts/test sets ZAVA_PG_BIN_DIR"));
    let restored =
        Command::new(bin.join("pg_restore")).arg("-d").arg(database.owner_url()).arg(dump).output();
    let restored = restored.expect("pg_restore runs");
    let count = database.value("SELECT count(*)::text FROM retail.orders");
    assert_eq!(count, "199908", "{}", String::from_utf8_lossy(&restored.stderr));
    database.script("ANALYZE");
    database
}

pub(crate) fn serve(database: &Database, identity: &str) -> Client {
    let url = database.url_as("store_manager", "hunter2");
    Client::spawn(&["--rls-user", identity, "--allow-asserted-identity"], &[("DATABASE_URL", &url)])
}

#[test]
fn an_identity_that_only_a_setting_carries_must_be_allowed_explicitly() {
    let Some(database) = original() else { return };
    let url = database.url_as("store_manager", "hunter2");
    let text = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &url)]).refused("SELECT 1");
    assert!(text.starts_with("AUTHORIZATION_ERROR (identity_asserted)"), "{text}");
    assert!(text.contains("--allow-asserted-identity"), "{text}");
}

#[test]
fn seattle_and_head_office_see_what_the_originals_policies_show_them() {
    let Some(database) = original() else { return };
    let counts = "SELECT (SELECT count(*) FROM retail.orders), (SELECT count(*) FROM retail.order_items), \
        (SELECT count(*) FROM retail.customers), (SELECT count(*) FROM retail.inventory)";
    let mut seattle = serve(database, SEATTLE);
    assert_eq!(seattle.query(counts)["r"][0], json!([55_210, 115_720, 20_269, 424]));
    let mut head_office = serve(database, HEAD_OFFICE);
    assert_eq!(head_office.query(counts)["r"][0], json!([199_908, 420_096, 50_000, 3_392]));
    // the policies compare text; the server always sends the canonical form
    let mut shouting = serve(database, &SEATTLE.to_uppercase());
    assert_eq!(shouting.value("SELECT count(*) FROM retail.orders"), 55_210);
    let mut stranger = serve(database, "11111111-2222-3333-4444-555555555555");
    assert_eq!(stranger.value("SELECT count(*) FROM retail.orders"), 0);
}

#[test]
fn a_question_in_the_originals_words_is_answered() {
    let Some(database) = original() else { return };
    let answer = serve(database, SEATTLE).query(
        "SELECT p.product_name, sum(oi.total_amount) AS revenue FROM retail.order_items oi \
         JOIN retail.products p USING (product_id) GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    );
    assert_eq!((answer["n"].clone(), answer["c"].clone()), (json!(20), json!(["product_name", "revenue"])));
}

#[test]
fn its_tables_are_described_with_their_references() {
    let Some(database) = original() else { return };
    let mut client = serve(database, SEATTLE);
    let called = client
        .call("get_multiple_table_schemas", json!({"table_names": ["retail.orders", "retail.products"]}));
    assert!(!called.is_error, "{}", called.text);
    for line in [
        "  order_id integer PK\n",
        "  customer_id integer NOT NULL -> retail.customers.customer_id\n",
        "  order_date date NOT NULL 20",
        "  product_name text NOT NULL",
        "  type_id integer NOT NULL -> retail.product_types.type_id\n",
    ] {
        assert!(called.text.contains(line), "{line} in {}", called.text);
    }
}

#[test]
fn its_products_are_found_by_words() {
    let Some(database) = original() else { return };
    let mut client = serve(database, SEATTLE);
    let ask = json!({"query_description": "claw hammer", "max_rows": 3});
    let found = client.call("semantic_search_products", ask);
    let found = found.structured.expect(&found.text);
    let name = found["r"][0][1].as_str().expect("a name").to_lowercase();
    assert!(name.contains("hammer"), "{found}");
    assert!(found["r"][0][6].as_i64().expect("stock of Seattle") > 0, "{found}");
    assert_eq!(found["searched_by"], "text");
}

#[test]
fn the_date_needs_no_database() {
    let Some(database) = original() else { return };
    assert!(serve(database, SEATTLE).call("get_current_utc_date", json!({})).text.ends_with('Z'));
}
