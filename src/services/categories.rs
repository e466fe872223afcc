//! What is sold: categories, their product types, and how many products each has.

use serde_json::json;

use super::nearest::nearest;
use super::sales_query::Rows;
use crate::database::{Database, ProductType};
use crate::error::{Reason, ToolError};

const COLUMNS: [&str; 3] = ["category", "type", "products"];

/// The product types of all categories, or of the one with that name, whatever its case.
///
/// # Errors
///
/// [`Reason::UnknownValue`] with the nearest names; or why the database could not answer.
pub async fn run(database: &Database, name: Option<&str>) -> Result<Rows, ToolError> {
    let mut types = database.product_types().await?;
    if let Some(name) = name {
        let known = nearest(name, categories(&types));
        types.retain(|kind| kind.category.to_lowercase() == name.to_lowercase());
        if types.is_empty() {
            return Err(unknown(name, &known));
        }
    }
    Ok(Rows::of(&COLUMNS, types.into_iter().map(row)))
}

/// The names of the categories.
///
/// # Errors
///
/// [`ToolError`] when the database could not answer.
pub async fn names(database: &Database) -> Result<Vec<String>, ToolError> {
    let types = database.product_types().await?;
    Ok(categories(&types).map(str::to_owned).collect())
}

/// Each category once: the types come by category.
fn categories(types: &[ProductType]) -> impl Iterator<Item = &str> {
    types
        .chunk_by(|a, b| a.category == b.category)
        .filter_map(|types| types.first())
        .map(|kind| &*kind.category)
}

fn unknown(name: &str, known: &str) -> ToolError {
    let shown: String = name.chars().take(100).collect();
    ToolError::new(
        Reason::UnknownValue,
        format!("there is no category `{shown}`"),
        format!("nearest names: {known}"),
    )
}

fn row(ProductType { category, name, products }: ProductType) -> Vec<serde_json::Value> {
    vec![json!(category), json!(name), json!(products)]
}
