//! Whose rows a connection shows: the login that PostgreSQL authenticated, held against the identity we serve.
#![expect(clippy::disallowed_methods, reason = "asks the driver before there is a view")]

use std::fmt;

use futures_util::future::join_all;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::lease::Lease;
use super::{DatabaseError, IdentityError, statements};

/// How sure it is that rows belong to the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The database maps the login to the RLS user id; SQL cannot change it.
    Proven,
    /// A setting carries the RLS user id; SQL might change it.
    Asserted,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proven => "proven",
            Self::Asserted => "asserted",
        })
    }
}

/// Opens the transaction in which a connection is checked. No name can mean anything but PostgreSQL's own: also
/// temporary objects come last.
const OPEN: &str = "BEGIN READ ONLY; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL jit = off; \
     SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '5s'";

/// A login that has `row_security` off, which the checks see, could not even read its own line of the mapping.
const SECURE: &str = "SET LOCAL row_security = on";

type Rows = Result<Vec<Row>, tokio_postgres::Error>;

/// What a connection answered about itself.
pub(super) struct Asked {
    pub(super) login: Login,
    /// The answer of `my_rls_user_id.sql`.
    pub(super) mapped: Rows,
    pub(super) checks: Vec<Rows>,
    /// Errors in a database without the mapping.
    pub(super) of_the_mapping: Vec<Rows>,
}

/// Asks who the login is, with checks before its mapping is read and after, in one round trip.
pub(super) async fn ask(
    lease: &Lease,
    checks: &[&'static str],
    of_the_mapping: &[&'static str],
) -> Result<Asked, DatabaseError> {
    let client = lease.client()?;
    let run = |statement: &&'static str| client.query_typed(statement, &[]);
    let (opened, login, checks, secured, mapped, of_the_mapping, closed) = tokio::join!(
        client.batch_execute(OPEN),
        client.query_typed(statements::WHO_AM_I, &[]),
        join_all(checks.iter().map(run)),
        client.batch_execute(SECURE),
        // From here on a database without the mapping answers with errors.
        client.query_typed(statements::MY_RLS_USER_ID, &[]),
        join_all(of_the_mapping.iter().map(run)),
        client.batch_execute("ROLLBACK"),
    );
    let failed = |source| DatabaseError::Statement { doing: "ask who the login is", source };
    opened.and(closed).map_err(failed)?;
    let login = Login::read(login.map_err(failed)?.first()).map_err(failed)?;
    // A check that failed makes the rest fail, and says more.
    if checks.iter().all(Result::is_ok) {
        secured.map_err(failed)?;
    }
    Ok(Asked { login, mapped, checks, of_the_mapping })
}

/// What `who_am_i.sql` says.
pub(super) struct Login {
    name: String,
    unbound: Option<&'static str>,
    shop: bool,
    mapped: bool,
}

/// Checks one more connection, in one round trip: is it bound, and is it still the identity's?
///
/// # Errors
///
/// [`IdentityError`] when the login does not fit, [`DatabaseError::NoShop`] when there is nothing to serve.
pub(super) async fn check(lease: &Lease, served: Uuid, place: &str) -> Result<Identity, DatabaseError> {
    let Asked { login, mapped, .. } = ask(lease, &[], &[]).await?;
    if let Some(why) = login.unbound {
        return Err(IdentityError::Unbound { login: login.name, why }.into());
    }
    login.identity(mapped, served, place)
}

impl Login {
    /// Reads the one row of `who_am_i.sql`.
    pub(super) fn read(row: Option<&Row>) -> Result<Self, tokio_postgres::Error> {
        let Some(row) = row else {
            // The role was dropped while it is logged in.
            return Ok(Self { name: "?".to_owned(), unbound: None, shop: false, mapped: false });
        };
        let unbound = if row.try_get("is_superuser")? {
            Some("superuser")
        } else if row.try_get("bypasses_row_security")? {
            Some("BYPASSRLS")
        } else if row.try_get("owns_a_table")? {
            Some("owner of the tables")
        } else {
            None
        };
        let (shop, mapped) = (row.try_get("has_shop")?, row.try_get("has_mapping")?);
        Ok(Self { name: row.try_get("login")?, unbound, shop, mapped })
    }

    pub(super) fn is_superuser(&self) -> bool {
        self.unbound == Some("superuser")
    }

    /// Whether the database maps logins to RLS user ids.
    pub(super) fn is_mapped(&self) -> bool {
        self.mapped
    }

    /// Holds the login against the identity; `mapped` is the answer of `my_rls_user_id.sql`.
    pub(super) fn identity(self, mapped: Rows, served: Uuid, place: &str) -> Result<Identity, DatabaseError> {
        if !self.mapped {
            return if self.shop {
                Ok(Identity::Asserted)
            } else {
                Err(DatabaseError::NoShop { place: place.to_owned() })
            };
        }
        match mapped_id(mapped)? {
            Some(id) if id == served => Ok(Identity::Proven),
            Some(_) => Err(IdentityError::Mismatch.into()),
            None => Err(IdentityError::Unmapped { login: self.name }.into()),
        }
    }
}

/// The RLS user id that the database has for the login; `None` also when the login may not look.
fn mapped_id(answer: Rows) -> Result<Option<Uuid>, DatabaseError> {
    let failed = |source| DatabaseError::Statement { doing: "look up the login's identity", source };
    match answer {
        Ok(rows) => rows.first().map(|row| row.try_get("rls_user_id")).transpose().map_err(failed),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Ok(None),
        Err(source) => Err(failed(source)),
    }
}
