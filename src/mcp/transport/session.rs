//! What the reader, the writer and the handlers of one client share: the open requests, the way out, and how it ends.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use rmcp::RoleServer;
use rmcp::model::{
    ClientNotification, ErrorData, GetExtensions as _, GetMeta as _, JsonRpcMessage, RequestId,
    ServerNotification,
};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::io::AsyncWrite;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use super::accept::{Accepted, accept};
use super::ledger::{Ledger, Ticket};
use super::outbox::Outbox;
use super::streams;

/// Most requests that are open at once; further ones stay in the pipe.
const MOST_OPEN: usize = 128;
/// Bytes that wait for a client which does not read; beyond that nothing more is read or begun.
const MOST_UNWRITTEN: usize = 1024 * 1024;
/// How long nothing may move before a client that has hung up is taken for gone.
const STILL: Duration = Duration::from_millis(100);

/// One client's session.
pub(in crate::mcp) struct Session {
    ledger: Mutex<Ledger>,
    outbox: Outbox,
    /// Told whenever an answer was made or bytes were written.
    moved: Notify,
    /// Set by the first request that rmcp serves in earnest: until then it takes nothing but requests.
    opened: AtomicBool,
    /// Places for calls that run.
    places: Arc<Semaphore>,
    /// Most bytes of the open requests together.
    most_bytes: usize,
    /// Cancelled when stdin has ended.
    pub(in crate::mcp) hung_up: CancellationToken,
    /// Cancels everything.
    pub(in crate::mcp) stop: CancellationToken,
}

/// An error for somebody whom rmcp never heard of.
#[derive(Serialize)]
struct Refusal<'a> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    error: &'a ErrorData,
}

impl Session {
    pub(super) fn new(most_calls: usize, most_bytes: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most_calls)),
            ledger: Mutex::default(),
            outbox: Outbox::default(),
            moved: Notify::new(),
            opened: AtomicBool::new(false),
            most_bytes,
            hung_up: CancellationToken::new(),
            stop: CancellationToken::new(),
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes to stdout until nobody reads there.
    pub(super) async fn write(&self, stdout: impl AsyncWrite + Unpin) {
        self.outbox.write_to(stdout, &self.moved).await;
    }

    /// Cancelled when nobody can read stdout any more.
    pub(in crate::mcp) fn broken(&self) -> &CancellationToken {
        &self.outbox.broken
    }

    /// rmcp serves in earnest.
    pub(in crate::mcp) fn serving(&self) {
        self.opened.store(true, Ordering::Relaxed);
    }

    /// Takes a line in; the message that rmcp should see, if any.
    pub(super) fn take(&self, line: &[u8]) -> Option<RxJsonRpcMessage<RoleServer>> {
        let mut message = match accept(line) {
            Accepted::Message(message) => message,
            Accepted::Refused(id, error) => {
                self.refuse(id, &error);
                return None;
            }
            Accepted::Ignored => return None,
        };
        match &mut *message {
            JsonRpcMessage::Request(request) => {
                let ticket = Ticket { cancelled: self.stop.child_token() };
                let token = request.request.get_meta().get_progress_token();
                if !self.ledger().open(request.id.clone(), line.len(), token, &ticket) {
                    let why =
                        "Invalid request: this id is already in use by a request that is not answered yet";
                    let id = serde_json::to_string(&request.id).ok();
                    self.refuse(id, &ErrorData::invalid_request(why, None));
                    return None;
                }
                request.request.extensions_mut().insert(ticket);
            }
            // rmcp would only raise a flag, and forget the id while its handler runs.
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification {
                    if let Some(id) = &cancelled.params.request_id {
                        self.ledger().cancel(id);
                    }
                    return None;
                }
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
        let for_rmcp = matches!(*message, JsonRpcMessage::Request(_)) || self.opened.load(Ordering::Relaxed);
        for_rmcp.then_some(*message)
    }

    /// Answers a line that rmcp never sees.
    pub(super) fn refuse(&self, id: Option<String>, error: &ErrorData) {
        let id = id.and_then(|id| RawValue::from_string(id).ok());
        self.outbox.push(&Refusal { jsonrpc: "2.0", id: id.as_deref(), error });
    }

    /// Sends a message, unless nobody waits for it.
    pub(super) fn send(&self, message: &TxJsonRpcMessage<RoleServer>) {
        let wanted = match message {
            JsonRpcMessage::Response(answer) => self.ledger().close(&answer.id),
            JsonRpcMessage::Error(answer) => answer.id.as_ref().is_none_or(|id| self.ledger().close(id)),
            JsonRpcMessage::Notification(notification) => match &notification.notification {
                // A client that does not read does not look at progress either.
                ServerNotification::ProgressNotification(progress) => {
                    self.has_room() && self.ledger().advance(&progress.params)
                }
                _ => true,
            },
            JsonRpcMessage::Request(_) => true,
        };
        if wanted {
            self.outbox.push(message);
        }
        self.moved.notify_waiters();
    }

    fn has_room(&self) -> bool {
        self.outbox.unwritten() < MOST_UNWRITTEN
    }

    fn may_read(&self) -> bool {
        let ledger = self.ledger();
        self.has_room() && ledger.len() < MOST_OPEN && ledger.bytes() < self.most_bytes
    }

    /// Waits for the turn of a call, and until the client has read enough for another one to begin. The call has its place
    /// until its answer is on the way out.
    pub(in crate::mcp) async fn begin(&self, id: &RequestId) {
        if let Ok(permit) = Arc::clone(&self.places).acquire_owned().await {
            self.ledger().keep(id, permit);
        }
        self.until(|| self.has_room()).await;
    }

    /// Waits until another message may be read; notices meanwhile when the client has gone.
    pub(super) async fn room_to_read(&self) {
        if self.may_read() {
            return;
        }
        let gone = async {
            while !(streams::stdin_hung_up() && self.is_still(STILL).await) {
                tokio::time::sleep(STILL).await;
            }
            self.hung_up.cancel();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = self.until(|| self.may_read()) => {}
            () = gone => {}
        }
    }

    /// Waits until everything is answered and written, or nothing moves any more.
    pub(in crate::mcp) async fn finish(&self, still: Duration) {
        while !self.is_done() && !self.is_still(still).await {}
    }

    /// Whether everything is answered and written.
    pub(in crate::mcp) fn is_done(&self) -> bool {
        self.ledger().len() == 0 && self.outbox.unwritten() == 0
    }

    /// Whether nothing is answered and nothing written for so long.
    async fn is_still(&self, long: Duration) -> bool {
        let mut moved = pin!(self.moved.notified());
        moved.as_mut().enable();
        if tokio::time::timeout(long, moved.as_mut()).await.is_ok() {
            return false;
        }
        // Where the whole process was held up, its calls get their turn first.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        moved.now_or_never().is_none()
    }

    async fn until(&self, done: impl Fn() -> bool) {
        loop {
            let moved = self.moved.notified();
            if done() {
                return;
            }
            moved.await;
        }
    }
}
