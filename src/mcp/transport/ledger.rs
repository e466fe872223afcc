//! The requests that were taken in and not answered yet. Each is answered once, or cancelled and never answered.

use std::collections::HashMap;

use rmcp::model::{ProgressNotificationParam, ProgressToken, RequestId};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

/// Given to the handler of a request with the request.
#[derive(Clone)]
pub(in crate::mcp) struct Ticket {
    /// Cancelled when nobody waits for the answer any more.
    pub(in crate::mcp) cancelled: CancellationToken,
}

/// The open requests.
#[derive(Default)]
pub(super) struct Ledger {
    open: HashMap<RequestId, Entry>,
    bytes: usize,
}

struct Entry {
    cancelled: CancellationToken,
    bytes: usize,
    token: Option<ProgressToken>,
    progress: f64,
    permit: Option<OwnedSemaphorePermit>,
}

impl Ledger {
    /// Takes a request in; false when its id is in use.
    pub(super) fn open(
        &mut self,
        id: RequestId,
        bytes: usize,
        token: Option<ProgressToken>,
        ticket: &Ticket,
    ) -> bool {
        if self.open.contains_key(&id) {
            return false;
        }
        let cancelled = ticket.cancelled.clone();
        let entry = Entry { cancelled, bytes, token, progress: f64::NEG_INFINITY, permit: None };
        self.open.insert(id, entry);
        self.bytes += bytes;
        true
    }

    /// Keeps a permit until the request ends: an answer that is still on its way through rmcp counts as work.
    pub(super) fn keep(&mut self, id: &RequestId, permit: OwnedSemaphorePermit) {
        if let Some(entry) = self.open.get_mut(id) {
            entry.permit = Some(permit);
        }
    }

    /// Ends a request; whether somebody waits for the answer.
    pub(super) fn close(&mut self, id: &RequestId) -> bool {
        let Some(entry) = self.open.remove(id) else { return false };
        self.bytes -= entry.bytes;
        !entry.cancelled.is_cancelled()
    }

    /// Cancels a request. Its id stays in use until its handler has let go.
    pub(super) fn cancel(&self, id: &RequestId) {
        if let Some(entry) = self.open.get(id) {
            entry.cancelled.cancel();
        }
    }

    /// Whether a progress notification may be sent: its request is open, and there was progress.
    pub(super) fn advance(&mut self, made: &ProgressNotificationParam) -> bool {
        let mut entries = self.open.values_mut();
        let entry = entries.find(|entry| entry.token.as_ref() == Some(&made.progress_token));
        let Some(entry) = entry.filter(|entry| !entry.cancelled.is_cancelled()) else { return false };
        let advanced = made.progress > entry.progress;
        if advanced {
            entry.progress = made.progress;
        }
        advanced
    }

    /// Open requests.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// Bytes of their text.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
