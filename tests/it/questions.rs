//! `examples/questions.md`: every question runs as it is printed, and the answer is what it says to look for.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

struct Question {
    number: usize,
    title: String,
    sql: String,
    look_for: String,
}

fn questions() -> Vec<Question> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/questions.md");
    let text = std::fs::read_to_string(file).expect("examples/questions.md");
    text.split("\n### ")
        .skip(1)
        .map(|part| {
            let (head, rest) = part.split_once("\n\n```sql\n").expect("SQL below the title");
            let (number, title) = head.split_once(". ").expect("a number");
            let (sql, rest) = rest.split_once("\n```\n").expect("the end of the SQL");
            let look_for = rest.split_once("Look for: ").expect("what to look for").1;
            Question {
                number: number.parse().expect("a number"),
                title: title.to_owned(),
                sql: sql.to_owned(),
                look_for: look_for.split("\n\n").next().unwrap_or_default().to_owned(),
            }
        })
        .collect()
}

/// An answer by column names.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn of(answer: &Value) -> Self {
        let columns = serde_json::from_value(answer["c"].clone()).expect("columns");
        Self { columns, rows: serde_json::from_value(answer["r"].clone()).expect("rows") }
    }

    #[track_caller]
    fn values(&self, column: &str) -> Vec<&Value> {
        let at = self.columns.iter().position(|name| name == column).expect(column);
        self.rows.iter().map(|row| &row[at]).collect()
    }

    /// NULL is 0.
    #[track_caller]
    fn numbers(&self, column: &str) -> Vec<f64> {
        let number = |value: &Value| match value {
            Value::Null => 0.0,
            Value::String(text) => text.parse().expect(column),
            other => other.as_f64().expect(column),
        };
        self.values(column).into_iter().map(number).collect()
    }

    #[track_caller]
    fn texts(&self, column: &str) -> Vec<&str> {
        self.values(column).into_iter().map(|value| value.as_str().expect(column)).collect()
    }

    #[track_caller]
    fn sum(&self, column: &str) -> f64 {
        self.numbers(column).iter().sum()
    }

    #[track_caller]
    fn falls(&self, column: &str) -> bool {
        self.numbers(column).is_sorted_by(|a, b| a >= b)
    }

    #[track_caller]
    fn rises(&self, column: &str) -> bool {
        self.numbers(column).is_sorted()
    }

    /// Texts in their order, none twice.
    #[track_caller]
    fn in_order(&self, column: &str) -> bool {
        self.texts(column).is_sorted_by(|a, b| a < b)
    }

    /// In every row the first is at most the second.
    #[track_caller]
    fn at_most(&self, less: &str, more: &str) -> bool {
        self.numbers(less).iter().zip(self.numbers(more)).all(|(less, more)| *less <= more)
    }

    /// In every row the first two make the third.
    #[track_caller]
    fn make(&self, a: &str, b: &str, sum: &str) -> bool {
        let made = self.numbers(a).into_iter().zip(self.numbers(b)).map(|(a, b)| a + b);
        made.zip(self.numbers(sum)).all(|(made, sum)| (made - sum).abs() < 0.005)
    }

    /// Shares in percent, rounded to one digit each.
    #[track_caller]
    fn is_whole(&self, column: &str) -> bool {
        (self.sum(column) - 100.0).abs() <= 0.06 * f64::from(u32::try_from(self.rows.len()).expect("few"))
    }
}

type Holds = fn(&Table) -> bool;

