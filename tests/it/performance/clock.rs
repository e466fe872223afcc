//! Periods in words against the shop's clock, which is neither the server's nor the machine's.

use super::{cell, review};
use crate::support::mcp::Client;
use crate::support::shop::{Database, SEATTLE};

/// Puts one completed order of so many dollars into Seattle at a moment of the shop's clock.
fn order(database: &Database, at: &str, dollars: u32) {
    database.script(&format!(
        "WITH c AS (SELECT customer_id, store_id FROM retail.customers JOIN retail.stores USING (store_id) \
           WHERE name = 'Zava Retail Seattle' ORDER BY customer_id LIMIT 1), \
         o AS (INSERT INTO retail.orders SELECT gen_random_uuid(), customer_id, store_id, {at}, {dollars}, 'completed' \
           FROM c RETURNING order_id, store_id) \
         INSERT INTO retail.order_items SELECT gen_random_uuid(), order_id, store_id, \
           (SELECT product_id FROM retail.products ORDER BY sku LIMIT 1), 1, {dollars}, 0, 0, {dollars} FROM o"
    ));
}

#[test]
fn today_and_yesterday_are_the_shops_and_a_part_is_compared_with_the_same_part() {
    let database = Database::copy();
    database.script("DELETE FROM retail.orders");
    // The same instant of yesterday is in the part that is compared; a minute later is not.
    let now = "(now() AT TIME ZONE 'America/Los_Angeles')";
    order(&database, &format!("date_trunc('day', {now})"), 1);
    order(&database, &format!("date_trunc('day', {now}) - interval '1 day'"), 2);
    order(&database, &format!("{now} - interval '1 day' + interval '30 minutes'"), 4);
    order(&database, &format!("date_trunc('day', {now}) - interval '1 day' - interval '1 microsecond'"), 8);
    let late = database
        .value(&format!("SELECT (({now} + interval '30 minutes')::date <> {now}::date)::text"))
        == "true";

    let mut client = Client::serve(&database, SEATTLE);
    let mut revenue = |period: &str| {
        let review = review(&mut client, period, None);
        ["now", "before"]
            .map(|column| cell(&review["metrics"], "revenue", column).as_f64().expect("a number"))
    };
    // In the last half hour of a day, the third order is of today.
    let (today, yesterday) = if late { ([5.0, 2.0], [2.0, 8.0]) } else { ([1.0, 2.0], [6.0, 8.0]) };
    assert_eq!(revenue("today"), today);
    assert_eq!(revenue("yesterday"), yesterday);
}
