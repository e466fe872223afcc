//! `db protect` on a schema that nobody here designed: text keys, other tables, no row security, an owner without power.

use serde_json::json;

use crate::protect::run;
use crate::support::mcp::Client;
use crate::support::shop::Database;

const PROTECT: [&str; 6] =
    ["db", "protect", "--store-column", "transfers=from_branch", "--shared", "suppliers"];

/// Three stores, two managers; sales by `store_id`, visits by their only foreign key, transfers by one of two.
const SHOP: &str = "CREATE SCHEMA retail;
CREATE TABLE retail.stores (code text PRIMARY KEY, name text NOT NULL, manager_id uuid);
CREATE TABLE retail.sales (sale int PRIMARY KEY, store_id varchar(9), total int);
CREATE TABLE retail.\"Visits\" (visit int, branch text REFERENCES retail.stores);
CREATE TABLE retail.transfers (item text, from_branch text REFERENCES retail.stores, to_branch text REFERENCES retail.stores);
CREATE TABLE retail.suppliers (supplier text);
CREATE TABLE retail.payroll (employee text, salary int);
CREATE TABLE retail.clicks (at date, store_id text) PARTITION BY RANGE (at);
CREATE TABLE retail.clicks_now PARTITION OF retail.clicks DEFAULT;
INSERT INTO retail.stores VALUES ('no''rth', 'Branch', 'NORTH'),
  ('south', 'Branch', 'TWO'), ('west', 'West', 'TWO');
INSERT INTO retail.sales VALUES (1, 'no''rth', 10), (2, 'south', 20), (3, 'west', 30), (4, NULL, 40);
INSERT INTO retail.\"Visits\" VALUES (1, 'no''rth'), (2, 'south'), (3, 'south');
INSERT INTO retail.transfers VALUES ('saw', 'no''rth', 'south'), ('axe', 'south', 'no''rth');
INSERT INTO retail.clicks VALUES ('2026-01-01', 'no''rth'), ('2026-01-02', 'west');
INSERT INTO retail.suppliers VALUES ('Oak');
INSERT INTO retail.payroll VALUES ('Kim', 1);
DO $$ BEGIN CREATE ROLE it_writer LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
GRANT USAGE ON SCHEMA retail TO it_writer;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA retail TO it_writer;";

/// The shop and the ids of its two managers, each test's its own: logins belong to the whole server.
fn shop(test: u8) -> (Database, String, String) {
    let database = Database::empty();
    let [north, two] = [1, 2].map(|manager| format!("5e0a7c{test}{manager}-0001-4000-8000-0000000000aa"));
    database.script(&SHOP.replace("NORTH", &north).replace("TWO", &two));
    (database, north, two)
}

#[test]
fn managers_see_their_stores_and_everybody_else_what_they_saw() {
    let (database, north, two) = shop(1);
    let answer = run(&database, &PROTECT);
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(answer.stdout.contains("closed     retail.payroll"), "{answer:?}");
    let sums = "SELECT (SELECT string_agg(code, ' ' ORDER BY code) FROM retail.stores), (SELECT sum(total) FROM retail.sales), \
        (SELECT count(*) FROM retail.\"Visits\"), (SELECT string_agg(item, ' ') FROM retail.transfers), \
        (SELECT count(*) FROM retail.clicks), (SELECT count(*) FROM retail.suppliers)";
    for (identity, seen) in
        [(&north, json!(["no'rth", 10, 1, "saw", 1, 1])), (&two, json!(["south west", 50, 2, "axe", 1, 1]))]
    {
        let mut client = Client::serve(&database, identity);
        assert_eq!(client.query(sums)["r"][0], seen, "{identity}");
        for closed in ["payroll", "clicks_now"] {
            let text = client.refused(&format!("SELECT * FROM retail.{closed}"));
            assert!(text.starts_with("AUTHORIZATION_ERROR (permission_denied)"), "{text}");
        }
    }
    // two stores of one id make a region, called by their keys because the names are not unique
    let listed = run(&database, &["identity", "list"]).stdout;
    assert!(
        listed.lines().any(|line| line.starts_with(&two) && line.ends_with("regional     south, west")),
        "{listed}"
    );
    database.script(
        "SET SESSION AUTHORIZATION it_writer; INSERT INTO retail.sales VALUES (5, 'south', 1);
         DO $$ BEGIN IF (SELECT count(*) FROM retail.sales) <> 5 THEN RAISE 'fewer'; END IF; END $$",
    );
    let again = run(&database, &["db", "protect"]);
    assert!(
        again.code == Some(0) && again.stdout.contains("nothing was changed"),
        "choices are kept: {again:?}"
    );
}

