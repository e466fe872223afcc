//! Parts of services that need no database, for `tests/fuzz`; in no other build.

use serde_json::Value;

use super::sales_query::Rows;
use super::{chart_sales_query, search_products, teach};
use crate::database::{Column, NearWord, Refusal};
use crate::error::ToolError;

pub use super::chart_sales_query::{Ask, Kind};

/// Why PostgreSQL refused a query, and how to mend it, where these columns can be read.
#[must_use]
pub fn explain_refusal(columns: &[Column], sql: &str, refusal: Refusal) -> ToolError {
    teach::teach_of(columns, sql, refusal)
}

/// Draws columns and rows; the PNG.
///
/// # Errors
///
/// [`ToolError`] with why they are no chart.
pub fn draw(columns: Vec<String>, rows: Vec<Vec<Value>>, ask: &Ask) -> Result<Vec<u8>, ToolError> {
    let rows = Rows { c: columns, n: rows.len(), r: rows, truncated: false, msg: None };
    chart_sales_query::draw(rows, ask, 4_096).map(|drawn| drawn.png)
}

/// The article numbers in a question for products, and its text with misspelt words put right; `None` when it is empty.
#[must_use]
pub fn read_question(text: &str, near: &[NearWord]) -> Option<(Vec<String>, String)> {
    search_products::read(text, near)
}
