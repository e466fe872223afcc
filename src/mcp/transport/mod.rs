//! MCP on stdin and stdout, with what rmcp's own transport leaves out.
//!
//! Every line gets an answer where one is possible, also what is no message. Lines that are too long pass by without being
//! held. What a client sends faster than it reads stays in the pipe. Cancelled requests are never answered.

mod accept;
mod ledger;
mod lines;
mod outbox;
mod recover;
mod session;
mod streams;

use std::convert::Infallible;
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::ErrorData;
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::io::{AsyncRead, AsyncWrite};

pub(super) use self::ledger::Ticket;
use self::lines::{Line, Lines};
pub(super) use self::session::Session;

/// rmcp's end of stdin and stdout.
pub(super) struct StdioTransport {
    lines: Lines<Box<dyn AsyncRead + Send + Unpin>>,
    session: Arc<Session>,
    most: usize,
}

impl StdioTransport {
    /// Opens stdin and stdout for `calls` at once and messages of at most `most` bytes. Needs a runtime.
    pub(super) fn open(calls: usize, most: usize) -> (Self, Arc<Session>) {
        Self::over(streams::stdin(), streams::stdout(), calls, most)
    }

    /// The same over two other streams.
    pub(super) fn over(
        stdin: Box<dyn AsyncRead + Send + Unpin>,
        stdout: Box<dyn AsyncWrite + Send + Unpin>,
        calls: usize,
        most: usize,
    ) -> (Self, Arc<Session>) {
        let session = Arc::new(Session::new(calls, most));
        let writer = Arc::clone(&session);
        tokio::spawn(async move { writer.write(stdout).await });
        let transport = Self { lines: Lines::new(stdin, most), session: Arc::clone(&session), most };
        (transport, session)
    }

    fn refuse_too_long(&self, id: Option<String>) {
        let why = format!("Invalid request: the message is longer than {} bytes", self.most);
        self.session.refuse(id, &ErrorData::invalid_request(why, None));
    }
}

impl Transport<RoleServer> for StdioTransport {
    type Error = Infallible;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.session.send(&message);
        std::future::ready(Ok(()))
    }

    /// Never `None`: rmcp would wait five seconds for what is still running. The end of stdin is told to the session, which
    /// stops everything in its own time. Dropping the future loses nothing.
    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            self.session.room_to_read().await;
            match self.lines.next().await {
                Some(Line::Text(line)) => {
                    if let Some(message) = self.session.take(&line) {
                        return Some(message);
                    }
                }
                Some(Line::TooLong(id)) => self.refuse_too_long(id),
                None => {
                    self.session.hung_up.cancel();
                    return std::future::pending().await;
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}
