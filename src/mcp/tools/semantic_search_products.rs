//! `semantic_search_products`: products by what they are for.

use rmcp::RoleServer;
use rmcp::model::{CallToolResult, JsonObject};
use rmcp::service::RequestContext;
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::database::ProductFilters;
use crate::error::ToolError;
use crate::mcp::{Progress, ZavaServer, answer, arguments, icon, schema};
use crate::services::search_products::{self, DEFAULT_ROWS, DEFAULT_THRESHOLD, MOST_ROWS, Question};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// What it is or is for, in the customer's words, or a SKU; e.g. "hang a heavy picture on drywall".
    query_description: String,
    /// Most products, 1 to 100.
    #[serde(default = "default_rows", deserialize_with = "arguments::whole")]
    #[schemars(range(min = 1, max = 100))]
    max_rows: i64,
    /// Least percent, 0 to 100; lower finds more.
    #[serde(default = "default_threshold")]
    #[schemars(range(min = 0, max = 100))]
    similarity_threshold: f64,
    /// Only this category, e.g. "Hand Tools".
    #[serde(default)]
    category: Option<String>,
    /// Least price, US dollars.
    #[serde(default)]
    min_price: Option<f64>,
    /// Most price, US dollars.
    #[serde(default)]
    max_price: Option<f64>,
    /// Only what your stores have in stock.
    #[serde(default)]
    in_stock: bool,
    /// Not from the cache.
    #[serde(default)]
    fresh: bool,
}

fn default_rows() -> i64 {
    DEFAULT_ROWS.into()
}

fn default_threshold() -> f64 {
    DEFAULT_THRESHOLD
}

#[tool_router(router = semantic_search_products_router, vis = "pub(super)")]
impl ZavaServer {
    /// Finds products by description, best first, with price, stock in the stores you see, similarity_percent and how each matched. It turns a customer's words into products; execute_sales_query tells how they sell. "searched_by" tells whether meaning was compared, or words only.
    #[tool(
        title = "Search products",
        icons = icon::of(icon::SEARCH),
        input_schema = schema::of::<Arguments>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn semantic_search_products(
        &self,
        arguments: JsonObject,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ToolError> {
        let ask: Arguments = arguments::read("semantic_search_products", arguments)?;
        let question = Question {
            max_rows: arguments::rows("max_rows", ask.max_rows, MOST_ROWS)?,
            threshold: arguments::in_range("similarity_threshold", ask.similarity_threshold, 0.0, 100.0)?,
            text: ask.query_description,
            filters: ProductFilters {
                category: ask.category,
                min_price: ask.min_price,
                max_price: ask.max_price,
                in_stock: ask.in_stock,
            },
        };
        let at = Progress::teller(&context);
        let found = search_products::kept(self.asking(ask.fresh), &self.searcher, question, &at).await?;
        Ok(answer::value(found.into_json()))
    }
}
