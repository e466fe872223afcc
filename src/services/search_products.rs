//! Finds the products that a description means.

use serde::Serialize;
use serde_json::{Value, json};

use super::kept::{Aged, Asking};
use super::sales_query::Rows;
use crate::database::{Database, FoundProduct};
use crate::embeddings::searched_by;
use crate::error::{Reason, ToolError};

/// Products of an answer when the caller does not say.
pub const DEFAULT_ROWS: u32 = 20;
/// Most products of an answer.
pub const MOST_ROWS: u32 = 100;
/// Least similarity in percent when the caller does not say.
pub const DEFAULT_THRESHOLD: f64 = 30.0;

const COLUMNS: [&str; 9] =
    ["sku", "name", "category", "type", "description", "price", "stock", "similarity_percent", "matched_by"];

/// Products that fit, best first, in the shape of query answers.
#[derive(Debug, Serialize)]
pub struct Products {
    /// One row for each product.
    #[serde(flatten)]
    pub rows: Rows,
    /// How the question was compared: `text`.
    pub searched_by: &'static str,
}

/// Finds at most `max_rows` products that fit `question` by at least `threshold` percent.
///
/// # Errors
///
/// [`ToolError`] when the question is empty or the database could not answer.
pub async fn run(
    database: &Database,
    question: &str,
    max_rows: u32,
    threshold: f64,
) -> Result<Products, ToolError> {
    if question.trim().is_empty() || question.contains('\0') {
        return Err(ToolError::new(
            Reason::InvalidArguments,
            "query_description is empty",
            "describe the product, for example: hang a heavy picture on drywall",
        ));
    }
    let found = database.find_products(question, max_rows, threshold).await?;
    let by = searched_by();
    let msg = if found.is_empty() {
        format!(
            "No product fits by {threshold} % or more. {} A lower similarity_threshold shows more.",
            by.note()
        )
    } else {
        by.note().to_owned()
    };
    let rows = Rows {
        c: COLUMNS.map(str::to_owned).to_vec(),
        n: found.len(),
        r: found.into_iter().map(row).collect(),
        truncated: false,
        msg: Some(msg),
    };
    Ok(Products { rows, searched_by: by.as_str() })
}

/// What [`run`] answers, or answered a while ago.
///
/// # Errors
///
/// As [`run`].
#[expect(clippy::disallowed_methods, reason = "keeps what this service itself answers")]
pub async fn kept(
    asking: Asking<'_>,
    question: &str,
    max_rows: u32,
    threshold: f64,
) -> Result<Aged, ToolError> {
    let parts = || {
        let question: Vec<&str> = question.split_whitespace().collect();
        vec![
            question.join(" "),
            max_rows.to_string(),
            threshold.to_string(),
            searched_by().as_str().to_owned(),
        ]
    };
    let make = Box::pin(run(asking.database, question, max_rows, threshold));
    asking.answer("semantic_search_products", |_| Some(parts()), make).await
}

fn row(product: FoundProduct) -> Vec<Value> {
    let FoundProduct { sku, name, category, kind, description, price, stock, percent, matched } = product;
    vec![
        json!(sku),
        json!(name),
        json!(category),
        json!(kind),
        json!(description),
        json!(price),
        json!(stock),
        json!(percent),
        json!(matched),
    ]
}
