//! What belongs to no schema step and is set by every `db create` and `db protect`: rights on the database, columns
//! instead of tables, and as a superuser the strict profile. Copies, dumps and later grants come without them.

use crate::database::Owner;

/// Who may connect, and that nothing is created by chance.
pub(super) const ON_THE_DATABASE: Script =
    ("set the rights on the database", include_str!("../../../sql/admin/database_rights.sql"));

/// Lets everybody connect, as before.
const KEEP_CONNECT: Script =
    ("let everybody connect as before", include_str!("../../../sql/protect/keep_connect.sql"));

/// Columns instead of tables, for the groups.
const COLUMNS: Script =
    ("give the groups columns instead of tables", include_str!("../../../sql/admin/column_rights.sql"));

/// Functions, statistics and settings that no read query needs.
const STRICT_PROFILE: Script =
    ("apply the strict profile", include_str!("../../../sql/admin/strict_profile.sql"));

/// What stays open to every login where the strict profile is not applied.
pub(crate) const STAYS_OPEN: &str = "the strict profile needs a superuser and was skipped. These stay open to every login: \
     functions with side effects (set_config, advisory locks, pg_sleep, pg_notify, large objects), row counts and sizes of \
     whole tables, in which block a row lies, and who else is connected. No rows of others: those are closed by row \
     security. A superuser closes the rest with the same command";

/// What it does, as an infinitive, and a script that ends no transaction.
pub(crate) type Script = (&'static str, &'static str);

/// What differs between databases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rights {
    /// Everybody may connect.
    pub(crate) everybody_connects: bool,
    /// The strict profile is applied.
    pub(crate) strict: bool,
}

impl Rights {
    /// All scripts in their order.
    pub(crate) fn scripts(self) -> impl Iterator<Item = Script> {
        let when = |wanted: bool, script| wanted.then_some(script);
        [
            Some(ON_THE_DATABASE),
            when(self.everybody_connects, KEEP_CONNECT),
            Some(COLUMNS),
            when(self.strict, STRICT_PROFILE),
        ]
        .into_iter()
        .flatten()
    }

    /// Runs them. Changes nothing where all is in place.
    pub(crate) async fn apply(self, owner: &Owner) -> anyhow::Result<()> {
        for (doing, sql) in self.scripts() {
            owner.script(doing, sql).await?;
        }
        Ok(())
    }
}

/// Whether whoever runs this may apply the strict profile.
pub(crate) async fn may_be_strict(owner: &Owner) -> anyhow::Result<bool> {
    let who = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
    Ok(owner.query_one("ask who I am", who, &[]).await?.try_get(0)?)
}
