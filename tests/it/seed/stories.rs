//! Each thing that the sample shop is meant to show can be found with SQL.

use super::harness::{Shop, sample};

/// Lines with everything that a report groups by.
const LINES: &str = "
    (SELECT o.order_date, o.status, s.name AS store, s.region, c.category_name AS category, t.type_name AS kind, p.sku,
            i.*, extract(month FROM o.order_date) AS month, to_char(o.order_date, 'MM-DD') AS day
     FROM retail.order_items AS i
     JOIN retail.orders AS o USING (order_id, store_id)
     JOIN retail.stores AS s USING (store_id)
     JOIN retail.products AS p USING (product_id)
     JOIN retail.product_types AS t USING (product_type_id)
     JOIN retail.categories AS c ON c.category_id = p.category_id) AS line";

/// Lines a day of a category (or type) from one MM-DD to another, over all years.
async fn lines_a_day(shop: &Shop, what: &str, from: &str, to: &str) -> f64 {
    let sql = format!(
        "SELECT count(*) FILTER (WHERE {what})::float8 / count(DISTINCT order_date::date)
         FROM {LINES} WHERE day BETWEEN '{from}' AND '{to}'"
    );
    shop.number(&sql).await
}

async fn percent(shop: &Shop, of: &str, among: &str) -> f64 {
    let all = shop.number(&format!("SELECT count(*) FROM {LINES} WHERE {among}")).await;
    assert!(all > 50.0, "too few rows to say anything: {all} where {among}");
    shop.number(&format!("SELECT 100.0 * count(*) FROM {LINES} WHERE ({of}) AND ({among})")).await / all
}

async fn orders_of_year(shop: &Shop, store: &str, year: i32) -> f64 {
    let (from, to) = (format!("{}-05-18", year - 1), format!("{year}-05-18"));
    let sql = format!(
        "SELECT count(*) FROM retail.orders JOIN retail.stores USING (store_id)
         WHERE name LIKE '%{store}' AND order_date >= '{from}' AND order_date < '{to}'"
    );
    shop.number(&sql).await
}

#[tokio::test]
async fn the_shop_grows_and_each_store_in_its_own_way() {
    let shop = sample().await;
    let all = (orders_of_year(&shop, "", 2021).await, orders_of_year(&shop, "", 2026).await);
    let a_year = (all.1 / all.0).powf(0.2);
    assert!((1.04..1.08).contains(&a_year), "grows by {a_year} a year");
    for (store, low, high) in
        [("Online", 1.7, 2.4), ("Kirkland", 1.5, 2.2), ("Tacoma", 0.8, 1.0), ("Bellevue", 0.7, 0.95)]
    {
        let (first, last) =
            (orders_of_year(&shop, store, 2021).await, orders_of_year(&shop, store, 2026).await);
        assert!((low..high).contains(&(last / first)), "{store}: {first} to {last}");
    }
    let prices = "SELECT max(unit_price) / min(unit_price) FROM retail.order_items JOIN retail.products USING (product_id)
                  WHERE sku = 'HW-SCR-008'";
    assert!((1.17..1.23).contains(&shop.number(prices).await), "prices rise by 3 percent a year");
}

#[tokio::test]
async fn seasons_differ_by_category_and_region() {
    let shop = sample().await;
    let garden = "category = 'Garden & Outdoor' AND kind <> 'Snow & Ice'";
    let spring = lines_a_day(&shop, garden, "05-01", "05-31").await;
    let winter = lines_a_day(&shop, garden, "12-01", "12-31").await;
    assert!(spring > 4.0 * winter, "garden: {spring} against {winter} lines a day");
    let storage = "category = 'Storage & Organization'";
    let january = lines_a_day(&shop, storage, "01-23", "01-31").await;
    assert!(january > 1.4 * lines_a_day(&shop, storage, "06-01", "06-30").await, "storage in January");
    let snow = |region: &str| format!("region = '{region}' AND month IN (1, 2, 3)");
    let east = percent(&shop, "kind = 'Snow & Ice'", &snow("Eastern Washington")).await;
    let west = percent(&shop, "kind = 'Snow & Ice'", &snow("Puget Sound")).await;
    assert!(east > 2.0 * west && west > 0.0, "snow: {east} percent in the east, {west} in the west");
}

#[tokio::test]
async fn weekends_belong_to_the_stores_and_monday_evening_to_the_web_shop() {
    let shop = sample().await;
    let orders = |online: bool, when: &str| {
        format!(
            "SELECT count(*) FROM retail.orders JOIN retail.stores USING (store_id)
             WHERE is_online = {online} AND {when}"
        )
    };
    let weekday = |online, day: u8| orders(online, &format!("extract(isodow FROM order_date) = {day}"));
    assert!(shop.number(&weekday(false, 6)).await > 1.5 * shop.number(&weekday(false, 2)).await);
    assert!(shop.number(&weekday(true, 1)).await > 1.2 * shop.number(&weekday(true, 2)).await);
    let night = "extract(hour FROM order_date) NOT BETWEEN 8 AND 20";
    assert_eq!(shop.count(&orders(false, night)).await, 0, "stores are closed at night");
    assert!(shop.number(&orders(true, night)).await > 100.0, "the web shop is not");
}

