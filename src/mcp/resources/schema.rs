//! `zava://schema` and `zava://schema/{table}`: tables and columns as compact DDL.

use rmcp::model::{Resource, ResourceTemplate};

use super::{Content, TEXT};
use crate::database::Database;
use crate::error::ToolError;
use crate::mcp::icon;
use crate::services::describe_tables;

pub(super) fn resource() -> Resource {
    let description =
        "Every table you may read: one line per column with type, key, reference, allowed values, comment";
    super::resource("schema", "Schema", description, TEXT, icon::TABLE)
}

pub(super) fn template() -> ResourceTemplate {
    let description = "One table, e.g. zava://schema/retail.orders; its schema may be left out";
    super::template("schema", "table", "Table", description, TEXT, icon::TABLE)
}

pub(super) async fn read(database: &Database, table: Option<&str>) -> Result<Content, ToolError> {
    let names: Vec<String> = table.map(str::to_owned).into_iter().collect();
    Ok((TEXT, describe_tables::run(database, &names).await?))
}
