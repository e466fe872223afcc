//! Whether a new connection may serve: the first one to a server is checked for everything, further ones for whose they are.
#![expect(clippy::disallowed_methods, reason = "asks the driver before there is a view")]

use super::lease::Lease;
use super::pool::Opened;
use super::{Database, DatabaseError, Identity, IdentityError, identity, posture, statements};

/// What has passed every check.
#[derive(Clone)]
pub(super) struct Passed {
    /// The row of `which_server.sql`.
    server: String,
    identity: Identity,
}

impl Passed {
    /// A proven identity cannot become an asserted one while we serve it.
    fn still(&self, identity: Identity) -> Result<(), IdentityError> {
        if self.identity == identity { Ok(()) } else { Err(IdentityError::OnlyAsserted) }
    }
}

impl Database {
    /// Calls that come at once wait for the first one's result. A database that was refused is checked again by the next
    /// call, so that mending it needs no new start. After a failover or a restart, everything is checked again as well.
    pub(super) async fn vet(&self, lease: &Lease, opened: &Opened) -> Result<(), DatabaseError> {
        let served = self.identity();
        let mut passed = opened.passed.lock().await;
        let known = passed.clone();
        if let Some(known) = &known {
            drop(passed);
            let check = identity::check(lease, served, &opened.place);
            let (found, identity) = tokio::join!(which_server(lease), check);
            known.still(identity?)?;
            let found = found?;
            passed = opened.passed.lock().await;
            if passed.as_ref().is_some_and(|passed| passed.server == found) {
                return Ok(());
            }
        }
        let (found, posture) =
            tokio::join!(which_server(lease), posture::examine(lease, served, &opened.place));
        let posture = posture?;
        let grade = posture.grade();
        posture.tell();
        let identity = posture.verdict(self.allows_asserted())?;
        if let Some(known) = known {
            known.still(identity)?;
        }
        tracing::info!(%identity, %grade, "connected to {}", opened.place);
        let _ = opened.known.proof.set(identity);
        *passed = Some(Passed { server: found?, identity });
        Ok(())
    }
}

/// Tells one server, and one database on it, from another.
async fn which_server(lease: &Lease) -> Result<String, DatabaseError> {
    let failed = |source| DatabaseError::Statement { doing: "ask which server this is", source };
    let rows = lease.client()?.query_typed(statements::WHICH_SERVER, &[]).await.map_err(failed)?;
    rows.first().map_or(Ok(String::new()), |row| row.try_get("server").map_err(failed))
}
