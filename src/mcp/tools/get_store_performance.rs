//! `get_store_performance`: how a store did in a period.

use rmcp::model::{CallToolResult, JsonObject};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ToolError;
use crate::mcp::{ZavaServer, answer, arguments, icon, schema};
use crate::services::store_performance;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// today, yesterday, last_7_days (any number), this_ or last_ week, month, quarter, year; or 2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-31, 2026-01-01/2026-06-30.
    time_period: String,
    /// One of your stores, or a part of its name. Left out: all that you see, ranked.
    #[serde(default)]
    store: Option<String>,
    /// Not from the cache.
    #[serde(default)]
    fresh: bool,
}

#[tool_router(router = get_store_performance_router, vis = "pub(super)")]
impl ZavaServer {
    /// How a store did in a period, against the period before and a year earlier: revenue, orders, customers, returns, discounts, margin, best and worst categories and products, stock at risk, insights by money. Use it before SQL of your own for such questions. An unfinished period is compared with the same part of others.
    #[tool(
        title = "Review a store",
        icons = icon::of(icon::SHOP),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn get_store_performance(&self, arguments: JsonObject) -> Result<CallToolResult, ToolError> {
        let Arguments { time_period, store, fresh } = arguments::read("get_store_performance", arguments)?;
        let review = store_performance::kept(self.asking(fresh), store.as_deref(), &time_period).await?;
        Ok(answer::value(review.into_json()))
    }
}
