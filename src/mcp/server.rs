//! One client's server: what it announces, and the loop on stdin and stdout.

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{Implementation, InitializeResult, ServerCapabilities};
use rmcp::{ServerHandler, tool_handler};

use super::stdio::{Options, serve_on_stdio};
use crate::database::Database;

/// The shop as one MCP client sees it. Clones share the pool.
#[derive(Clone)]
pub struct ZavaServer {
    pub(super) database: Database,
    tools: ToolRouter<Self>,
}

impl ZavaServer {
    /// Builds the server with all its tools. Nothing connects yet.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, tools: Self::all_tools() }
    }
}

#[tool_handler(router = self.tools)]
impl ServerHandler for ZavaServer {
    fn get_info(&self) -> InitializeResult {
        let mut info = InitializeResult::new(ServerCapabilities::builder().enable_tools().build())
            .with_instructions(include_str!("instructions.md"));
        info.server_info = Implementation::new("zava-mcp", env!("CARGO_PKG_VERSION"));
        info.server_info.title = Some("Zava retail".to_owned());
        info
    }
}

/// Serves one client on stdin and stdout until it hangs up, and leaves no query behind.
///
/// # Errors
///
/// When the protocol library gives up.
#[expect(clippy::disallowed_methods, reason = "the one server there is")]
pub async fn serve(database: Database, mut options: Options) -> anyhow::Result<()> {
    let shop = ZavaServer::new(database.clone());
    options.tools = shop.tools.list_all().into_iter().map(|tool| tool.name.into_owned()).collect();
    let served = serve_on_stdio(shop, options).await;
    database.settle().await;
    served
}
