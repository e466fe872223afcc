//! What `db create` takes away beyond the schema's own rights: physical columns, and as a superuser the strict profile.

use crate::database::Owner;

/// Columns instead of tables, for the groups.
const COLUMN_RIGHTS: &str = include_str!("../../../sql/admin/column_rights.sql");

/// Functions, statistics and settings that no read query needs.
const STRICT_PROFILE: &str = include_str!("../../../sql/admin/strict_profile.sql");

/// What stays open to every login where the strict profile cannot be applied.
pub(crate) const STAYS_OPEN: &str = "the strict profile needs a superuser and was skipped. These stay open to every login: \
     functions with side effects (set_config, advisory locks, pg_sleep, pg_notify, large objects), row counts and sizes of \
     whole tables, and who else is connected. No rows of others: those are closed by row security. A superuser closes \
     the rest with `zava-mcp db create`";

/// Whether the strict profile is in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    /// It is.
    Applied,
    /// Whoever runs this is no superuser.
    Skipped,
}

/// Applies what may be applied. Changes nothing where all is in place.
pub(crate) async fn apply(owner: &Owner) -> anyhow::Result<Strict> {
    owner.script("give the groups columns instead of tables", COLUMN_RIGHTS).await?;
    let who = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
    if !owner.query_one("ask who I am", who, &[]).await?.try_get(0)? {
        return Ok(Strict::Skipped);
    }
    owner.script("apply the strict profile", STRICT_PROFILE).await?;
    Ok(Strict::Applied)
}
