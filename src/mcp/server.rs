//! One client's server: what it announces, and the loop on stdin and stdout.
#![expect(
    deprecated,
    reason = "logging/setLevel is gone since 2026-07-28, and clients of older protocols send it"
)]

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::ToolCallContext;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, DiscoverResult,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, SetLevelRequestMethod,
    SetLevelRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool_handler};

use std::sync::Arc;

use super::page::{self, Cacheable as _};
use super::stdio::{Options, serve_on_stdio};
use super::{completion, icon, prompts, resources};
use crate::cache::Cache;
use crate::call::Witnesses;
use crate::database::Database;
use crate::services::activity::{Activity, Ended};
use crate::services::kept::Asking;
use crate::services::search_products::{Opened, Searcher};

const INSTRUCTIONS: &str = include_str!("instructions.md");

type Context = RequestContext<RoleServer>;
type Page = Option<PaginatedRequestParams>;

/// The shop as one MCP client sees it. Clones share the pool.
#[derive(Clone)]
pub struct ZavaServer {
    pub(super) database: Database,
    pub(super) cache: Cache,
    pub(super) activity: Activity,
    pub(super) searcher: Arc<Searcher>,
    pub(super) witnesses: Witnesses,
    tools: ToolRouter<Self>,
}

impl ZavaServer {
    /// Builds the server with all its tools. Nothing connects yet.
    #[must_use]
    pub fn new(database: Database, cache: Cache, model: Opened) -> Self {
        let activity = Activity::new(database.limits().slow());
        let searcher = Arc::new(Searcher::new(model));
        let witnesses = Witnesses::default();
        Self { database, cache, activity, searcher, witnesses, tools: Self::all_tools() }
    }

    /// A call that may be answered from what is kept.
    pub(super) fn asking(&self, fresh: bool) -> Asking<'_> {
        Asking { database: &self.database, cache: &self.cache, fresh }
    }
}

#[tool_handler(router = self.tools)]
impl ServerHandler for ZavaServer {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder()
            .enable_completions()
            .enable_prompts()
            .enable_resources()
            .enable_tools()
            .build();
        ServerConfig::new(can).with_server_info(implementation()).with_instructions(INSTRUCTIONS)
    }

    async fn discover(&self, context: Context) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        Ok(DiscoverResult::from_server_info(versions, self.get_info()).built_in(&context))
    }

    async fn list_tools(&self, request: Page, context: Context) -> Result<ListToolsResult, ErrorData> {
        page::only(request.as_ref())?;
        Ok(ListToolsResult::with_all_items(self.tools.list_all()).built_in(&context))
    }

    /// Counts the calls of tools that exist.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let call = self.tools.has_route(&request.name).then(|| self.activity.begin(&request.name));
        let answer = self.tools.call(ToolCallContext::new(self, request, context)).await;
        if let Some(call) = call {
            call.end(how(&answer));
        }
        answer
    }

    async fn list_prompts(&self, request: Page, context: Context) -> Result<ListPromptsResult, ErrorData> {
        page::only(request.as_ref())?;
        Ok(ListPromptsResult::with_all_items(prompts::list()).built_in(&context))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        // Boxed, here and below: else every request, whatever it asks, would carry the room for these.
        Ok(Box::pin(prompts::get(&self.database, request)).await?.into())
    }

    async fn list_resources(
        &self,
        request: Page,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        page::only(request.as_ref())?;
        Ok(ListResourcesResult::with_all_items(resources::list()).built_in(&context))
    }

    async fn list_resource_templates(
        &self,
        request: Page,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        page::only(request.as_ref())?;
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()).built_in(&context))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = Box::pin(resources::read(&self.database, &request.uri)).await?;
        Ok(read.was_read(&context).into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        Box::pin(completion::complete(&self.database, request)).await
    }

    /// Clients of the older protocols set a level right after the handshake, whether or not logging was announced.
    /// Logs go to stderr, whatever the level; newer clients have no such request.
    async fn set_level(&self, _request: SetLevelRequestParams, context: Context) -> Result<(), ErrorData> {
        if page::is_modern(&context) {
            return Err(ErrorData::method_not_found::<SetLevelRequestMethod>());
        }
        Ok(())
    }
}

/// How a call ended.
fn how(answer: &Result<CallToolResponse, ErrorData>) -> Ended {
    match answer {
        Ok(CallToolResponse::Complete(result)) if result.is_error != Some(true) => Ended::Answered,
        _ => Ended::Failed,
    }
}

/// Who is speaking.
fn implementation() -> Implementation {
    Implementation::new("zava-mcp", env!("CARGO_PKG_VERSION"))
        .with_title("Zava retail")
        .with_icons(icon::of(icon::SHOP))
}

/// Serves one client on stdin and stdout until it hangs up, and leaves no query behind.
///
/// # Errors
///
/// When the protocol library gives up.
#[expect(clippy::disallowed_methods, reason = "the one server there is")]
pub async fn serve(
    database: Database,
    cache: Cache,
    model: Opened,
    mut options: Options,
) -> anyhow::Result<()> {
    let mut shop = ZavaServer::new(database.clone(), cache, model);
    shop.witnesses = options.witnesses.clone();
    options.tools = shop.tools.list_all().into_iter().map(|tool| tool.name.into_owned()).collect();
    let served = serve_on_stdio(shop, options).await;
    database.settle().await;
    served
}
