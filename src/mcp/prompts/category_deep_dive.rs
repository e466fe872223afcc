//! `category_deep_dive`: what moves a category.

use rmcp::model::Prompt;

use super::{Arguments, LAST_MONTH, argument, fill, period_argument};
use crate::database::Database;
use crate::error::ToolError;
use crate::mcp::icon;
use crate::services::scope;

pub(super) const NAME: &str = "category_deep_dive";

pub(super) fn prompt() -> Prompt {
    let description = "What moves one category in the stores you see: product types, prices, products, stock, with two charts";
    let category = argument("category", "Name of a category, e.g. Paint & Finishes", true);
    Prompt::new(NAME, Some(description), Some(vec![category, period_argument()]))
        .with_title("Look into a category")
        .with_icons(icon::of(icon::TAG))
}

pub(super) async fn text(database: &Database, arguments: &Arguments) -> Result<String, ToolError> {
    let asked = arguments.get("period").unwrap_or(LAST_MONTH);
    let category = scope::category(database, arguments.get("category").unwrap_or_default()).await?;
    let mut places = fill::of_spans(&scope::spans(database, asked).await?);
    let titles = ["Revenue by month and type: ", "Price and pieces of each product: "];
    let [months, prices] = titles.map(|title| format!("{title}{category}"));
    places.extend([
        ("category_literal", fill::literal(&category)),
        ("months", fill::arguments(&[("kind", Some("stacked_bar")), ("title", Some(&months))])),
        ("prices", fill::arguments(&[("kind", Some("scatter")), ("title", Some(&prices))])),
        ("category", category),
    ]);
    Ok(fill::fill(include_str!("category_deep_dive.md"), &places))
}