type Check = (usize, &'static str, Holds);

/// For each question its columns, and what its "look for" rests on.
const CHECKS: &[Check] = &[
    (1, "month revenue orders", |t| t.rows.len() == 12 && t.in_order("month") && t.sum("revenue") > 0.0),
    (2, "this_year last_year change_percent", |t| {
        let (this, last) = (t.sum("this_year"), t.sum("last_year"));
        (t.sum("change_percent") - 100.0 * (this / last - 1.0)).abs() < 0.1
    }),
    (3, "weekday orders revenue share_percent", |t| {
        t.rows.len() == 7 && t.texts("weekday")[0] == "Monday" && t.is_whole("share_percent")
    }),
    (4, "hour orders average_order", |t| {
        t.rises("hour") && t.numbers("hour").iter().all(|hour| (7.0..22.0).contains(hour))
    }),
    (5, "quarter revenue on_previous_percent on_last_year_percent", |t| {
        t.in_order("quarter") && t.values("on_last_year_percent").iter().filter(|v| v.is_null()).count() == 4
    }),
    (6, "day revenue seven_day_average", |t| {
        t.rows.len() == 31 && t.in_order("day") && t.sum("revenue") > 0.0
    }),
    (7, "day revenue orders is_best", |t| {
        t.falls("revenue")
            && t.values("is_best").iter().filter(|best| ***best == Value::Bool(true)).count() >= 5
    }),
    (8, "category revenue share_percent", |t| {
        t.rows.len() == 9 && t.falls("revenue") && t.is_whole("share_percent")
    }),
    (9, "category month pieces season_index", |t| t.rows.len() >= 100 && t.sum("pieces") > 0.0),
    (10, "category last_12_months year_before change change_percent", |t| {
        t.falls("change") && t.make("year_before", "change", "last_12_months")
    }),
    (11, "category revenue cost margin margin_percent", |t| {
        t.falls("margin")
            && t.make("cost", "margin", "revenue")
            && t.numbers("margin_percent").iter().all(|p| *p > 0.0)
    }),
    (12, "sku name pieces revenue", |t| t.rows.len() == 20 && t.falls("revenue")),
    (13, "class products revenue share_percent", |t| {
        t.texts("class") == ["A", "B", "C"] && (t.numbers("share_percent")[0] - 80.0).abs() < 2.0
    }),
    (14, "sku name stock tied_up", |t| {
        t.falls("tied_up") && t.numbers("stock").iter().all(|stock| *stock > 0.0)
    }),
    (15, "category list_price_today average_price average_paid", |t| {
        t.at_most("average_paid", "average_price")
    }),
    (16, "year orders average_order median_order lines pieces", |t| {
        t.at_most("lines", "pieces") && t.rises("year") && t.at_most("median_order", "average_order")
    }),
    (17, "size orders share_of_orders share_of_revenue", |t| {
        let large = t.rows.len() - 1;
        t.is_whole("share_of_orders")
            && t.is_whole("share_of_revenue")
            && t.numbers("share_of_revenue")[large] > t.numbers("share_of_orders")[large]
    }),
    (18, "product with_product orders", |t| t.falls("orders") && t.numbers("orders")[0] >= 2.0),
    (19, "year orders single_line single_line_percent", |t| {
        t.at_most("single_line", "orders") && t.sum("single_line") > 0.0
    }),
    (20, "category sold returned return_percent", |t| {
        t.falls("return_percent") && t.at_most("returned", "sold")
    }),
    (21, "sku name orders returned_orders return_percent", |t| {
        t.falls("returned_orders") && t.at_most("returned_orders", "orders")
    }),
    (22, "quarter orders returned refunded return_percent", |t| {
        t.in_order("quarter") && t.sum("refunded") > 0.0
    }),
    (23, "year before_discount discounts revenue discount_percent", |t| {
        t.make("revenue", "discounts", "before_discount")
    }),
    (24, "discount_percent lines pieces_per_line revenue margin_percent", |t| {
        let margins = t.numbers("margin_percent");
        t.rises("discount_percent")
            && t.numbers("discount_percent")[0] == 0.0
            && margins[0] > margins[margins.len() - 1]
    }),
    (25, "month category lines discounted_percent", |t| {
        t.falls("discounted_percent") && t.numbers("discounted_percent")[0] > 30.0
    }),
    (26, "store sku product stock_level reorder_level sold_in_a_year", |t| {
        t.falls("sold_in_a_year") && t.at_most("stock_level", "reorder_level")
    }),
    (27, "category stock sold_in_90_days days_of_cover", |t| {
        t.rows.len() == 9 && t.sum("sold_in_90_days") > 0.0
    }),
    (28, "store sku product lines_in_two_years last_sold revenue_per_month", |t| {
        t.falls("revenue_per_month")
    }),
    (29, "category pieces at_cost at_list_price sold_out", |t| {
        t.falls("at_cost") && t.at_most("at_cost", "at_list_price")
    }),
    (30, "quarter customers new returning", |t| {
        t.make("new", "returning", "customers")
            && t.numbers("returning")[0] == 0.0
            && t.sum("returning") > 0.0
    }),
    (31, "first_name last_name orders revenue last_order", |t| t.rows.len() == 20 && t.falls("revenue")),
    (32, "first_name last_name email orders spent last_order", |t| {
        t.falls("spent") && t.numbers("orders").iter().all(|orders| *orders >= 3.0)
    }),
    (33, "first_order_in customers back_within_180_days back_percent", |t| {
        t.at_most("back_within_180_days", "customers") && t.sum("back_within_180_days") > 0.0
    }),
    (34, "pairs median_days average_days", |t| {
        t.at_most("median_days", "average_days") && t.sum("pairs") > 0.0
    }),
    (35, "reduced_only customers revenue revenue_per_customer", |t| t.numbers("customers")[0] > 0.0),
    (36, "store orders revenue per_order share_percent", |t| {
        t.falls("revenue") && t.is_whole("share_percent")
    }),
    (37, "store last_12_months year_before change_percent", |t| t.falls("change_percent")),
    (38, "region is_online orders revenue return_percent", |t| t.falls("revenue")),
    (39, "sku product sold_out_in stock_elsewhere", |t| t.falls("stock_elsewhere")),
    (40, "store last_order days_ago pending", |t| t.falls("days_ago")),
];

/// What holds only where several stores are seen.
const HEAD_OFFICE_SEES: &[(usize, Holds)] = &[
    // the web shop sells at night
    (4, |t| t.rows.len() > 20),
    (9, |t| peak(t, "Garden & Outdoor", &[3, 4, 5, 6]) && peak(t, "Paint & Finishes", &[5, 6, 7, 8])),
    (36, |t| t.rows.len() == 8),
    (37, |t| t.rows.len() == 8),
    (38, |t| {
        let at = |online: bool| {
            t.values("is_online").iter().position(|is| **is == Value::Bool(online)).expect("both")
        };
        let returned = t.numbers("return_percent");
        t.rows.len() == 3 && returned[at(true)] > returned[at(false)]
    }),
    (39, |t| t.numbers("stock_elsewhere")[0] > 0.0),
    (40, |t| t.rows.len() == 8),
];

fn peak(table: &Table, category: &str, months: &[u32]) -> bool {
    let rows =
        table.texts("category").into_iter().zip(table.numbers("month")).zip(table.numbers("season_index"));
    let of = rows.filter(|((name, _), _)| *name == category);
    let best = of.max_by(|a, b| a.1.total_cmp(&b.1)).expect("rows");
    months.iter().any(|month| (f64::from(*month) - best.0.1).abs() < 0.5)
}

#[test]
fn there_are_forty_questions_each_with_sql_and_what_to_look_for() {
    let questions = questions();
    let numbers: Vec<usize> = questions.iter().map(|question| question.number).collect();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());
    assert_eq!(numbers, CHECKS.iter().map(|check| check.0).collect::<Vec<_>>(), "each has its check");
    let titles: BTreeSet<&str> = questions.iter().map(|question| question.title.as_str()).collect();
    assert_eq!(titles.len(), 40);
    for question in &questions {
        assert!(question.look_for.len() > 40 && question.title.ends_with('?'), "{}", question.title);
    }
}

