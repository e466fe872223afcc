//! The questions that are measured.

use crate::shop::Shop;

/// One question.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// As the restricted login asks it.
    pub(crate) sql: String,
    /// The same with the condition that the policies add.
    pub(crate) by_hand: String,
    /// Calls of one turn.
    pub(crate) calls: usize,
}

/// `{o}` and `{i}` are where the hand-written conditions on orders and their lines go.
const QUESTIONS: &[(&str, usize, &str)] = &[
    ("SELECT 1", 200, "SELECT 1"),
    ("an order by its id", 100, "SELECT * FROM retail.orders o WHERE o.order_id = '{order}'{o}"),
    (
        "an order with its lines",
        50,
        "SELECT o.order_date, i.quantity, i.total_amount FROM retail.orders o \
         JOIN retail.order_items i ON i.order_id = o.order_id WHERE o.order_id = '{order}'{o}{i}",
    ),
    (
        "20 best products",
        1,
        "SELECT i.product_id, sum(i.quantity), sum(i.total_amount) FROM retail.order_items i WHERE true{i} \
         GROUP BY 1 ORDER BY 3 DESC LIMIT 20",
    ),
    ("1,000 rows x 10", 5, "{rows} LIMIT 1000"),
    ("10,000 rows x 10", 1, "{rows} LIMIT 10000"),
];

/// Ten columns: ids, times, numeric, text, integers.
const ROWS: &str = "SELECT i.order_item_id, i.order_id, o.order_date, o.status, i.quantity, i.unit_price, i.discount_percent, \
     i.total_amount, p.sku, p.name FROM retail.order_items i JOIN retail.orders o ON o.order_id = i.order_id{o} \
     JOIN retail.products p ON p.product_id = i.product_id WHERE true{i}";

pub(crate) fn all(shop: &Shop) -> Vec<Case> {
    let case = |(name, calls, question): &(&'static str, usize, &str)| {
        let question = question.replace("{rows}", ROWS).replace("{order}", &shop.order);
        let condition = |alias: &str| format!(" AND {alias}.store_id = '{}'", shop.store);
        Case {
            name,
            sql: question.replace("{o}", "").replace("{i}", ""),
            by_hand: question.replace("{o}", &condition("o")).replace("{i}", &condition("i")),
            calls: *calls,
        }
    };
    QUESTIONS.iter().map(case).collect()
}
