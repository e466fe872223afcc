//! The server: which fixture answers which request.

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CompletionInfo,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, SetLevelRequestParams,
    SubscribeRequestParams, UnsubscribeRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zava_mcp::mcp::{Options, serve_on_stdio};

use crate::{asking, listed, talking};

pub(crate) type Context = RequestContext<RoleServer>;
type Page = Option<PaginatedRequestParams>;

pub(crate) async fn serve() -> anyhow::Result<()> {
    Box::pin(serve_on_stdio(Fixtures, Options::default())).await
}

struct Fixtures;

/// A fixture, written as JSON, as rmcp wants it.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a fixture is well-formed")
}

fn unknown(what: &str, name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("Unknown {what}: {name}"), None)
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder()
            .enable_completions()
            .enable_logging()
            .enable_prompts()
            .enable_resources()
            .enable_tools()
            .build();
        ServerConfig::new(can).with_server_info(Implementation::new("conformance", "0"))
    }

    async fn list_tools(&self, _page: Page, _context: Context) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(listed::tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        if let Some(answer) = listed::answer(&request.name) {
            return Ok(answer.into());
        }
        if let Some(answer) = asking::answer(&request, &context)? {
            return Ok(answer);
        }
        let said = talking::answer(&request, &context).await?;
        said.map(Into::into).ok_or_else(|| unknown("tool", &request.name))
    }

    async fn list_resources(&self, _page: Page, _context: Context) -> Result<ListResourcesResult, ErrorData> {
        Ok(ListResourcesResult::with_all_items(listed::resources()))
    }

    async fn list_resource_templates(
        &self,
        _page: Page,
        _context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(listed::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let gone = || {
            let data = serde_json::json!({ "uri": request.uri });
            ErrorData::resource_not_found("Resource not found", Some(data))
        };
        listed::read(&request.uri).map(Into::into).ok_or_else(gone)
    }

    async fn subscribe(&self, _request: SubscribeRequestParams, _context: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(
        &self,
        _request: UnsubscribeRequestParams,
        _context: Context,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn list_prompts(&self, _page: Page, _context: Context) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(listed::prompts()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        if let Some(answer) = asking::prompt(&request) {
            return Ok(answer);
        }
        let prompt = listed::prompt(&request.name, request.arguments.as_ref());
        prompt.map(Into::into).ok_or_else(|| unknown("prompt", &request.name))
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        let values = vec![format!("{} and more", request.argument.value)];
        let completion = CompletionInfo::with_all_values(values).expect("one value");
        Ok(CompleteResult::new(completion))
    }

    async fn set_level(&self, _request: SetLevelRequestParams, context: Context) -> Result<(), ErrorData> {
        if talking::is_modern(&context) {
            return Err(ErrorData::method_not_found::<rmcp::model::SetLevelRequestMethod>());
        }
        Ok(())
    }
}
