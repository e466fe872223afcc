//! The stores whose rows the caller may see.

use serde_json::json;

use super::nearest::nearest;
use super::sales_query::Rows;
use crate::database::{Database, Store};
use crate::error::{Reason, ToolError};

const COLUMNS: [&str; 5] = ["name", "location", "region", "is_online", "opened"];

/// The stores that the caller sees, or the one with that name, whatever its case.
///
/// # Errors
///
/// [`Reason::UnknownValue`] with the nearest names that the caller may know; or why the database could not answer.
pub async fn run(database: &Database, name: Option<&str>) -> Result<Rows, ToolError> {
    let mut stores = database.visible_stores().await?;
    if let Some(name) = name {
        let known = nearest(name, stores.iter().map(|store| store.name.as_str()));
        stores.retain(|store| store.name.to_lowercase() == name.to_lowercase());
        if stores.is_empty() {
            return Err(unknown(name, &known));
        }
    }
    Ok(Rows::of(&COLUMNS, stores.into_iter().map(row)))
}

/// The names of the stores that the caller sees.
///
/// # Errors
///
/// [`ToolError`] when the database could not answer.
pub async fn names(database: &Database) -> Result<Vec<String>, ToolError> {
    Ok(database.visible_stores().await?.into_iter().map(|store| store.name).collect())
}

/// The same answer for a store that does not exist and for one of somebody else.
fn unknown(name: &str, known: &str) -> ToolError {
    let shown: String = name.chars().take(100).collect();
    ToolError::new(
        Reason::UnknownValue,
        format!("there is no store `{shown}` that you may see"),
        format!("nearest names: {known}"),
    )
}

fn row(Store { name, location, region, is_online, opened }: Store) -> Vec<serde_json::Value> {
    vec![json!(name), json!(location), json!(region), json!(is_online), json!(opened)]
}
