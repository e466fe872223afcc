//! Any query that PostgreSQL refused: what is said of it is short, whatever the query, the place and the hint.
//!
//! Input: a line with SQLSTATE and place, a line with a hint, the query.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use zava_mcp::database::{Column, Refusal};
use zava_mcp::services::fuzz::explain_refusal;

/// Most bytes of what is said.
const LONGEST: usize = 16 * 1024;

static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let of = |table: &str, names: &[(&str, &str)]| -> Vec<Column> {
        let column = |(name, kind): &(&str, &str)| Column {
            schema: "retail".to_owned(),
            table: table.to_owned(),
            table_comment: None,
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
            not_null: true,
            primary_key: false,
            refers_to: (*name == "order_id").then(|| "retail.orders.order_id".to_owned()),
            allowed: (*name == "status").then(|| vec!["completed".to_owned()]),
            comment: None,
        };
        names.iter().map(column).collect()
    };
    let orders =
        [("order_id", "uuid"), ("order_date", "timestamp"), ("status", "text"), ("total_amount", "numeric")];
    let items = [("order_item_id", "uuid"), ("order_id", "uuid"), ("quantity", "integer")];
    [of("order_items", &items), of("orders", &orders)].concat()
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(data) else { return Corpus::Reject };
    let mut lines = input.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (head, hint, sql) = (next(), next(), next());
    let (state, place) = head.split_once(' ').unwrap_or((head, ""));
    let refusal = Refusal {
        sqlstate: state.chars().take(5).collect(),
        message: "refused".to_owned(),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        position: place.parse().ok(),
        several_statements: place.ends_with('!'),
    };
    let said = explain_refusal(&COLUMNS, sql, refusal).to_string();
    assert!(said.len() <= LONGEST + hint.len(), "{} bytes: {said}", said.len());
    assert!(said.contains("\nNext: "), "{said}");
    Corpus::Keep
});
