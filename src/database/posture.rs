//! What stands between a login and other people's rows: checked before the first row is read.
//!
//! The checks are the statements `sql/queries/posture_*.sql`. All of them go out in one flight with the question who the
//! login is, so that a start costs one round trip. Each row they return is a finding; a refusal means that this database
//! is not served, a warning is told.

use std::fmt;

use super::pool::Lease;
use super::{Database, DatabaseError, Identity, IdentityError, identity, statements};

/// Every check with what is said when nothing was found. The first in this list is the first to be told.
pub const CHECKS: &[(&str, &str)] = &[
    ("login_bound", "row security binds the login"),
    ("login_owns_nothing", "the login owns nothing"),
    ("login_attributes", "the login makes no roles, no databases, and replicates nothing"),
    ("login_roles", "the login is in no role but its group"),
    ("login_settings", "no setting weakens the login"),
    ("identity_kind", "kind, group and stores of the login go together"),
    ("manager_matches", "the RLS user id is the one of the store's manager"),
    ("row_security_forced", "row security is forced on all store data"),
    ("stores_pinned", "the policies are the ones of this version"),
    ("other_policies", "no other policy opens a table"),
    ("identity_functions", "the functions behind the policies are the ones of this version"),
    ("mapping_private", "the login sees only its own line of the mapping"),
    ("store_data_protected", "no view or other table shows store data"),
    ("nothing_writable", "no table can be written"),
    ("sequences", "no sequence can be used"),
    ("nothing_created", "nothing can be created"),
    ("definer_functions", "no function of others runs with its owner's rights"),
    ("leakproof_functions", "no function claims to be leakproof"),
    ("dangerous_functions", "no function reaches out of the database"),
    ("search_path", "nobody but the owner puts names on the search path"),
    ("foreign_servers", "no foreign server can be used"),
    ("settings_fixed", "SQL cannot change whose rows are shown"),
    ("strict_profile", "functions with side effects are taken away"),
    ("statistics", "statistics of others' rows are taken away"),
    ("physical_columns", "ctid, xmin and the like are taken away"),
    ("closed_columns", "every column of a readable table is readable"),
];

/// Checks of the mapping from logins to RLS user ids, which a database with the original sample's policies has not.
pub const OF_THE_MAPPING: [&str; 6] = [
    "identity_kind",
    "manager_matches",
    "other_policies",
    "identity_functions",
    "mapping_private",
    "closed_columns",
];

/// What only the strict profile takes away.
const STRICT: [&str; 3] = ["strict_profile", "statistics", "physical_columns"];

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// As it should be; the detail says more than the check's own words.
    Fine,
    /// Served, and told.
    Warn,
    /// Not served.
    Refuse,
}

/// One thing that a check found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Stable name of the check, one of [`CHECKS`].
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub detail: String,
    /// The command or SQL that mends it.
    pub remedy: String,
}

/// How safe a database is for an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// The identity is proven, and the strict profile in place.
    A,
    /// The identity is proven.
    B,
    /// The identity is asserted.
    C,
    /// Not served.
    F,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::F => "F",
        })
    }
}

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
    /// The grade; an asserted identity that SQL can change counts as served, which [`Posture::verdict`] decides.
    #[must_use]
    pub fn grade(&self) -> Grade {
        let refused = self.findings.iter().any(|finding| finding.severity == Severity::Refuse);
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
        let refuses = |finding: &Finding| finding.severity == Severity::Refuse;
        // What the login is comes before who it is: a superuser has no identity here.
        if self.findings.iter().any(|finding| refuses(finding) && unbound(finding)) {
            return Err(DatabaseError::Unsafe(self.findings));
        }
        let identity = self.identity?;
        if self.findings.iter().any(refuses) {
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
    let client = lease.client()?;
    let run = |statement: &&'static str| client.query_typed(statement, &[]);
    let checks = futures_util::future::join_all(statements::POSTURE.iter().map(run));
    let (opened, asked, checked, mapped, fits, closed) = tokio::join!(
        client.batch_execute(identity::OPEN),
        client.query_typed(statements::WHO_AM_I, &[]),
        checks,
        // From here on a database without the mapping answers with errors.
        client.query_typed(statements::MY_RLS_USER_ID, &[]),
        client.query_typed(statements::POSTURE_IDENTITY, &[]),
        client.batch_execute("ROLLBACK"),
    );
    let failed = |source| DatabaseError::Statement { doing: "check the posture", source };
    opened.and(closed).map_err(failed)?;
    let mut findings = Vec::new();
    for rows in checked {
        findings.extend(rows.map_err(failed)?.iter().map(Finding::try_from));
    }
    let login = identity::Login::read(asked.map_err(failed)?.first()).map_err(failed)?;
    if login.is_mapped() && mapped.is_ok() {
        findings.extend(fits.map_err(failed)?.iter().map(Finding::try_from));
    }
    let findings = findings.into_iter().collect::<Result<_, _>>().map_err(failed)?;
    let superuser = login.is_superuser();
    let findings = sorted(findings, superuser);
    Ok(Posture { identity: login.identity(mapped, served, place), findings, superuser })
}

/// In the order of the checks.
fn sorted(mut findings: Vec<Finding>, superuser: bool) -> Vec<Finding> {
    let place = |finding: &Finding| CHECKS.iter().position(|(check, _)| *check == finding.check);
    findings.sort_by_key(|finding| place(finding).unwrap_or(usize::MAX));
    findings.retain(|finding| !superuser || finding.check == "login_bound");
    findings
}

impl TryFrom<&tokio_postgres::Row> for Finding {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        let severity = match row.try_get("severity")? {
            "ok" => Severity::Fine,
            "warn" => Severity::Warn,
            _ => Severity::Refuse,
        };
        let remedy: Option<String> = row.try_get("remedy")?;
        Ok(Self {
            check: row.try_get("name")?,
            severity,
            detail: row.try_get("detail")?,
            remedy: remedy.unwrap_or_default(),
        })
    }
}
