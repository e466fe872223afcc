//! One client's server: what it announces, and the loop on stdin and stdout.

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{Implementation, InitializeResult, ServerCapabilities};
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio_pipes;
use rmcp::{ServerHandler, ServiceExt as _, tool_handler};

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

/// Serves one client on stdin and stdout until it hangs up.
///
/// # Errors
///
/// When the handshake fails for another reason than the client leaving, or the session breaks.
#[expect(clippy::disallowed_methods, reason = "stdout is the protocol, and this is where it is spoken")]
pub async fn serve(database: Database) -> anyhow::Result<()> {
    match ZavaServer::new(database).serve(stdio_pipes()).await {
        Ok(session) => {
            session.waiting().await?;
            Ok(())
        }
        // A client that only asked `server/discover`, or nothing, and left is normal.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
