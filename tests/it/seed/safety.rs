//! `db seed` changes everything or nothing, and never what is not the shop's.

use super::harness::Shop;

const SMALL: [&str; 6] = ["--customers", "60", "--orders", "400", "--until", "2026-05-17"];

/// Tables, forced row security, constraints and indexes as one text.
const STRUCTURE: &str = "
    SELECT string_agg(line, chr(10) ORDER BY line) FROM (
      SELECT format('%s %s %s', oid::regclass, relrowsecurity, relforcerowsecurity) AS line FROM pg_class
      WHERE relnamespace = 'retail'::regnamespace AND relkind = 'r'
      UNION ALL
      SELECT format('%s %s %s %s', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'retail'::regnamespace
      UNION ALL
      SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indrelid
      WHERE relnamespace = 'retail'::regnamespace) AS structure";

const FORCED: &str = "SELECT count(*) FROM pg_class
    WHERE relnamespace = 'retail'::regnamespace AND relforcerowsecurity";

const ORDERS: &str = "SELECT count(*) FROM retail.orders";

#[tokio::test]
async fn a_filled_shop_is_refused_and_stays_as_it_is() {
    let shop = Shop::empty("seed_refused").await;
    shop.seeded(&SMALL);
    let before = shop.fingerprints().await;
    let refusal = shop.refused(&SMALL);
    assert!(refusal.contains("already_seeded") && refusal.contains("--replace"), "{refusal}");
    let refusal = shop.refused(&[&SMALL[..], &["--replace"]].concat());
    assert!(refusal.contains("not_confirmed"), "nobody was there to say yes: {refusal}");
    let left = shop.seeded(&[&SMALL[..], &["--if-empty"]].concat());
    assert!(left.contains("nothing was changed"), "{left}");
    assert_eq!(shop.fingerprints().await, before);
    assert_eq!(shop.count(ORDERS).await, 400);
}

#[tokio::test]
async fn until_today_means_until_now() {
    let shop = Shop::empty("seed_today").await;
    shop.seeded(&["--customers", "400", "--orders", "40000"]);
    let now = jiff::Zoned::now().datetime();
    let recent = format!(
        "SELECT count(*) FROM retail.orders WHERE order_date > '{now}'::timestamp - interval '3 days'"
    );
    assert!(shop.count(&recent).await > 0);
    for (table, column) in
        [("orders", "order_date"), ("customers", "created_at"), ("inventory", "updated_at")]
    {
        let ahead = format!("SELECT count(*) FROM retail.{table} WHERE {column} > '{now}'");
        assert_eq!(shop.count(&ahead).await, 0, "{table}");
    }
}

#[tokio::test]
async fn replacing_empties_the_shop_but_neither_stores_nor_identities() {
    let shop = Shop::empty("seed_replaced").await;
    shop.seeded(&SMALL);
    shop.run(
        "INSERT INTO zava.principal VALUES ('somebody', gen_random_uuid(), 'store', 'Somebody');
         INSERT INTO zava.principal_store SELECT 'somebody', store_id FROM retail.stores LIMIT 1;
         INSERT INTO retail.product_description_embeddings
           SELECT product_id, 'm', '[1]', sha256('x'), now() FROM retail.products LIMIT 1",
    )
    .await;
    let stores = "SELECT md5(string_agg(s::text, '' ORDER BY name)) FROM retail.stores AS s";
    let (before, old) = (shop.text(stores).await, shop.fingerprints().await);
    shop.seeded(&[&SMALL[..], &["--seed", "7", "--replace", "--yes"]].concat());
    assert_eq!(shop.count(ORDERS).await, 400);
    assert_ne!(shop.fingerprints().await["orders"], old["orders"]);
    assert_eq!(shop.text(stores).await, before);
    assert_eq!(shop.count("SELECT count(*) FROM zava.principal_store WHERE login = 'somebody'").await, 1);
    assert_eq!(shop.count("SELECT count(*) FROM retail.product_description_embeddings").await, 0);
}

#[tokio::test]
async fn a_failure_at_the_end_leaves_the_database_as_it_was() {
    let shop = Shop::empty("seed_failed").await;
    shop.seeded(&SMALL);
    let (rows, structure) = (shop.fingerprints().await, shop.text(STRUCTURE).await);
    shop.run("ALTER TABLE retail.inventory ADD CONSTRAINT nothing_fits CHECK (stock_level < 0) NOT VALID")
        .await;
    let refusal = shop.refused(&[&SMALL[..], &["--seed", "7", "--replace", "--yes"]].concat());
    assert!(refusal.contains("retail.inventory") && refusal.contains("nothing_fits"), "{refusal}");
    shop.run("ALTER TABLE retail.inventory DROP CONSTRAINT nothing_fits").await;
    assert_eq!(shop.count(ORDERS).await, 400);
    assert_eq!(shop.fingerprints().await, rows);
    assert_eq!(shop.text(STRUCTURE).await, structure);
}

#[tokio::test]
async fn indexes_references_and_row_security_are_the_same_afterwards() {
    let shop = Shop::empty("seed_structure").await;
    let before = shop.text(STRUCTURE).await;
    assert!(before.contains("FOREIGN KEY") && before.contains("CREATE INDEX"), "{before}");
    shop.seeded(&SMALL);
    assert_eq!(shop.text(STRUCTURE).await, before);
    assert_eq!(
        shop.count("SELECT min(reltuples) FROM pg_class WHERE oid = 'retail.orders'::regclass").await,
        400
    );
}

#[tokio::test]
async fn the_tables_owner_seeds_the_same_shop_and_row_security_is_forced_again() {
    let (ours, theirs) = (Shop::empty("seed_superuser").await, Shop::empty("seed_owner").await);
    theirs
        .run(
            "DROP ROLE IF EXISTS seed_test_owner;
             CREATE ROLE seed_test_owner LOGIN PASSWORD 'secret' IN ROLE zava_owner;
             GRANT CONNECT ON DATABASE seed_owner TO seed_test_owner",
        )
        .await;
    assert_eq!(theirs.count(FORCED).await, 5);
    ours.seeded(&SMALL);
    let structure = theirs.text(STRUCTURE).await;
    theirs.as_login("seed_test_owner", "secret").seeded(&SMALL);
    assert_eq!(theirs.count(ORDERS).await, 400);
    assert_eq!(ours.fingerprints().await, theirs.fingerprints().await);
    assert_eq!(theirs.count(FORCED).await, 5);
    assert_eq!(theirs.text(STRUCTURE).await, structure);
}

#[tokio::test]
async fn a_login_that_does_not_own_the_tables_is_refused() {
    let shop = Shop::empty("seed_stranger").await;
    shop.run(
        "DROP ROLE IF EXISTS seed_test_stranger;
         CREATE ROLE seed_test_stranger LOGIN PASSWORD 'secret';
         GRANT CONNECT ON DATABASE seed_stranger TO seed_test_stranger",
    )
    .await;
    let refusal = shop.as_login("seed_test_stranger", "secret").refused(&SMALL);
    assert!(refusal.contains("not_owner"), "{refusal}");
    assert!(!refusal.contains("secret"), "{refusal}");
    assert_eq!(shop.count(ORDERS).await, 0);
}

#[tokio::test]
async fn a_database_without_the_schema_is_refused_with_the_next_step() {
    let shop = Shop::empty("seed_bare").await;
    shop.run("DROP SCHEMA retail CASCADE").await;
    let refusal = shop.refused(&SMALL);
    assert!(refusal.contains("schema_missing") && refusal.contains("db create"), "{refusal}");
}
