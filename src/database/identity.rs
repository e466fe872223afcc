//! Whose rows a connection shows: the login that PostgreSQL authenticated, held against the identity we serve.
#![expect(clippy::disallowed_methods, reason = "asks the driver before there is a view")]

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::pool::Lease;
use super::{DatabaseError, IdentityError, statements};

/// How sure it is that rows belong to the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The database maps the login to the RLS user id; SQL cannot change it.
    Proven,
    /// A setting carries the RLS user id; SQL might change it.
    Asserted,
}

/// What a connection's login turned out to be.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) identity: Identity,
}

impl Standing {
    /// `proven` or `asserted`.
    pub(super) fn proof(&self) -> &'static str {
        match self.identity {
            Identity::Proven => "proven",
            Identity::Asserted => "asserted",
        }
    }
}

/// What `who_am_i.sql` says.
struct Login {
    name: String,
    unbound: Option<&'static str>,
    shop: bool,
    mapped: bool,
}

/// Checks a new connection before the first row is read through it.
///
/// # Errors
///
/// [`IdentityError`] when the login does not fit, [`DatabaseError::NoShop`] when there is nothing to serve.
pub(super) async fn check(lease: &Lease, identity: Uuid, place: &str) -> Result<Standing, DatabaseError> {
    let login = who_am_i(lease).await?;
    if let Some(why) = login.unbound {
        return Err(IdentityError::Unbound { login: login.name, why }.into());
    }
    if !login.mapped {
        let standing = Standing { identity: Identity::Asserted };
        return if login.shop {
            Ok(standing)
        } else {
            Err(DatabaseError::NoShop { place: place.to_owned() })
        };
    }
    match mapped_id(lease).await? {
        Some(id) if id == identity => Ok(Standing { identity: Identity::Proven }),
        Some(_) => Err(IdentityError::Mismatch.into()),
        None => Err(IdentityError::Unmapped { login: login.name }.into()),
    }
}

async fn who_am_i(lease: &Lease) -> Result<Login, DatabaseError> {
    let failed = |source| DatabaseError::Statement { doing: "ask who the login is", source };
    let rows = lease.client()?.query_typed(statements::WHO_AM_I, &[]).await.map_err(failed)?;
    let row = rows.first().ok_or(DatabaseError::NoShop { place: "?".to_owned() })?;
    let flag = |column| row.try_get::<_, bool>(column).map_err(failed);
    let unbound = if flag("is_superuser")? {
        Some("superuser")
    } else if flag("bypasses_row_security")? {
        Some("BYPASSRLS")
    } else if flag("owns_a_table")? {
        Some("owner of the tables")
    } else {
        None
    };
    Ok(Login {
        name: row.try_get("login").map_err(failed)?,
        unbound,
        shop: flag("has_shop")?,
        mapped: flag("has_mapping")?,
    })
}

/// The RLS user id that the database has for the login; `None` also when the login may not look.
async fn mapped_id(lease: &Lease) -> Result<Option<Uuid>, DatabaseError> {
    let no_params: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 0] = [];
    match lease.client()?.query_typed(statements::MY_RLS_USER_ID, &no_params).await {
        Ok(rows) => Ok(rows.first().and_then(|row| row.try_get("rls_user_id").ok())),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Ok(None),
        Err(source) => Err(DatabaseError::Statement { doing: "look up the login's identity", source }),
    }
}