#[test]
fn a_table_that_comes_later_is_protected_by_the_next_run() {
    let (database, north, _) = shop(2);
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    database.script("CREATE TABLE retail.returns AS SELECT * FROM retail.sales");
    let again = run(&database, &PROTECT);
    assert_eq!(again.stdout.matches("protected  ").count(), 1, "{again:?}");
    assert_eq!(Client::serve(&database, &north).value("SELECT sum(total) FROM retail.returns"), 10);
}

#[test]
fn what_nobody_can_know_is_asked_for() {
    let (database, ..) = shop(3);
    let unclear = run(&database, &["db", "protect"]);
    assert!(
        unclear.stderr.contains("(store_column)") && unclear.stderr.contains("retail.transfers"),
        "{unclear:?}"
    );
    database.script("ALTER TABLE retail.sales ALTER store_id TYPE uuid USING NULL");
    let unfit = run(&database, &PROTECT);
    assert!(
        unfit.stderr.contains("(store_key)") && unfit.stderr.contains("retail.sales.store_id"),
        "{unfit:?}"
    );
    assert_eq!(database.value("SELECT count(*)::text FROM pg_policy"), "0");
}

#[test]
fn an_owner_without_power_protects_and_goes_on_owning() {
    let (database, north, _) = shop(4);
    database.script(&format!(
        "DO $$ BEGIN CREATE ROLE it_owner LOGIN PASSWORD 'hunter2'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT zava_owner TO it_owner;
         ALTER DATABASE {} OWNER TO it_owner; ALTER SCHEMA retail OWNER TO it_owner;
         DO $$ DECLARE t regclass; BEGIN
           FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'retail'::regnamespace AND relkind IN ('r', 'p') LOOP
             EXECUTE format('ALTER TABLE %s OWNER TO it_owner', t);
           END LOOP;
         END $$;
         ALTER TABLE retail.sales ENABLE ROW LEVEL SECURITY",
        database.name
    ));
    let url = database.url_as("it_owner", "hunter2");
    let answer = run(&database, &[&PROTECT[..], &["--admin-url", &url, "--from-stores", "none"]].concat());
    assert_eq!(answer.code, Some(0), "{answer:?}");
    database.script(
        "SET SESSION AUTHORIZATION it_owner;
         UPDATE retail.sales SET total = total; DELETE FROM retail.suppliers;
         DO $$ BEGIN IF (SELECT count(*) FROM retail.sales) <> 4 THEN RAISE 'fewer'; END IF; END $$",
    );
    // a superuser adds the people; the mapping follows the key that was changed, and never blocks a removal
    assert_eq!(run(&database, &["db", "protect"]).code, Some(0));
    database.script(
        "DELETE FROM retail.\"Visits\"; DELETE FROM retail.transfers;
         UPDATE retail.stores SET code = 'northern' WHERE code LIKE 'no%'",
    );
    assert_eq!(Client::serve(&database, &north).value("SELECT code FROM retail.stores"), "northern");
    database.script("DELETE FROM retail.stores");
    assert_eq!(Client::serve(&database, &north).value("SELECT count(*) FROM retail.sales"), 0);
    let again = run(&database, &["db", "protect", "--admin-url", &url]);
    assert!(again.code == Some(0) && again.stdout.contains("nothing was changed"), "{again:?}");
}
