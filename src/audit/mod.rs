//! The audit log: one line per call, chained by hashes, written before the call is answered.
//!
//! ```text
//!  DIR/audit-2026-11-21.jsonl   a line per call, the newest last; a file a day (UTC)
//!  DIR/audit.head               the last line's number and hash; the lock of all writers
//! ```
//!
//! The chain finds what was removed, changed, moved, doubled or cut by anybody who cannot also write a whole new chain
//! from there on. It has no secret key, which the process would have to keep where the same user could read it: whoever
//! may write the files could make another chain. Against that helps a head that is kept elsewhere (`--expect-head`).

mod book;
mod days;
mod error;
mod head;
mod line;
mod place;
mod record;
pub mod verify;
mod writing;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use self::book::{Book, Entry};
use self::error::AuditError;
use crate::call::{AskWho, Ended, Witness};
use crate::error::{Reason, ToolError, chain};
use crate::settings::AuditArgs;

/// Writes the line of every call.
pub struct AuditLog {
    book: Mutex<Book>,
    who: AskWho,
    required: bool,
    keep_text: bool,
    written: AtomicU64,
    failed: AtomicU64,
}

impl AuditLog {
    /// The log that is asked for, if any. Opens nothing yet.
    #[must_use]
    pub fn new(args: &AuditArgs, who: AskWho) -> Option<Self> {
        let dir = args.audit_log.as_deref()?;
        Some(Self {
            book: Mutex::new(Book::new(dir, record::start(args))),
            who,
            required: args.audit_required,
            keep_text: args.audit_sql,
            written: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        })
    }

    fn write(&self, call: &Ended) -> Result<(), AuditError> {
        let entry = Entry { kind: "call", fields: record::of(call, &(self.who)(), self.keep_text) };
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.append(entry, Timestamp::now())
    }
}

impl Witness for AuditLog {
    fn saw(&self, call: &Ended) -> Result<(), ToolError> {
        if !record::belongs(call) {
            return Ok(());
        }
        let written = self.write(call);
        let count = if written.is_ok() { &self.written } else { &self.failed };
        count.fetch_add(1, Ordering::Relaxed);
        let Err(error) = written else { return Ok(()) };
        tracing::error!(required = self.required, "no line in the audit log: {}", chain(&error));
        if !self.required {
            return Ok(());
        }
        Err(ToolError::new(
            Reason::AuditUnavailable,
            "this call could not be entered in the audit log, and none is answered without",
            "whoever runs this server has to mend what its log says of the audit log; then call again",
        ))
    }

    fn state(&self) -> (&'static str, String) {
        let [written, failed] = [&self.written, &self.failed].map(|count| count.load(Ordering::Relaxed));
        let required = if self.required { "required" } else { "not required" };
        ("audit_log", format!("{required}; {written} calls entered, {failed} could not be"))
    }
}
