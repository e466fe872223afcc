//! What waits to be written to stdout: whole messages, as many as possible in one write, by one task.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// A chunk that holds so much takes no further message: what is written is freed by chunks.
const FULL: usize = 64 * 1024;

/// Messages on their way out.
#[derive(Default)]
pub(super) struct Outbox {
    chunks: Mutex<VecDeque<Vec<u8>>>,
    filled: Notify,
    unwritten: AtomicUsize,
    /// Cancelled when nobody can read stdout any more.
    pub(super) broken: CancellationToken,
}

impl Outbox {
    /// Adds a message. Never waits: who makes messages asks for room before.
    pub(super) fn push(&self, message: &impl Serialize) {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        if chunks.back().is_none_or(|last| last.len() >= FULL) {
            chunks.push_back(Vec::new());
        }
        let Some(chunk) = chunks.back_mut() else { return };
        let before = chunk.len();
        match serde_json::to_writer(&mut *chunk, message) {
            Ok(()) => chunk.push(b'\n'),
            Err(error) => {
                tracing::error!("could not write a message: {error}");
                chunk.truncate(before);
            }
        }
        self.unwritten.fetch_add(chunk.len() - before, Ordering::Relaxed);
        self.filled.notify_one();
    }

    /// Bytes that the client has not taken yet.
    pub(super) fn unwritten(&self) -> usize {
        self.unwritten.load(Ordering::Relaxed)
    }

    /// Writes what comes, for ever, as much at once as there is; `moved` is told whenever there is more room.
    pub(super) async fn write_to(&self, mut stdout: impl AsyncWrite + Unpin, moved: &Notify) {
        loop {
            let chunk = self.next().await;
            let mut rest = chunk.as_slice();
            while !rest.is_empty() {
                let wrote = stdout.write(rest).await.unwrap_or(0);
                // Also a client that went away: there is no use in going on.
                if wrote == 0 || stdout.flush().await.is_err() {
                    self.broken.cancel();
                    return;
                }
                rest = rest.get(wrote..).unwrap_or_default();
                self.unwritten.fetch_sub(wrote, Ordering::Relaxed);
                moved.notify_waiters();
            }
        }
    }

    async fn next(&self) -> Vec<u8> {
        loop {
            if let Some(chunk) = self.chunks.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
                return chunk;
            }
            self.filled.notified().await;
        }
    }
}
