//! Every metric to the cent, against SQL that shares nothing with ours and that no row security binds.

use serde_json::Value;

use super::{cell, review};
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, REDMOND, SEATTLE};

const SEATTLE_ONLY: &str = "s.name = 'Zava Retail Seattle'";

/// A period with its days, and those it is compared with: first day and the day after the last.
struct Case {
    period: &'static str,
    spans: [(&'static str, &'static str); 3],
}

const CASES: [Case; 8] = [
    Case {
        period: "2026-05",
        spans: [("2026-05-01", "2026-06-01"), ("2026-04-01", "2026-05-01"), ("2025-05-01", "2025-06-01")],
    },
    Case {
        period: "2026-Q2",
        spans: [("2026-04-01", "2026-07-01"), ("2026-01-01", "2026-04-01"), ("2025-04-01", "2025-07-01")],
    },
    Case {
        period: "2025",
        spans: [("2025-01-01", "2026-01-01"), ("2024-01-01", "2025-01-01"), ("2024-01-01", "2025-01-01")],
    },
    Case {
        period: "2024-02",
        spans: [("2024-02-01", "2024-03-01"), ("2024-01-01", "2024-02-01"), ("2023-02-01", "2023-03-01")],
    },
    Case {
        period: "2024-02-29",
        spans: [("2024-02-29", "2024-03-01"), ("2024-02-28", "2024-02-29"), ("2023-02-28", "2023-03-01")],
    },
    Case {
        period: "2025-12-31/2026-01-01",
        spans: [("2025-12-31", "2026-01-02"), ("2025-12-29", "2025-12-31"), ("2024-12-31", "2025-01-02")],
    },
    Case {
        period: "2026-01-01/2026-06-30",
        spans: [("2026-01-01", "2026-07-01"), ("2025-07-01", "2026-01-01"), ("2025-01-01", "2025-07-01")],
    },
    Case {
        period: "1999",
        spans: [("1999-01-01", "2000-01-01"), ("1998-01-01", "1999-01-01"), ("1998-01-01", "1999-01-01")],
    },
];

/// Each metric as SQL of its own: `{stores}`, `{from}`, `{until}` are put in. Money and shares as text.
const METRICS: [(&str, &str); 14] = [
    (
        "revenue",
        "SELECT coalesce(sum(i.quantity * i.unit_price - i.discount_amount), 0)::text FROM {lines} AND o.status = 'completed'",
    ),
    ("orders", "SELECT count(DISTINCT o.order_id)::text FROM {lines} AND o.status = 'completed'"),
    ("units", "SELECT coalesce(sum(i.quantity), 0)::text FROM {lines} AND o.status = 'completed'"),
    (
        "average_order_value",
        "SELECT round(avg(x.t), 2)::text FROM (SELECT sum(i.total_amount) AS t FROM {lines} AND o.status = 'completed' GROUP BY o.order_id) AS x",
    ),
    ("customers", "SELECT count(DISTINCT o.customer_id)::text FROM {lines} AND o.status = 'completed'"),
    (
        "new_customers",
        "SELECT count(*)::text FROM (SELECT DISTINCT o.customer_id FROM {lines} AND o.status = 'completed') AS x \
       WHERE (SELECT min(f.order_date) FROM retail.orders AS f WHERE f.customer_id = x.customer_id AND f.status <> 'pending') >= '{from}'",
    ),
    ("returned_orders", "SELECT count(DISTINCT o.order_id)::text FROM {lines} AND o.status = 'returned'"),
    (
        "returned_amount",
        "SELECT coalesce(sum(i.total_amount), 0)::text FROM {lines} AND o.status = 'returned'",
    ),
    (
        "return_rate_percent",
        "SELECT round(100.0 * count(DISTINCT o.order_id) FILTER (WHERE o.status = 'returned') \
       / nullif(count(DISTINCT o.order_id), 0), 1)::text FROM {lines} AND o.status <> 'pending'",
    ),
    (
        "discount_amount",
        "SELECT coalesce(sum(i.quantity * i.unit_price - i.total_amount), 0)::text FROM {lines} AND o.status = 'completed'",
    ),
    (
        "discount_percent",
        "SELECT round(100 * sum(i.discount_amount) / sum(i.quantity * i.unit_price), 1)::text FROM {lines} AND o.status = 'completed'",
    ),
    (
        "margin_amount",
        "SELECT sum(i.total_amount - i.quantity * (SELECT p.cost FROM retail.products AS p WHERE p.product_id = i.product_id))::text \
       FROM {lines} AND o.status = 'completed'",
    ),
    (
        "margin_percent",
        "SELECT round(100 * (1 - sum(i.quantity * p.cost) / sum(i.total_amount)), 1)::text \
       FROM {lines_of_products} AND o.status = 'completed'",
    ),
    ("pending_amount", "SELECT coalesce(sum(i.total_amount), 0)::text FROM {lines} AND o.status = 'pending'"),
];

const LINES: &str = "retail.stores AS s JOIN retail.orders AS o USING (store_id) JOIN retail.order_items AS i USING (order_id) \
     WHERE {stores} AND o.order_date >= '{from}' AND o.order_date < '{until}'";
const LINES_OF_PRODUCTS: &str = "retail.stores AS s JOIN retail.orders AS o USING (store_id) JOIN retail.order_items AS i USING (order_id) \
     JOIN retail.products AS p USING (product_id) WHERE {stores} AND o.order_date >= '{from}' AND o.order_date < '{until}'";

