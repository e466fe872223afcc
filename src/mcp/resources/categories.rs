//! `zava://categories` and `zava://categories/{category}`: what is sold.

use rmcp::model::{Resource, ResourceTemplate};

use super::{Content, JSON};
use crate::database::Database;
use crate::error::ToolError;
use crate::mcp::{answer, icon};
use crate::services::categories;

pub(super) fn resource() -> Resource {
    let description =
        "What is sold: every category with its product types and the number of products of each";
    super::resource("categories", "Categories", description, JSON, icon::TAG)
}

pub(super) fn template() -> ResourceTemplate {
    let description = "The product types of one category, e.g. zava://categories/Plumbing";
    super::template("categories", "category", "Category", description, JSON, icon::TAG)
}

pub(super) async fn read(database: &Database, category: Option<&str>) -> Result<Content, ToolError> {
    Ok((JSON, answer::written(&categories::run(database, category).await?)?.to_string()))
}
