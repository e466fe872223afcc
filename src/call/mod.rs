//! What is known of the call that is being answered: noted where it happens, told to the witnesses when it ends.
//!
//! A leaf like [`error`](crate::error): every room may note things ([`statement`], [`kept`], [`failed`]), and does not know
//! who reads them. With no witness nothing is kept, and a note costs one look at a variable of the task.

mod notes;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use self::notes::Notes;
pub use self::notes::{failed, kept, statement};
use crate::error::{Reason, ToolError};

/// One statement that ran for a call.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it was for, as an infinitive.
    pub doing: &'static str,
    /// When it was sent.
    pub at: SystemTime,
    /// How long until its last row.
    pub took: Duration,
    /// Rows it returned; `None` when it did not end well.
    pub rows: Option<u64>,
    /// SHA-256 of its text.
    pub sha256: [u8; 32],
}

/// What a client sent with a call.
#[derive(Clone, Debug)]
pub enum Input {
    /// A query.
    Sql(String),
    /// Anything else, as JSON.
    Arguments(String),
}

/// What is known of a call when it comes.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Method of MCP.
    pub method: String,
    /// Tool or prompt.
    pub name: Option<String>,
    /// Address of a resource.
    pub uri: Option<String>,
    /// Arguments of a tool, prompt or completion.
    pub input: Option<Input>,
    /// Id of the request.
    pub id: String,
    /// Version of the protocol that the client speaks.
    pub protocol: Option<String>,
    /// W3C `traceparent` and `tracestate` of the client.
    pub trace: [Option<String>; 2],
}

/// Whose calls a process answers.
#[derive(Clone, Debug)]
pub struct Who {
    /// The RLS user id.
    pub identity: String,
    /// `proven` or `asserted`; `None` while no connection was admitted.
    pub proof: Option<String>,
    /// The login; `None` before the first connection.
    pub login: Option<String>,
    /// Host or socket of the database, and its port, where there is only one.
    pub address: Option<(String, u16)>,
    /// Its name.
    pub database: Option<String>,
}

/// Asks whose calls these are.
pub type AskWho = Box<dyn Fn() -> Who + Send + Sync>;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Answered,
    /// With an error that the model is shown.
    ToolError,
    /// With a JSON-RPC error.
    ProtocolError(i32),
    /// Nobody waits for it any more.
    Cancelled,
}

/// A call that has ended.
#[derive(Debug)]
pub struct Ended<'a> {
    /// What was asked.
    pub asked: &'a Asked,
    /// When it came.
    pub at: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, where this program knows.
    pub reason: Option<Reason>,
    /// Rows in the answer, or, where it counts none, rows that were read for it.
    pub rows: u64,
    /// Bytes of text and pictures in the answer.
    pub bytes: u64,
    /// Whether the answer was made for an earlier call.
    pub kept: bool,
    /// The statements that ran for it, in the order in which they ended.
    pub statements: Vec<Statement>,
    /// Further statements.
    pub more_statements: u64,
}

impl Ended<'_> {
    /// The outcome as one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Answered => "ok",
            Outcome::ToolError | Outcome::ProtocolError(_) => "error",
            Outcome::Cancelled => "cancelled",
        }
    }

    /// Whether the database was asked for it.
    #[must_use]
    pub fn touched_the_database(&self) -> bool {
        !self.statements.is_empty()
    }
}

/// Keeps account of calls.
pub trait Witness: Send + Sync {
    /// A call has ended. It is answered only after this returns.
    ///
    /// # Errors
    ///
    /// When the call must not be answered, because this failed.
    fn saw(&self, call: &Ended) -> Result<(), ToolError>;

    /// Its name, and how it is.
    fn state(&self) -> (&'static str, String);
}

/// All who keep account; usually nobody.
#[derive(Clone, Default)]
pub struct Witnesses(Arc<[Box<dyn Witness>]>);

impl fmt::Debug for Witnesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} witnesses", self.0.len())
    }
}

impl FromIterator<Box<dyn Witness>> for Witnesses {
    fn from_iter<I: IntoIterator<Item = Box<dyn Witness>>>(witnesses: I) -> Self {
        Self(witnesses.into_iter().collect())
    }
}

impl Witnesses {
    /// Each with its name, and how it is.
    #[must_use]
    pub fn states(&self) -> Vec<(&'static str, String)> {
        self.0.iter().map(|witness| witness.state()).collect()
    }

    /// A call begins; `asked` is made only when somebody keeps account.
    pub fn begin(&self, asked: impl FnOnce() -> Asked) -> Call {
        if self.0.is_empty() {
            return Call { open: None, witnesses: Self::default() };
        }
        let (at, since) = (SystemTime::now(), Instant::now());
        let open = Open { asked: asked(), at, since, notes: Arc::default() };
        Call { open: Some(open), witnesses: self.clone() }
    }
}

/// A call that is under way. Dropped without [`Call::end`], it was cancelled.
#[derive(Debug)]
pub struct Call {
    open: Option<Open>,
    witnesses: Witnesses,
}

#[derive(Debug)]
struct Open {
    asked: Asked,
    at: SystemTime,
    since: Instant,
    notes: Arc<Notes>,
}

impl Call {
    /// Runs `work` so that what it does can be noted.
    pub fn noting<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        notes::noting(self.open.as_ref().map(|open| Arc::clone(&open.notes)), work)
    }

    /// It ended: `how` tells the outcome, the rows that the answer counts, and its bytes.
    ///
    /// # Errors
    ///
    /// When a witness demands that it is not answered.
    pub fn end(mut self, how: impl FnOnce() -> (Outcome, Option<u64>, u64)) -> Result<(), ToolError> {
        match self.open.take() {
            Some(open) => open.tell(&self.witnesses, how()),
            None => Ok(()),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            // Nobody waits for the answer that must not be given.
            let _ = open.tell(&self.witnesses, (Outcome::Cancelled, None, 0));
        }
    }
}

impl Open {
    fn tell(self, to: &Witnesses, how: (Outcome, Option<u64>, u64)) -> Result<(), ToolError> {
        let noted = self.notes.take();
        let (outcome, rows, bytes) = how;
        let read = || noted.statements.iter().filter_map(|statement| statement.rows).sum();
        let answered = outcome == Outcome::Answered;
        let call = Ended {
            asked: &self.asked,
            at: self.at,
            took: self.since.elapsed(),
            reason: noted.failed.filter(|_| !answered && outcome != Outcome::Cancelled),
            rows: if answered { rows.unwrap_or_else(read) } else { 0 },
            bytes,
            kept: noted.kept,
            more_statements: noted.more,
            statements: noted.statements,
            outcome,
        };
        // Every witness hears of it, whatever another one says.
        let said: Vec<_> = to.0.iter().map(|witness| witness.saw(&call)).collect();
        said.into_iter().collect()
    }
}
