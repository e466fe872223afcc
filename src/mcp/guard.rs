//! Stands between rmcp and the tools: bounds, cancels and survives every call, and mends rmcp's messages.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use rmcp::model::{
    CallToolResult, ClientNotification, ClientRequest, ContentBlock, ErrorCode, ErrorData, ProtocolVersion,
    ServerConfig, ServerResult,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{RoleServer, Service};
use serde_json::Value;

use super::transport::{Session, Ticket};
use super::{account, answer, page, progress, stamp};
use crate::call::{self, Call, Witnesses};
use crate::error::{Reason, ToolError};

/// A service that cannot harm its process.
pub(super) struct Guard<S> {
    inner: S,
    session: Arc<Session>,
    tools: Vec<String>,
    witnesses: Witnesses,
    name: Value,
}

impl<S: Service<RoleServer>> Guard<S> {
    /// `tools` are named to whoever calls an unknown one.
    pub(super) fn new(inner: S, session: Arc<Session>, tools: Vec<String>, witnesses: Witnesses) -> Self {
        let name = stamp::of(&inner.get_info().server_info);
        Self { inner, session, tools, witnesses, name }
    }
}

/// What is known of a request after it was handed over.
struct Asked {
    method: String,
    tool: Option<String>,
    works: bool,
    modern: bool,
}

impl Asked {
    fn of(request: &ClientRequest, context: &RequestContext<RoleServer>) -> Self {
        let tool = match request {
            ClientRequest::CallToolRequest(call) => Some(call.params.name.to_string()),
            _ => None,
        };
        let works = tool.is_some()
            || matches!(
                request,
                ClientRequest::ReadResourceRequest(_)
                    | ClientRequest::CompleteRequest(_)
                    | ClientRequest::GetPromptRequest(_)
            );
        let modern = page::is_modern(context);
        Self { method: request.method().to_owned(), tool, works, modern }
    }
}

impl<S: Service<RoleServer>> Guard<S> {
    async fn run(
        &self,
        asked: &Asked,
        request: ClientRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<ServerResult, ErrorData> {
        if asked.works {
            self.session.begin(&context.id).await;
        }
        let call = AssertUnwindSafe(self.inner.handle_request(request, context)).catch_unwind();
        let mut answer = match call.await {
            Ok(answer) => answer.map_err(|error| self.mend(asked, error)),
            Err(_) => crashed(asked),
        };
        if asked.modern
            && let Ok(result) = &mut answer
        {
            stamp::on(result, &self.name);
        }
        answer
    }

    /// The answer, when every witness has taken note of it.
    fn told(
        &self,
        asked: &Asked,
        call: Call,
        answer: Result<ServerResult, ErrorData>,
    ) -> Result<ServerResult, ErrorData> {
        match call.end(|| account::ended(&answer)) {
            Ok(()) => answer,
            Err(error) => {
                let mut refused = refused(asked, &error);
                if asked.modern
                    && let Ok(result) = &mut refused
                {
                    stamp::on(result, &self.name);
                }
                refused
            }
        }
    }

    fn mend(&self, asked: &Asked, mut error: ErrorData) -> ErrorData {
        if error.code == ErrorCode::METHOD_NOT_FOUND && error.message == asked.method {
            error.message = format!("Method not found: {}", asked.method).into();
        }
        if let Some(tool) = &asked.tool
            && error.message == "tool not found"
        {
            error.message = format!("Unknown tool: {tool}. Tools: {}", self.tools.join(", ")).into();
        }
        error
    }
}

/// The panic itself is in the log. A tool's failure is shown to the model, another one to the client.
fn crashed(asked: &Asked) -> Result<ServerResult, ErrorData> {
    let Some(tool) = &asked.tool else {
        call::failed(Reason::Internal);
        return Err(ErrorData::internal_error(format!("Internal error: {} failed", asked.method), None));
    };
    let error = ToolError::new(
        Reason::Internal,
        format!("{tool} failed because of a defect in this server"),
        "look into the server's log for the cause; other calls and other arguments work",
    );
    refused(asked, &error)
}

/// A failure in the place of an answer.
fn refused(asked: &Asked, error: &ToolError) -> Result<ServerResult, ErrorData> {
    if asked.tool.is_none() {
        return Err(answer::protocol_error(error));
    }
    call::failed(error.reason);
    let mut answer = CallToolResult::error(vec![ContentBlock::text(error.to_string())]);
    if !asked.modern {
        answer.result_type = None;
    }
    Ok(ServerResult::CallToolResult(answer))
}

impl<S: Service<RoleServer>> Service<RoleServer> for Guard<S> {
    async fn handle_request(
        &self,
        request: ClientRequest,
        mut context: RequestContext<RoleServer>,
    ) -> Result<ServerResult, ErrorData> {
        if !matches!(request, ClientRequest::DiscoverRequest(_)) {
            self.session.serving();
        }
        let asked = Asked::of(&request, &context);
        let cancelled = match context.extensions.get::<Ticket>() {
            Some(ticket) => ticket.cancelled.clone(),
            None => context.ct.clone(),
        };
        let call = self.witnesses.begin(|| account::asked(&request, &context));
        let reported = progress::report(&mut context);
        tokio::select! {
            biased;
            // The call is dropped where it stands; the transport sends nothing for it.
            () = cancelled.cancelled() => Ok(ServerResult::empty(())),
            answer = call.noting(self.run(&asked, request, context)) => self.told(&asked, call, answer),
            () = reported => Ok(ServerResult::empty(())),
        }
    }

    async fn handle_notification(
        &self,
        notification: ClientNotification,
        context: NotificationContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.inner.handle_notification(notification, context).await
    }

    fn get_info(&self) -> ServerConfig {
        self.inner.get_info()
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        self.inner.supported_protocol_versions()
    }
}