#[test]
fn seattle_gets_what_each_question_says_to_look_for() {
    let mut client = Client::serve(&shop::shared(), SEATTLE);
    for (question, (_, columns, holds)) in questions().iter().zip(CHECKS) {
        let table = Table::of(&client.query(&question.sql));
        assert!(!table.rows.is_empty(), "{}: no rows", question.title);
        assert_eq!(table.columns.join(" "), *columns, "{}", question.title);
        assert!(holds(&table), "{}: {:?}", question.title, table.rows);
        for column in ["store", "sold_out_in"].iter().filter(|name| table.columns.iter().any(|c| c == **name))
        {
            assert!(
                table.texts(column).iter().all(|store| *store == "Zava Retail Seattle"),
                "{}",
                question.title
            );
        }
    }
}

#[test]
fn head_office_and_a_region_get_their_stores() {
    for who in [HEAD_OFFICE, PUGET_SOUND] {
        let mut client = Client::serve(&shop::shared(), who);
        for question in questions() {
            let table = Table::of(&client.query(&question.sql));
            assert!(!table.rows.is_empty(), "{}: no rows", question.title);
            let (_, columns, holds) = CHECKS[question.number - 1];
            assert_eq!(table.columns.join(" "), columns, "{}", question.title);
            assert!(question.number == 4 || holds(&table), "{}: {:?}", question.title, table.rows);
            let more = HEAD_OFFICE_SEES
                .iter()
                .filter(|(number, _)| *number == question.number && who == HEAD_OFFICE);
            for (_, holds) in more {
                assert!(holds(&table), "{}: {:?}", question.title, table.rows);
            }
        }
    }
}

