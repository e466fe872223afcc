//! What the shop can be asked: plain values in, plain values out.
//!
//! A service knows the shop's words and the limits of an answer. It knows neither MCP nor PostgreSQL's driver: rows
//! come from [`database`](crate::database), and failures leave as [`ToolError`](crate::error::ToolError).
//!
//! To add one: a file here with one public async function over plain values, then its tool in `mcp/tools/`.

mod caret;
mod failure;
#[cfg(fuzzing)]
pub mod fuzz;
mod nearest;
mod query_failure;
mod teach;
mod unsafe_database;

pub mod activity;
pub mod categories;
pub mod chart_sales_query;
pub mod current_utc_date;
pub mod describe_tables;
pub mod explain_sales_query;
pub mod kept;
pub mod period;
pub mod sales_query;
pub mod scope;
pub mod search_products;
pub mod server_status;
pub mod store_performance;
pub mod stores;
