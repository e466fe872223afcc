//! Every statement of the documents that the shop was described by runs verbatim, as head office.

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::{self, Database, HEAD_OFFICE, SEATTLE};

const MONTHLY_REVENUE: &str = "SELECT DATE_TRUNC('month', o.order_date) AS month,
       SUM(oi.total_amount) AS revenue,
       COUNT(DISTINCT o.order_id) AS orders
FROM retail.orders o JOIN retail.order_items oi ON o.order_id = oi.order_id
WHERE o.order_date >= DATE '2026-06-30' - INTERVAL '12 months'
GROUP BY DATE_TRUNC('month', o.order_date)
ORDER BY month";

const PRODUCT_PERFORMANCE: &str = "SELECT c.category_name, pt.type_name,
       COUNT(DISTINCT p.product_id) AS products,
       SUM(oi.total_amount) AS revenue,
       AVG(oi.unit_price) AS average_price
FROM retail.products p
JOIN retail.categories c ON p.category_id = c.category_id
JOIN retail.product_types pt ON p.product_type_id = pt.product_type_id
JOIN retail.order_items oi ON p.product_id = oi.product_id
GROUP BY c.category_name, pt.type_name
ORDER BY revenue DESC";

const SIMILAR_PRODUCTS: &str = "SELECT p.product_id, p.name, p.description,
       1 - (pde.description_embedding <=> '[1,0,0]'::vector) AS similarity_score
FROM retail.product_description_embeddings pde
JOIN retail.products p ON pde.product_id = p.product_id
ORDER BY pde.description_embedding <=> '[1,0,0]'::vector
LIMIT 10";

const SIMILAR_BY_FUNCTION: &str = "SELECT product_id, name, description, similarity_score
FROM search_products_by_description(query_embedding => '[1,0,0]'::vector, similarity_threshold => 0.5, max_results => 2)";

#[test]
fn monthly_revenue_adds_up_for_twelve_months() {
    let database = shop::shared();
    let answer = Client::serve(&database, HEAD_OFFICE).query(MONTHLY_REVENUE);
    assert_eq!(answer["c"], json!(["month", "revenue", "orders"]));
    assert_eq!(answer["n"], 13, "thirteen calendar months touch twelve: {answer}");
    let orders: i64 =
        answer["r"].as_array().expect("rows").iter().map(|row| row[2].as_i64().expect("a count")).sum();
    let truth = "SELECT count(*)::text FROM retail.orders WHERE order_date >= DATE '2026-06-30' - INTERVAL '12 months'";
    assert_eq!(orders.to_string(), database.value(truth));
}

#[test]
fn product_performance_covers_every_type_that_sold() {
    let mut client = Client::serve(&shop::shared(), HEAD_OFFICE);
    let answer = client.query(PRODUCT_PERFORMANCE);
    assert!(answer["n"].as_u64().expect("a number") > 80, "{}", answer["n"]);
    assert_eq!(answer["c"][0], "category_name");
}

#[test]
fn orders_are_counted() {
    let mut client = Client::serve(&shop::shared(), HEAD_OFFICE);
    assert_eq!(client.value("SELECT COUNT(*) FROM retail.orders"), 4000);
}

/// Three products get vectors of a made-up model with three dimensions.
fn with_vectors() -> Database {
    let database = Database::copy();
    database.script(
        "INSERT INTO retail.product_description_embeddings
         SELECT product_id, 'made-up', (ARRAY['[1,0,0]','[0.9,0.1,0]','[0,1,0]'])[n]::vector,
                sha256(convert_to(name, 'UTF8')), '2026-01-01'
         FROM (SELECT product_id, name, row_number() OVER (ORDER BY sku) AS n FROM retail.products) AS p WHERE n <= 3",
    );
    database
}

#[test]
fn similar_products_come_nearest_first() {
    let database = with_vectors();
    let answer = Client::serve(&database, HEAD_OFFICE).query(SIMILAR_PRODUCTS);
    assert_eq!(answer["n"], 3);
    let scores: Vec<f64> =
        answer["r"].as_array().expect("rows").iter().map(|row| row[3].as_f64().expect("a score")).collect();
    assert!((scores[0] - 1.0).abs() < 1e-6 && scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert!(scores[2].abs() < 1e-6, "{scores:?}");
}

#[test]
fn the_search_function_keeps_its_threshold_and_limit() {
    let database = with_vectors();
    let mut client = Client::serve(&database, SEATTLE);
    let answer = client.query(SIMILAR_BY_FUNCTION);
    assert_eq!(answer["c"], json!(["product_id", "name", "description", "similarity_score"]));
    assert_eq!(answer["n"], 2, "the third is below the threshold: {answer}");
    // vectors of another size are another model's: left out, not an error
    let other = SIMILAR_BY_FUNCTION.replace("'[1,0,0]'", "'[1,0]'");
    assert_eq!(client.query(&other)["n"], 0);
}

#[test]
fn policies_are_listed() {
    let mut client = Client::serve(&shop::shared(), HEAD_OFFICE);
    let answer = client.query(
        "SELECT schemaname, tablename, policyname, permissive, roles, cmd, qual FROM pg_policies \
         WHERE schemaname = 'retail' ORDER BY tablename, policyname",
    );
    assert_eq!(answer["n"], 20, "four policies on each of five tables: {answer}");
}

#[test]
fn the_store_functions_know_who_asks() {
    let database = shop::shared();
    let mut seattle = Client::serve(&database, SEATTLE);
    let own = database.value("SELECT store_id::text FROM retail.stores WHERE name = 'Zava Retail Seattle'");
    assert_eq!(seattle.value("SELECT get_current_user_store()"), own);
    assert_eq!(
        seattle.query("SELECT name FROM get_user_store_list()")["r"],
        json!([["Zava Retail Seattle"]])
    );
    let mut head_office = Client::serve(&database, HEAD_OFFICE);
    assert_eq!(head_office.value("SELECT get_current_user_store()"), json!(null));
    assert_eq!(head_office.query("SELECT name FROM get_user_store_list()")["n"], 8);
}
