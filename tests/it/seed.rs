//! `db seed` makes the same true shop every time, and all of it or nothing.

mod harness;
mod safety;
mod stories;

use harness::{Shop, sample};

#[tokio::test]
async fn the_same_plan_gives_the_same_rows_in_the_same_order() {
    let sizes = ["--customers", "400", "--orders", "3000", "--until", "2026-05-17"];
    let one = Shop::empty("seed_same_one").await;
    let two = Shop::empty("seed_same_two").await;
    let other = Shop::empty("seed_same_other").await;
    one.seeded(&sizes);
    two.seeded(&sizes);
    other.seeded(&[&sizes[..], &["--seed", "43"]].concat());
    assert_eq!(one.count("SELECT count(*) FROM retail.orders").await, 3_000);
    assert_eq!(one.fingerprints().await, two.fingerprints().await);
    let (ours, theirs) = (one.fingerprints().await, other.fingerprints().await);
    for table in ["customers", "orders", "order_items", "inventory"] {
        assert_ne!(ours[table], theirs[table], "{table}: another seed, other rows");
    }
    assert_eq!(ours["products"], theirs["products"], "products do not depend on the seed");
}

#[tokio::test]
async fn the_sizes_are_those_of_the_plan() {
    let shop = sample().await;
    assert_eq!(shop.count("SELECT count(*) FROM retail.orders").await, 200_000);
    assert_eq!(shop.count("SELECT count(*) FROM retail.customers").await, 50_000);
    assert_eq!(shop.count("SELECT count(*) FROM retail.categories").await, 9);
    let lines = shop.number("SELECT count(*) FROM retail.order_items").await;
    assert!((2.05..2.15).contains(&(lines / 200_000.0)), "{lines}");
    let every =
        "SELECT count(*) - (SELECT count(*) FROM retail.products) * (SELECT count(*) FROM retail.stores)
                 FROM retail.inventory";
    assert_eq!(shop.count(every).await, 0, "every product in every store");
}

#[tokio::test]
async fn nothing_happens_after_the_last_day_or_before_the_first() {
    let shop = sample().await;
    for (table, column) in
        [("orders", "order_date"), ("customers", "created_at"), ("inventory", "updated_at")]
    {
        let last = format!("SELECT count(*) FROM retail.{table} WHERE {column}::date = '2026-05-17'");
        assert!(shop.number(&last).await > 0.0, "{table} on the last day");
        let late = format!("SELECT count(*) FROM retail.{table} WHERE {column} >= '2026-05-18'");
        assert_eq!(shop.count(&late).await, 0, "{table}");
    }
    assert_eq!(shop.count("SELECT count(*) FROM retail.orders WHERE order_date < '2020-05-18'").await, 0);
    let too_new = "SELECT count(*) FROM retail.products
                   WHERE created_at >= (SELECT min(order_date) FROM retail.orders)";
    assert_eq!(shop.count(too_new).await, 0);
    let stranger =
        "SELECT count(*) FROM retail.orders AS o JOIN retail.customers AS c USING (customer_id, store_id)
                    WHERE o.order_date < c.created_at";
    assert_eq!(shop.count(stranger).await, 0, "customers register before they buy");
    let unopened = "SELECT count(*) FROM retail.orders AS o JOIN retail.stores AS s USING (store_id)
                    WHERE o.order_date < s.created_at";
    assert_eq!(shop.count(unopened).await, 0);
}

#[tokio::test]
async fn lines_and_orders_add_up_and_stay_in_one_store() {
    let shop = sample().await;
    let discounted = "SELECT count(*) FROM retail.order_items WHERE discount_amount > 0";
    assert!(shop.number(discounted).await > 1_000.0);
    let wrong_discount = "SELECT count(*) FROM retail.order_items
        WHERE discount_amount <> round(unit_price * quantity * discount_percent / 100, 2)";
    assert_eq!(shop.count(wrong_discount).await, 0);
    let wrong_total = "SELECT count(*) FROM retail.orders AS o
        LEFT JOIN (SELECT order_id, sum(total_amount) AS total FROM retail.order_items GROUP BY order_id) AS i
          USING (order_id)
        WHERE o.total_amount IS DISTINCT FROM i.total";
    assert_eq!(shop.count(wrong_total).await, 0);
    let astray = "SELECT count(*) FROM retail.order_items AS i JOIN retail.orders AS o USING (order_id)
                  WHERE i.store_id <> o.store_id";
    assert_eq!(shop.count(astray).await, 0);
    let twice = "SELECT count(*) FROM
        (SELECT FROM retail.order_items GROUP BY order_id, product_id HAVING count(*) > 1) AS twice";
    assert_eq!(shop.count(twice).await, 0, "no product twice in a basket");
}

#[tokio::test]
async fn people_are_recognisably_invented() {
    let shop = sample().await;
    let count = "SELECT count(DISTINCT email) FROM retail.customers";
    assert_eq!(shop.count(count).await, 50_000);
    let odd = r"SELECT count(*) FROM retail.customers
        WHERE email !~ '^[a-z]+\.[a-z]+\.[0-9]+@example\.com$' OR phone !~ '^\((206|253|360|425|509)\) 555-01[0-9]{2}$'";
    assert_eq!(shop.count(odd).await, 0);
    let loyal = "WITH ranked AS (SELECT count(*) AS orders, ntile(10) OVER (ORDER BY count(*) DESC) AS tenth
                                 FROM retail.orders GROUP BY customer_id)
                 SELECT 100 * sum(orders) FILTER (WHERE tenth = 1) / sum(orders) FROM ranked";
    let share = shop.number(loyal).await;
    assert!((35.0..65.0).contains(&share), "the best tenth buys {share} percent");
}

#[tokio::test]
async fn small_shops_work_and_sizes_that_make_no_shop_are_refused() {
    let shop = Shop::empty("seed_small").await;
    let refusal = shop.refused(&["--customers", "50", "--orders", "0"]);
    assert!(refusal.contains("seed_size_out_of_range") && refusal.contains("--orders 0"), "{refusal}");
    let refusal = shop.refused(&["--until", "2001-01-01"]);
    assert!(refusal.contains("seed_until_out_of_range"), "{refusal}");
    assert_eq!(shop.count("SELECT count(*) FROM retail.products").await, 0, "refused before writing");
    let said = shop.seeded(&["--customers", "50", "--orders", "200"]);
    assert!(said.contains("200 orders") && said.contains("rows/s"), "{said}");
    assert_eq!(shop.count("SELECT count(*) FROM retail.orders").await, 200);
    assert_eq!(
        shop.count("SELECT count(*) FROM retail.orders WHERE order_date::date > current_date").await,
        0
    );
}
