//! What the rooms below note of the call that they work for, without knowing it.

use std::sync::{Arc, Mutex, PoisonError};

use super::Statement;
use crate::error::Reason;

/// Most statements of one call that are kept; the rest is only counted.
const MOST_STATEMENTS: usize = 64;

tokio::task_local! {
    static NOTES: Option<Arc<Notes>>;
}

/// What the rooms below noted of one call.
#[derive(Debug, Default)]
pub(super) struct Notes(Mutex<Noted>);

#[derive(Debug, Default)]
pub(super) struct Noted {
    pub(super) statements: Vec<Statement>,
    pub(super) more: u64,
    pub(super) failed: Option<Reason>,
    pub(super) kept: bool,
}

impl Notes {
    /// What was noted, at the end of the call.
    pub(super) fn take(&self) -> Noted {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs `work` so that what it does is noted there.
pub(super) fn noting<F: Future>(
    notes: Option<Arc<Notes>>,
    work: F,
) -> impl Future<Output = F::Output> + use<F> {
    NOTES.scope(notes, work)
}

fn note(note: impl FnOnce(&mut Noted)) {
    let _ = NOTES.try_with(|notes| {
        if let Some(notes) = notes {
            note(&mut notes.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
    });
}

/// A statement ran for this call; `what` is made only when somebody keeps account.
pub fn statement(what: impl FnOnce() -> Statement) {
    note(|noted| {
        if noted.statements.len() < MOST_STATEMENTS {
            noted.statements.push(what());
        } else {
            noted.more += 1;
        }
    });
}

/// This call is answered with what was made for an earlier one.
pub fn kept() {
    note(|noted| noted.kept = true);
}

/// This call fails for that reason.
pub fn failed(reason: Reason) {
    note(|noted| noted.failed = Some(reason));
}
