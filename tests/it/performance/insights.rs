//! Sentences against the numbers that must prove them, in a shop that was made so that they are true.

use serde_json::Value;

use super::{cell, review};
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, SEATTLE};

fn insights(review: &Value) -> Vec<String> {
    let told = review["insights"]["r"].as_array().expect("sentences");
    told.iter().map(|row| row[1].as_str().expect("text").to_owned()).collect()
}

fn money(text: &str) -> Vec<f64> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            let digits: String =
                rest.chars().take_while(|c| c.is_ascii_digit() || [',', '.'].contains(c)).collect();
            digits.trim_end_matches(['.', ',']).replace(',', "").parse().expect("an amount")
        })
        .collect()
}

#[test]
fn the_trend_is_taken_apart_into_parts_that_add_up() {
    let review = review(&mut Client::serve(&shop::shared(), HEAD_OFFICE), "2025", None);
    let told = insights(&review);
    let trend = told.iter().find(|text| text.starts_with("Revenue is")).expect("a trend");
    let of = |column: &str| cell(&review["metrics"], "revenue", column).as_f64().expect("a number");
    let [now, change, then, parts @ ..] = &money(trend)[..] else { panic!("{trend}") };
    assert_eq!((*now, *then), (of("now"), of("year_before")), "{trend}");
    assert_eq!(*change, of("year_change").abs(), "{trend}");
    let signs: Vec<f64> = trend
        .split('$')
        .skip(4)
        .zip(trend.split('$').skip(3))
        .map(|(_, before)| if before.ends_with('-') { -1.0 } else { 1.0 })
        .collect();
    assert_eq!((parts.len(), signs.len()), (3, 3), "{trend}");
    let sum: f64 = parts.iter().zip(&signs).map(|(part, sign)| part * sign).sum();
    assert!((sum - of("year_change")).abs() < 0.005, "{trend}: {sum}");
}

#[test]
fn too_little_data_is_said_and_nothing_is_claimed_of_it() {
    let mut client = Client::serve(&shop::shared(), HEAD_OFFICE);
    // The fullest day still has fewer orders than a claim needs, and not none.
    let day = client.value(
        "SELECT order_date::date::text FROM retail.orders WHERE status = 'completed' GROUP BY 1 \
         HAVING count(*) BETWEEN 2 AND 29 ORDER BY count(*) DESC, 1 DESC LIMIT 1",
    );
    let review_of_day = review(&mut client, day.as_str().expect("a day"), None);
    assert!(cell(&review_of_day["metrics"], "orders", "now").as_i64().expect("a count") >= 2);
    let few = insights(&review_of_day);
    assert!(few.iter().any(|text| text.contains("too few to compare")), "{few:?}");
    assert!(!few.iter().any(|text| text.contains("a year earlier") || text.contains("usual")), "{few:?}");
    let none = review(&mut client, "1999", None);
    assert!(
        none["notes"].to_string().contains("There is no order in 1999-01-01 to 1999-12-31"),
        "{}",
        none["notes"]
    );
    assert!(insights(&none).iter().any(|text| text.starts_with("Only 0 completed orders")));
}

#[test]
fn an_empty_shelf_that_cost_sales_is_told_and_a_full_one_is_not() {
    let database = Database::copy();
    // Two pieces a day until two weeks before the newest order, then none; the shelf is empty.
    let sell = |stock: u32| {
        format!(
            "DELETE FROM retail.orders; UPDATE retail.inventory SET stock_level = 1000; \
             WITH c AS (SELECT customer_id, store_id FROM retail.customers JOIN retail.stores USING (store_id) \
               WHERE name = 'Zava Retail Seattle' ORDER BY customer_id LIMIT 1), \
             o AS (INSERT INTO retail.orders SELECT gen_random_uuid(), customer_id, store_id, timestamp '2026-06-30 12:00' - days * interval '1 day', \
               20, 'completed' FROM c, generate_series(0, 83) AS days RETURNING order_id, store_id, order_date) \
             INSERT INTO retail.order_items SELECT gen_random_uuid(), order_id, store_id, \
               (SELECT product_id FROM retail.products WHERE sku = CASE WHEN order_date < '2026-06-17' THEN 'HW-SCR-008' ELSE 'HT-HAM-016' END), \
               2, 10, 0, 0, 20 FROM o; \
             UPDATE retail.inventory SET stock_level = {stock} FROM retail.products AS p, retail.stores AS s \
               WHERE p.product_id = inventory.product_id AND s.store_id = inventory.store_id AND p.sku = 'HW-SCR-008' AND s.name = 'Zava Retail Seattle'"
        )
    };
    database.script(&sell(0));
    let told = insights(&review(&mut Client::serve(&database, SEATTLE), "2026-06", None));
    // 70 days of 20 dollars each, none for 14 days
    let out = told.iter().find(|text| text.contains("out of stock")).expect("an empty shelf");
    assert!(
        out.contains("HW-SCR-008") && out.contains("2026-06-16") && out.contains("14 pieces a week"),
        "{out}"
    );
    assert_eq!(money(out), [280.0], "{out}");
    database.script(&sell(1000));
    let told = insights(&review(&mut Client::serve(&database, SEATTLE), "2026-06", None));
    assert!(!told.is_empty() && !told.iter().any(|text| text.contains("out of stock")), "{told:?}");
}