/// Whatever the other stores did, the answers of the Seattle manager stay the same to the last digit.
#[test]
fn other_stores_rows_change_no_answer() {
    let database = Database::copy();
    let others = "store_id <> (SELECT store_id FROM retail.stores WHERE name = 'Zava Retail Seattle')";
    database.script(&format!(
        "UPDATE retail.orders SET total_amount = total_amount + 1000, order_date = order_date + INTERVAL '400 days',
           status = 'returned' WHERE {others};
         UPDATE retail.order_items SET quantity = quantity + 7, discount_percent = 50, discount_amount = 0,
           total_amount = (quantity + 7) * unit_price WHERE {others};
         UPDATE retail.inventory SET stock_level = 0 WHERE {others};
         UPDATE retail.customers SET last_name = 'Aaa' WHERE {others};
         UPDATE retail.stores SET name = 'Aaa ' || name, region = 'Aaa' WHERE {others}"
    ));
    let mut here = Client::serve(&shop::shared(), SEATTLE);
    let mut there = Client::serve(&database, SEATTLE);
    let mut compared = 0;
    for question in questions() {
        let answer = here.query(&question.sql);
        assert!(answer["n"].as_u64() > Some(0));
        assert_eq!(answer, there.query(&question.sql), "{}", question.title);
        compared += 1;
    }
    assert_eq!(compared, 40);
    let mut head_office =
        (Client::serve(&shop::shared(), HEAD_OFFICE), Client::serve(&database, HEAD_OFFICE));
    let sql = &questions()[0].sql;
    assert_ne!(head_office.0.query(sql), head_office.1.query(sql), "the change is seen by those who may");
}

/// The query tool and the explain tool take the same queries, and these are written as they should be.
#[test]
fn every_question_can_be_explained_and_needs_no_change() {
    for who in [SEATTLE, HEAD_OFFICE] {
        let mut client = Client::serve(&shop::shared(), who);
        for question in questions() {
            let called =
                client.call("explain_sales_query", serde_json::json!({"postgresql_query": question.sql}));
            let good = !called.is_error && called.text.contains("\n- nothing that the plan shows");
            assert!(good, "{}: {}", question.title, called.text);
        }
    }
}
