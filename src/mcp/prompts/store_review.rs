//! `store_review`: how a store did, why, and what to do.

use rmcp::model::Prompt;

use super::{Arguments, LAST_MONTH, fill, period_argument, store_argument};
use crate::database::Database;
use crate::error::ToolError;
use crate::mcp::icon;
use crate::services::scope;

pub(super) const NAME: &str = "store_review";

pub(super) fn prompt() -> Prompt {
    let description =
        "How a store did in a period, why, and what to do about it: numbers, two charts, three actions";
    Prompt::new(NAME, Some(description), Some(vec![store_argument(), period_argument()]))
        .with_title("Review a store")
        .with_icons(icon::of(icon::SHOP))
}

pub(super) async fn text(database: &Database, arguments: &Arguments) -> Result<String, ToolError> {
    let asked = arguments.get("period").unwrap_or(LAST_MONTH);
    let stores = scope::stores(database, arguments.get("store")).await?;
    let spans = scope::spans(database, asked).await?;
    let review = [("store", stores.one.as_deref()), ("time_period", Some(asked))];
    let mut places = fill::of_stores(&stores);
    places.extend(fill::of_spans(&spans));
    places.push(("review", fill::arguments(&review)));
    Ok(fill::fill(include_str!("store_review.md"), &places))
}