/// Three pieces a day at $10 for six weeks, six on the eight days of a promotion; one day has one discounted line of three.
fn promotion(percent: u32) -> String {
    format!(
        "DELETE FROM retail.orders; UPDATE retail.products SET cost = 4 WHERE sku = 'HW-SCR-008'; \
         WITH c AS (SELECT customer_id, store_id FROM retail.customers JOIN retail.stores USING (store_id) \
           WHERE name = 'Zava Retail Seattle' ORDER BY customer_id LIMIT 1), \
         o AS (INSERT INTO retail.orders SELECT gen_random_uuid(), customer_id, store_id, \
           timestamp '2026-06-30 12:00' - days * interval '1 day', 0, 'completed' FROM c, generate_series(0, 41) AS days \
           RETURNING order_id, store_id, order_date::date AS day), \
         l AS (SELECT o.*, CASE WHEN day BETWEEN '2026-06-13' AND '2026-06-20' OR day = '2026-06-25' AND line = 1 \
           THEN {percent} ELSE 0 END AS percent \
           FROM o, generate_series(1, CASE WHEN day BETWEEN '2026-06-13' AND '2026-06-20' THEN 6 ELSE 3 END) AS line) \
         INSERT INTO retail.order_items SELECT gen_random_uuid(), order_id, store_id, \
           (SELECT product_id FROM retail.products WHERE sku = 'HW-SCR-008'), 1, 10, percent, 0.1 * percent, 10 - 0.1 * percent FROM l"
    )
}

#[test]
fn a_promotion_is_told_by_what_it_earned_against_ordinary_days() {
    let database = Database::copy();
    // margin of a day: 6 x (8 - 4) against (33 x 3 x 6 + 16) / 34; then 6 x (5 - 4) against (33 x 18 + 13) / 34
    let cases = [(20, "it paid", [24.0, 17.94, 48.48]), (50, "it did not pay", [6.0, 17.85, 94.8])];
    for (percent, verdict, amounts) in cases {
        database.script(&promotion(percent));
        let told = insights(&review(&mut Client::serve(&database, HEAD_OFFICE), "2026-06", None));
        let off: Vec<&String> = told.iter().filter(|text| text.contains(" % off on ")).collect();
        let [only] = off[..] else { panic!("one promotion: {told:?}") };
        let expected = format!("{percent} % off on 8 days from 2026-06-13 to 2026-06-20");
        assert!(only.contains(&expected) && only.contains(verdict), "{only}");
        assert_eq!(money(only), amounts, "{only}");
    }
    database
        .script("UPDATE retail.order_items SET discount_percent = 0, discount_amount = 0, total_amount = 10");
    let plain = review(&mut Client::serve(&database, HEAD_OFFICE), "2026-06", None);
    assert_eq!(cell(&plain["metrics"], "orders", "now"), 30);
    let told = insights(&plain);
    assert!(!told.iter().any(|text| text.contains("off on")), "{told:?}");
}

#[test]
fn sentences_come_by_money_most_first() {
    let review = review(&mut Client::serve(&shop::shared(), HEAD_OFFICE), "2026-Q2", None);
    let rows = review["insights"]["r"].as_array().expect("rows");
    let money: Vec<f64> = rows.iter().map(|row| row[0].as_f64().expect("money")).collect();
    assert!((3..=10).contains(&money.len()), "{rows:?}");
    assert!(money.is_sorted_by(|a, b| a >= b), "{money:?}");
    let told = insights(&review);
    assert!(told.iter().all(|text| text.ends_with('.') && text.contains('$')), "{told:?}");
}
