//! `zava://stores` and `zava://stores/{store}`: the stores that the caller sees.

use rmcp::model::{Resource, ResourceTemplate};

use super::{Content, JSON};
use crate::database::Database;
use crate::error::ToolError;
use crate::mcp::{answer, icon};
use crate::services::stores;

pub(super) fn resource() -> Resource {
    let description = "The stores whose rows you see: name, location, region, whether online, opening day";
    super::resource("stores", "Stores", description, JSON, icon::SHOP)
}

pub(super) fn template() -> ResourceTemplate {
    let description = "One store that you see, e.g. zava://stores/Zava%20Retail%20Seattle";
    super::template("stores", "store", "Store", description, JSON, icon::SHOP)
}

pub(super) async fn read(database: &Database, store: Option<&str>) -> Result<Content, ToolError> {
    Ok((JSON, answer::written(&stores::run(database, store).await?)?.to_string()))
}
