//! `restock_advice`: what to order, how much of it, and what not to.

use rmcp::model::Prompt;

use super::{Arguments, argument, fill, store_argument};
use crate::database::Database;
use crate::error::{Reason, ToolError};
use crate::mcp::icon;
use crate::services::scope;

pub(super) const NAME: &str = "restock_advice";

/// Days that stock should last when nobody says.
const USUAL_DAYS: u32 = 30;
const MOST_DAYS: u32 = 365;

pub(super) fn prompt() -> Prompt {
    let description = "What to order so that stock lasts, how much of it, and what to stop ordering, with the season in mind";
    let days = argument("days_of_cover", "Days that stock should last, 1 to 365; 30 unless said", false);
    Prompt::new(NAME, Some(description), Some(vec![store_argument(), days]))
        .with_title("Advise on restocking")
        .with_icons(icon::of(icon::TABLE))
}

pub(super) async fn text(database: &Database, arguments: &Arguments) -> Result<String, ToolError> {
    let days = days(arguments.get("days_of_cover"))?;
    let mut places = fill::of_stores(&scope::stores(database, arguments.get("store")).await?);
    places.push(("days", days.to_string()));
    Ok(fill::fill(include_str!("restock_advice.md"), &places))
}

fn days(asked: Option<&str>) -> Result<u32, ToolError> {
    let Some(asked) = asked else { return Ok(USUAL_DAYS) };
    asked.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or_else(|| {
        let shown: String = asked.chars().take(40).collect();
        ToolError::new(
            Reason::InvalidArguments,
            format!("days_of_cover must be a whole number from 1 to {MOST_DAYS}, not {shown}"),
            format!("call again with one in that range, or leave it out for {USUAL_DAYS}"),
        )
    })
}
