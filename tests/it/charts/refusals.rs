//! What is no chart is refused with its reason and what would be one.

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::{self, SEATTLE};

const TWO: &str = "SELECT 'a' AS store, 1 AS revenue, 'x' AS kind UNION ALL SELECT 'b', 2, 'y'";

/// SQL, the other arguments, what was wrong, what would do.
type Case<'a> = (&'a str, Value, &'a str, &'a str);

#[track_caller]
fn all_refused<const N: usize>(cases: [Case<'_>; N]) {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for (sql, mut arguments, wrong, next) in cases {
        arguments["postgresql_query"] = json!(sql);
        let called = client.call("chart_sales_query", arguments.clone());
        assert!(called.is_error && called.structured.is_none(), "{arguments} was drawn: {}", called.text);
        let (said, todo) = called.text.split_once("\nNext: ").unwrap_or_default();
        assert!(said.contains(wrong), "{arguments}: {}", called.text);
        assert!(called.text.contains(next) && !todo.is_empty(), "{arguments}: {}", called.text);
    }
}

#[test]
fn wrong_columns_are_refused_with_the_right_ones() {
    all_refused([
        (
            TWO,
            json!({"x": "stores"}),
            "(unknown_name): x: the query has no column `stores`",
            "nearest: store",
        ),
        (TWO, json!({"y": ["profit"]}), "(unknown_name): y: the query has no column `profit`", "revenue"),
        (TWO, json!({"series": "colour"}), "(unknown_name): series:", "kind"),
        (TWO, json!({"y": ["kind"]}), "(not_chartable): y: column `kind` holds `x`, not numbers", "sum(...)"),
        ("SELECT 5 AS revenue", json!({}), "one to draw it along; there is only revenue", "GROUP BY name"),
        ("SELECT 'a' AS one, 'b' AS two", json!({}), "a chart needs a column of numbers", "select both"),
        ("SELECT 'a' AS name, NULL::int AS v", json!({"y": ["v"]}), "column `v` holds no values", "numbers"),
        (TWO, json!({"kind": "radar"}), "(invalid_arguments)", "kind"),
        (TWO, json!({"theme": "pink"}), "(invalid_arguments)", "theme"),
        (TWO, json!({"colour": "red"}), "(invalid_arguments)", "colour"),
    ]);
}

#[test]
fn rows_that_are_no_chart_are_refused_with_what_would_be_one() {
    all_refused([
        ("SELECT 'a' AS name, 1 AS v LIMIT 0", json!({}), "the query returns no rows", "widen its filters"),
        (
            "SELECT * FROM (VALUES ('a', 1), ('a', 2)) AS t(name, v)",
            json!({}),
            "several rows have `a` as `name`",
            "series",
        ),
        (
            "SELECT 'a' AS name, 'NaN'::float8 AS v",
            json!({}),
            "all values of `v` are NULL, NaN",
            "filter them",
        ),
        (
            TWO,
            json!({"kind": "scatter", "x": "store"}),
            "a scatter chart needs numbers or dates as x",
            "kind bar",
        ),
        (
            "SELECT 'a' AS name, 1 AS v",
            json!({"kind": "heatmap"}),
            "a heat map needs a column across",
            "three columns",
        ),
        (
            "SELECT 'a' AS name, 1 AS revenue, 2 AS orders",
            json!({"y": ["revenue", "orders"]}),
            "have different units",
            "one chart for each",
        ),
    ]);
}

#[test]
fn a_pie_that_would_lie_is_refused_with_advice() {
    let eight = "SELECT 'n' || g AS name, g AS v FROM generate_series(1, 8) AS g";
    let pie = || json!({"kind": "pie"});
    all_refused([
        (
            "SELECT * FROM (VALUES ('a', 1), ('b', -2)) AS t(name, v)",
            pie(),
            "and `b` is negative",
            "kind bar",
        ),
        (
            "SELECT * FROM (VALUES ('a', 0), ('b', 0)) AS t(name, v)",
            pie(),
            "nothing in any of them",
            "kind bar",
        ),
        ("SELECT 'a' AS name, 1 AS v", pie(), "only one", "kind bar"),
        (eight, pie(), "8 are more than the 7 that can be read", "merge small parts"),
    ]);
}

#[test]
fn sql_is_refused_as_the_query_tool_refuses_it() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for sql in
        ["", "SELEC 1", "SELECT reveneu FROM retail.orders", "DELETE FROM retail.orders", "SET ROLE postgres"]
    {
        let refused = client.refused(sql);
        let called = client.call("chart_sales_query", json!({"postgresql_query": sql}));
        assert!(called.is_error && called.structured.is_none(), "{sql}");
        assert_eq!(called.text, refused, "{sql}");
    }
}
