//! Progress of a call, for clients that asked: how long it has taken, and what it is at.

use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};
use tokio::sync::watch;
use tokio::time::Instant;

/// How often a call that goes on is reported.
const EVERY: Duration = Duration::from_secs(1);

/// What a call is at. Every call finds one in the extensions of its context.
#[derive(Clone)]
pub struct Progress {
    at: watch::Sender<&'static str>,
}

impl Progress {
    /// Says what the call does now, as a participle: `embedding the question`. Reported at once, and with the seconds
    /// until the next change.
    fn at(&self, what: &'static str) {
        self.at.send_replace(what);
    }

    /// How to say what the call of a context does; it says nothing where nobody asked for progress.
    pub fn teller(context: &RequestContext<RoleServer>) -> impl Fn(&'static str) {
        let progress = context.extensions.get::<Self>();
        move |what| {
            if let Some(progress) = progress {
                progress.at(what);
            }
        }
    }
}

/// Gives the call its [`Progress`] and reports it for ever: drop the future when the call has ended. Nothing is sent for a
/// call without a progress token.
pub(super) fn report(context: &mut RequestContext<RoleServer>) -> impl Future<Output = ()> + use<> {
    let token = context.meta.get_progress_token();
    let reported = token.map(|token| {
        let (at, seen) = watch::channel("running");
        context.extensions.insert(Progress { at });
        notify(context.peer.clone(), token, seen)
    });
    async {
        match reported {
            Some(reported) => reported.await,
            None => std::future::pending().await,
        }
    }
}

async fn notify(peer: Peer<RoleServer>, token: ProgressToken, mut seen: watch::Receiver<&'static str>) {
    let began = Instant::now();
    let mut tick = tokio::time::interval_at(began + EVERY, EVERY);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            changed = seen.changed() => if changed.is_err() { tick.tick().await; },
        }
        let seconds = began.elapsed().as_secs_f64();
        let what = *seen.borrow_and_update();
        let progress = ProgressNotificationParam::new(token.clone(), (seconds * 1000.0).round() / 1000.0)
            .with_message(format!("{what}, {seconds:.0} s"));
        // Without a client the call ends by other ways.
        let _ = peer.notify_progress(progress).await;
    }
}
