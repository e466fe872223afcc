//! The tools, one file each: its arguments, its description, one call of a service. No logic.
//!
//! To add one: write its file with a `#[tool_router(router = <name>_router, vis = "pub(super)")]` block, add the router
//! to the sum below, and accept the new tool in the snapshot of `tests/it/tools.rs`, which is the public interface.
//! Doc comments of a tool and its arguments go to the model word for word.
#![expect(clippy::disallowed_methods, reason = "tools call services")]
#![allow(rustdoc::broken_intra_doc_links, reason = "JSON in a description is not a link")]
#![expect(
    clippy::doc_markdown,
    clippy::doc_link_with_quotes,
    reason = "models read these comments, and backticks are noise to them"
)]

mod chart_sales_query;
mod execute_sales_query;
mod explain_sales_query;
mod get_current_utc_date;
mod get_multiple_table_schemas;
mod get_store_performance;
mod semantic_search_products;
mod server_status;

use rmcp::handler::server::router::tool::ToolRouter;

use super::ZavaServer;

impl ZavaServer {
    pub(super) fn all_tools() -> ToolRouter<Self> {
        Self::chart_sales_query_router()
            + Self::execute_sales_query_router()
            + Self::explain_sales_query_router()
            + Self::get_current_utc_date_router()
            + Self::get_multiple_table_schemas_router()
            + Self::get_store_performance_router()
            + Self::semantic_search_products_router()
            + Self::server_status_router()
    }
}