fn truths(database: &Database, stores: &str, span: (&str, &str)) -> Vec<Option<f64>> {
    let all: Vec<String> = METRICS
        .iter()
        .map(|(_, sql)| {
            let sql = sql.replace("{lines}", LINES).replace("{lines_of_products}", LINES_OF_PRODUCTS);
            let sql = sql.replace("{stores}", stores).replace("{from}", span.0).replace("{until}", span.1);
            format!("coalesce(({sql}), 'none')")
        })
        .collect();
    let text = database.value(&format!("SELECT concat_ws(' ', {})", all.join(", ")));
    text.split(' ').map(|value| value.parse().ok()).collect()
}

#[test]
fn every_metric_is_right_to_the_cent_for_everybody_in_every_period() {
    let database = shop::shared();
    let people = [
        (SEATTLE, SEATTLE_ONLY, None),
        (REDMOND, "s.name = 'Zava Retail Redmond'", None),
        (PUGET_SOUND, "s.region = 'Puget Sound'", None),
        (PUGET_SOUND, SEATTLE_ONLY, Some("seattle")),
        (HEAD_OFFICE, "true", None),
    ];
    let mut sold = 0;
    for (identity, stores, store) in people {
        let mut client = Client::serve(&database, identity);
        for Case { period, spans } in &CASES {
            let review = review(&mut client, period, store);
            let [now, before, year] = spans.map(|span| truths(&database, stores, span));
            for (index, (metric, _)) in METRICS.iter().enumerate() {
                let of = |column: &str| cell(&review["metrics"], metric, column).as_f64();
                let told = [of("now"), of("before"), of("year_before")];
                assert_eq!(
                    told,
                    [now[index], before[index], year[index]],
                    "{identity} {store:?} {period} {metric}"
                );
                sold += usize::from(told[0].is_some_and(|now| now > 0.0));
            }
        }
    }
    assert!(sold > 200, "only {sold} metrics were above zero");
}

#[test]
fn changes_are_differences_and_shares_of_what_was() {
    let database = shop::shared();
    let review = review(&mut Client::serve(&database, HEAD_OFFICE), "2026-Q2", None);
    let of = |column: &str| cell(&review["metrics"], "revenue", column).as_f64().expect("a number");
    let cents = |dollars: f64| (dollars * 100.0).round();
    assert!(of("now") > 0.0 && of("before") > 0.0);
    assert_eq!(cents(of("change")), cents(of("now")) - cents(of("before")));
    assert_eq!(of("change_percent"), (1000.0 * (of("now") - of("before")) / of("before")).round() / 10.0);
    assert_eq!(cents(of("year_change")), cents(of("now")) - cents(of("year_before")));
    assert_eq!(
        *cell(&review["metrics"], "margin_percent", "change_percent"),
        Value::Null,
        "points, not percent"
    );
}

#[test]
fn categories_products_and_stores_add_up() {
    let database = shop::shared();
    let review = review(&mut Client::serve(&database, HEAD_OFFICE), "2025", None);
    let whole = cell(&review["metrics"], "revenue", "now").as_f64().expect("a number");
    let sum = |table: &Value| -> f64 {
        table["r"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| (row[1].as_f64().expect("money") * 100.0).round())
            .sum::<f64>()
            / 100.0
    };
    assert_eq!((sum(&review["categories"]), sum(&review["stores"])), (whole, whole));
    assert_eq!(review["stores"]["r"].as_array().map(Vec::len), Some(8));
    let sql = "SELECT string_agg(sku || ' ' || revenue, ',' ORDER BY revenue DESC) FROM (\
         SELECT p.sku, sum(i.total_amount) AS revenue, p.product_id FROM retail.orders AS o JOIN retail.order_items AS i USING (order_id) \
         JOIN retail.products AS p USING (product_id) WHERE o.status = 'completed' \
         AND o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01' GROUP BY p.product_id ORDER BY 2 DESC LIMIT 5) AS best";
    let best = review["best_products"]["r"].as_array().expect("rows");
    let told: Vec<String> = best
        .iter()
        .map(|row| format!("{} {:.2}", row[0].as_str().expect("a SKU"), row[2].as_f64().expect("money")))
        .collect();
    assert_eq!(told.join(","), database.value(sql));
}

#[test]
fn stock_at_risk_follows_from_stock_and_sales() {
    let database = shop::shared();
    let review = review(&mut Client::serve(&database, HEAD_OFFICE), "2026-06", None);
    let rows = review["stock_at_risk"]["r"].as_array().expect("rows");
    assert!(!rows.is_empty());
    for row in rows {
        let [store, sku] = [0, 1].map(|index| row[index].as_str().expect("text"));
        let sql = format!(
            "SELECT v.stock_level || ' ' || (SELECT sum(i.quantity) FROM retail.order_items AS i JOIN retail.orders AS o USING (order_id) \
               WHERE i.product_id = p.product_id AND i.store_id = s.store_id AND o.status <> 'pending' \
               AND o.order_date > (SELECT max(order_date) FROM retail.orders) - interval '84 days') \
             FROM retail.inventory AS v JOIN retail.products AS p USING (product_id) JOIN retail.stores AS s USING (store_id) \
             WHERE p.sku = '{sku}' AND s.name = '{store}'"
        );
        let (stock, sold) =
            database.value(&sql).split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("two");
        assert_eq!(row[3].to_string(), stock, "{row}");
        let (stock, sold): (f64, f64) = (stock.parse().expect("a number"), sold.parse().expect("a number"));
        if stock > 0.0 {
            assert_eq!(row[4].as_f64(), Some((sold / 84.0 * 70.0).round() / 10.0), "{row}");
            assert!(stock < 14.0 * sold / 84.0, "{row}");
        } else {
            assert!(row[6].as_i64().is_some_and(|days| days >= 0), "{row}");
        }
    }
}
