//! Serves one client on stdin and stdout, from its first byte to a prompt end.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rmcp::service::{ServerInitializeError, serve_server_with_ct};
use rmcp::{RoleServer, Service};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::guard::Guard;
use super::transport::{Session, StdioTransport};
use crate::call::Witnesses;

/// How long no call may be answered once the client has hung up, and how long all of them may take.
const LINGER: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(700));
/// How long the client may leave the last answers unread.
const FLUSH: Duration = Duration::from_millis(250);
/// The process is gone by then, whatever is stuck. Clients kill after two seconds.
const LATEST: Duration = Duration::from_millis(1400);

/// How one client is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// Calls that run at once; the rest wait in order.
    pub max_calls: usize,
    /// Bytes of the longest message that is read.
    pub max_message_bytes: usize,
    /// Names of the tools, for whoever calls an unknown one.
    pub tools: Vec<String>,
    /// Who keeps account of calls.
    pub witnesses: Witnesses,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_calls: 8,
            max_message_bytes: 8 * 1024 * 1024,
            tools: Vec::new(),
            witnesses: Witnesses::default(),
        }
    }
}

/// Serves until the client hangs up, a signal comes or nobody reads stdout any more. Calls that still run are dropped
/// then, and what was answered is written.
///
/// # Errors
///
/// When rmcp gives up for another reason.
pub async fn serve_on_stdio<S: Service<RoleServer>>(service: S, options: Options) -> anyhow::Result<()> {
    let (transport, session) = StdioTransport::open(options.max_calls, options.max_message_bytes);
    let ended = tokio::spawn({
        let (session, signals) = (session.clone(), Signals::new()?);
        async move { end(&session, signals).await }
    });
    let outcome = Box::pin(converse(service, transport, &session, options)).await;
    ended.abort();
    session.finish(FLUSH).await;
    outcome
}

/// Serves until the session stops.
pub(super) async fn converse<S: Service<RoleServer>>(
    service: S,
    transport: StdioTransport,
    session: &Arc<Session>,
    options: Options,
) -> anyhow::Result<()> {
    let guard = Guard::new(service, Arc::clone(session), options.tools, options.witnesses);
    match serve_server_with_ct(guard, transport, session.stop.clone()).await {
        Ok(serving) => serving.waiting().await.map(drop).map_err(Into::into),
        // A client that only looked, or said nothing, and left is normal.
        Err(ServerInitializeError::Cancelled) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Waits for the end and stops everything. A client that has hung up gets what is answered soon; a signal does not wait.
async fn end(session: &Session, signals: Signals) {
    let mut told = pin!(signals.any());
    tokio::select! {
        () = session.hung_up.cancelled() => tracing::debug!("the client has hung up"),
        () = session.broken().cancelled() => tracing::debug!("nobody reads stdout any more"),
        () = &mut told => tracing::debug!("told to end by a signal"),
    }
    exit_at_the_latest();
    if session.hung_up.is_cancelled() {
        tokio::select! {
            _ = tokio::time::timeout(LINGER.1, session.finish(LINGER.0)) => {}
            () = session.broken().cancelled() => {}
            () = told => {}
        }
    }
    session.stop.cancel();
}

/// A thread of its own: it does not depend on whatever is stuck.
#[expect(clippy::exit, clippy::disallowed_methods, reason = "destructors are what may be stuck")]
fn exit_at_the_latest() {
    let watch = || {
        std::thread::sleep(LATEST);
        std::process::exit(0);
    };
    if let Err(error) = std::thread::Builder::new().name("exit".to_owned()).spawn(watch) {
        tracing::warn!("nothing watches over the end of this process: {error}");
    }
}

struct Signals([Signal; 3]);

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self([
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn any(self) {
        let Self([mut terminate, mut interrupt, mut hangup]) = self;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