#[tokio::test]
async fn some_campaigns_pay_and_some_do_not() {
    let shop = sample().await;
    let tools = "category = 'Power Tools'";
    let during = lines_a_day(&shop, tools, "06-10", "06-18").await;
    let usual = lines_a_day(&shop, tools, "06-19", "06-30").await;
    assert!(during > 1.7 * usual, "Father's Day: {during} against {usual}");
    let plumbing = "category = 'Plumbing'";
    let during = lines_a_day(&shop, plumbing, "03-09", "03-22").await;
    let usual = lines_a_day(&shop, plumbing, "03-23", "03-31").await;
    assert!((0.8..1.2).contains(&(during / usual)), "the clearance sold {during} against {usual}");
    let cheap =
        percent(&shop, "discount_percent = 30", "category = 'Plumbing' AND day BETWEEN '03-09' AND '03-22'")
            .await;
    assert!((cheap - 100.0).abs() < 0.01, "every line of a campaign has its discount: {cheap}");
    let others = percent(&shop, "discount_percent > 0", "category = 'Plumbing' AND month = 5").await;
    assert!((2.0..6.0).contains(&others), "{others} percent outside campaigns");
}

#[tokio::test]
async fn one_drill_comes_back_and_power_tools_more_than_screws() {
    let shop = sample().await;
    let returned = "status = 'returned'";
    let usual = shop.number("SELECT 100.0 * avg((status = 'returned')::int) FROM retail.orders").await;
    assert!((2.0..4.0).contains(&usual), "{usual} percent of orders");
    let tools = percent(&shop, returned, "category = 'Power Tools'").await;
    let screws = percent(&shop, returned, "kind = 'Screws'").await;
    assert!(tools > 2.0 * screws && screws > 0.0, "{tools} against {screws}");
    // three products of a kind: the bad one alone has too few orders in so small a shop
    let sold = format!("SELECT count(*) FROM {LINES} WHERE sku = 'PT-DRI-225' AND order_date > '2025-05-17'");
    let back = sold.clone() + " AND status = 'returned'";
    let share = 100.0 * shop.number(&back).await / shop.number(&sold).await;
    assert!(shop.number(&sold).await > 20.0 && share > 18.0, "{share} percent of the bad drill");
    let before = percent(&shop, returned, "sku = 'PT-DRI-225' AND order_date < '2025-05-18'").await;
    assert!(before < 18.0, "{before} percent when it was good");
}

#[tokio::test]
async fn orders_wait_only_at_the_very_end() {
    let shop = sample().await;
    let waiting =
        "SELECT count(*) FROM retail.orders JOIN retail.stores USING (store_id) WHERE status = 'pending'";
    assert!(shop.number(waiting).await > 0.0);
    let old = format!(
        "{waiting} AND order_date < CASE WHEN is_online THEN date '2026-05-16' ELSE date '2026-05-17' END"
    );
    assert_eq!(shop.count(&old).await, 0);
}

#[tokio::test]
async fn popular_products_ran_out_and_stopped_selling() {
    let shop = sample().await;
    for (sku, store) in [("HW-SCR-008", "Seattle"), ("PF-INT-112", "Bellevue"), ("EL-BUL-104", "Online")] {
        let stock = format!(
            "SELECT reorder_level - stock_level FROM retail.inventory JOIN retail.products USING (product_id)
             JOIN retail.stores USING (store_id) WHERE sku = '{sku}' AND stores.name LIKE '%{store}'"
        );
        assert!(shop.number(&stock).await > 0.0, "{sku} in {store} is below its reorder level");
        let sold = format!("SELECT count(*) FROM {LINES} WHERE sku = '{sku}' AND store LIKE '%{store}'");
        let lately = sold.clone() + " AND order_date >= '2026-05-08'";
        assert!(shop.number(&sold).await > 30.0, "{sku} is popular in {store}");
        assert_eq!(shop.count(&lately).await, 0, "{sku} in {store}");
    }
    let low = "SELECT 100.0 * avg((stock_level <= reorder_level)::int) FROM retail.inventory";
    assert!((1.0..10.0).contains(&shop.number(low).await), "some stock is low, most is not");
    let much = "SELECT count(*) FROM retail.inventory WHERE stock_level > 10 * reorder_level";
    assert!(shop.number(much).await > 10.0, "some products were bought too often");
}
