//! Filters of a product search, held against the catalogue.

use std::collections::BTreeSet;

use crate::database::{Database, ProductFilters};
use crate::error::{Reason, ToolError};
use crate::services::nearest;

/// The filters with the category's name as the catalogue writes it.
pub(super) async fn checked(
    database: &Database,
    mut filters: ProductFilters,
) -> Result<ProductFilters, ToolError> {
    for (name, price) in [("min_price", filters.min_price), ("max_price", filters.max_price)] {
        if price.is_some_and(|price| !price.is_finite() || price < 0.0) {
            return Err(wrong(format!("{name} must be 0 or more US dollars")));
        }
    }
    if let (Some(least), Some(most)) = (filters.min_price, filters.max_price)
        && least > most
    {
        return Err(wrong(format!("min_price {least} is above max_price {most}")));
    }
    if let Some(wanted) = &filters.category {
        filters.category = Some(category(database, wanted).await?);
    }
    Ok(filters)
}

fn wrong(what: String) -> ToolError {
    ToolError::new(Reason::InvalidArguments, what, "call again with other prices, or leave them out")
}

async fn category(database: &Database, wanted: &str) -> Result<String, ToolError> {
    let types = database.product_types().await?;
    let names: BTreeSet<&str> = types.iter().map(|kind| kind.category.as_str()).collect();
    let same = |name: &&&str| name.to_lowercase() == wanted.trim().to_lowercase();
    if let Some(&name) = names.iter().find(same) {
        return Ok(name.to_owned());
    }
    let shown: String = wanted.chars().take(100).collect();
    let near = nearest::listed(names, wanted);
    Err(ToolError::new(
        Reason::UnknownValue,
        format!("there is no category `{shown}`"),
        format!("nearest names: {near}"),
    ))
}
