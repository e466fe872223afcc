//! What stands between a login and other people's rows: checked before the first row is read.
//!
//! The checks are the statements `sql/queries/posture_*.sql`. All of them go out in one flight with the question who the
//! login is, so that a start costs one round trip. Each row they return is a finding; a refusal means that this database
//! is not served, a warning is told.
use tokio_postgres::Row;

use super::finding::{CHECKS, Finding, Grade, STRICT, Severity};
use super::identity::{self, Asked};
use super::lease::Lease;
use super::{Database, DatabaseError, Identity, IdentityError, statements};

/// The result of all checks.
#[derive(Debug)]
pub struct Posture {
    /// How sure the identity is, or why the login does not fit.
    pub identity: Result<Identity, DatabaseError>,
    /// What was found, in the order of [`CHECKS`]. Of a superuser only that it is one: every right would be a finding.
    pub findings: Vec<Finding>,
    /// Whether the login is a superuser.
    pub superuser: bool,
}

impl Posture {
    /// The grade; an asserted identity that SQL can change counts as served, which `verdict` decides.
    #[must_use]
    pub fn grade(&self) -> Grade {
        let refused = self.findings.iter().any(Finding::refuses);
        let open = self.findings.iter().any(|finding| STRICT.contains(&finding.check.as_str()));
        match self.identity {
            Ok(_) if refused => Grade::F,
            Ok(Identity::Proven) if open => Grade::B,
            Ok(Identity::Proven) => Grade::A,
            Ok(Identity::Asserted) => Grade::C,
            Err(_) => Grade::F,
        }
    }

    /// How sure the identity is, when the database may be served.
    pub(super) fn verdict(self, allow_asserted: bool) -> Result<Identity, DatabaseError> {
        // What the login is comes before who it is: a superuser has no identity here.
        if self.findings.iter().any(|finding| finding.refuses() && unbound(finding)) {
            return Err(DatabaseError::Unsafe(self.findings));
        }
        let identity = self.identity?;
        if self.findings.iter().any(Finding::refuses) {
            return Err(DatabaseError::Unsafe(self.findings));
        }
        let forgeable = self.findings.iter().any(|finding| finding.check == "settings_fixed");
        if identity == Identity::Asserted && forgeable && !allow_asserted {
            return Err(IdentityError::OnlyAsserted.into());
        }
        Ok(identity)
    }

    /// Says on the log what is served with a warning, one line for each check.
    pub(super) fn tell(&self) {
        for (check, _) in CHECKS {
            let mut found = self
                .findings
                .iter()
                .filter(|finding| finding.check == *check && finding.severity == Severity::Warn);
            if let Some(first) = found.next() {
                let more = found.count();
                let more = if more == 0 { String::new() } else { format!(", and {more} more") };
                tracing::warn!(check, "{}{more}; `zava-mcp doctor` says what to do", first.detail);
            }
        }
    }
}

fn unbound(finding: &Finding) -> bool {
    ["login_bound", "login_owns_nothing"].contains(&finding.check.as_str())
}

impl Database {
    /// Runs every check on a new connection, whatever they find.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn posture(&self) -> Result<Posture, DatabaseError> {
        let (lease, place) = self.unchecked().await?;
        let posture = examine(&lease, self.identity(), &place).await?;
        lease.close();
        Ok(posture)
    }
}

/// Runs every check, in one round trip.
pub(super) async fn examine(
    lease: &Lease,
    served: uuid::Uuid,
    place: &str,
) -> Result<Posture, DatabaseError> {
    let of_the_mapping = [statements::POSTURE_IDENTITY, statements::POSTURE_MANAGER];
    let asked = identity::ask(lease, statements::POSTURE, &of_the_mapping).await?;
    let Asked { login, mapped, checks, of_the_mapping } = asked;
    let failed = |source| DatabaseError::Statement { doing: "check the posture", source };
    let mut findings = Vec::new();
    for rows in checks {
        findings.extend(read(rows).map_err(failed)?);
    }
    if let Ok([fits, manager]) = <[_; 2]>::try_from(of_the_mapping)
        && login.is_mapped()
        && mapped.is_ok()
    {
        findings.extend(read(fits).map_err(failed)?);
        // Where the policies themselves are broken, this cannot tell, and that was found above.
        findings.extend(read(manager).unwrap_or_default());
    }
    let superuser = login.is_superuser();
    let findings = sorted(findings, superuser);
    Ok(Posture { identity: login.identity(mapped, served, place), findings, superuser })
}

/// What one statement found.
fn read(answer: Result<Vec<Row>, tokio_postgres::Error>) -> Result<Vec<Finding>, tokio_postgres::Error> {
    answer?.iter().map(Finding::try_from).collect()
}

/// In the order of the checks.
fn sorted(mut findings: Vec<Finding>, superuser: bool) -> Vec<Finding> {
    let place = |finding: &Finding| CHECKS.iter().position(|(check, _)| *check == finding.check);
    findings.sort_by_key(|finding| place(finding).unwrap_or(usize::MAX));
    findings.retain(|finding| !superuser || finding.check == "login_bound");
    findings
}
