//! Whether a database may be protected, and what stands open there.

use std::fmt::Write as _;

use anyhow::{bail, ensure};

use super::Table;
use crate::database::Owner;

/// Where the database stands.
#[derive(Debug)]
pub(super) struct Stage {
    /// `db create` made the mapping.
    pub(super) made_by_create: bool,
    /// It was protected before.
    pub(super) has_record: bool,
}

/// Rights that belong to no single table, each kind as a text that changes when they do.
pub(super) struct State {
    database: String,
    profile: String,
    columns: String,
    pub(super) everybody_connects: bool,
}

impl State {
    /// The rights as they are now.
    pub(super) async fn read(owner: &Owner) -> anyhow::Result<Self> {
        let statement = include_str!("../../../sql/protect/rights.sql");
        let row = owner.query_one("read the rights on the database", statement, &[]).await?;
        Ok(Self {
            database: row.try_get("database")?,
            profile: row.try_get("profile")?,
            columns: row.try_get("columns")?,
            everybody_connects: row.try_get("everybody_connects")?,
        })
    }

    /// What was changed since, in words.
    pub(super) fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        let kinds = [
            (&self.database, &before.database, "the database: TEMPORARY and CREATE are taken from everybody"),
            (&self.columns, &before.columns, "columns instead of tables: ctid, xmin and the like are closed"),
            (
                &self.profile,
                &before.profile,
                "the strict profile: what no query needs is taken from PUBLIC and given to the roles that were here",
            ),
        ];
        kinds.into_iter().filter(|(now, before, _)| now != before).map(|(.., words)| words).collect()
    }
}

impl Stage {
    /// Reads it, and refuses when something is missing that only the owner can mend.
    pub(super) async fn read(owner: &Owner, schema: &str) -> anyhow::Result<Self> {
        let statement = include_str!("../../../sql/protect/stage.sql");
        let row = owner.query_one("look at the database", statement, &[&schema]).await?;
        let flag = |column| row.try_get::<_, bool>(column);
        ensure!(
            flag("has_schema")?,
            "DATABASE_ERROR (schema_missing): there is no schema {schema} in this database; name the right one with \
             --schema, or make the sample's with `zava-mcp db create`"
        );
        let superuser = flag("is_superuser")?;
        ensure!(
            superuser || flag("owns_database")?,
            "AUTHORIZATION_ERROR (not_owner): this login does not own the database, so it cannot take TEMPORARY and \
             CREATE from everybody; give --admin-url of its owner or a superuser"
        );
        ensure!(
            superuser || !flag("owner_role_out_of_reach")?,
            "AUTHORIZATION_ERROR (owner_role): the role zava_owner exists and this login may not act as it; have a \
             superuser GRANT zava_owner TO it"
        );
        Ok(Self { made_by_create: flag("made_by_create")?, has_record: flag("has_record")? })
    }
}

/// Refuses what would let a login past the pins. It is others' work, so its owner has to close it.
pub(super) async fn refuse_open_to_all(owner: &Owner, schema: &str, tables: &[Table]) -> anyhow::Result<()> {
    let readable: Vec<&str> =
        tables.iter().filter(|table| table.is_granted()).map(|table| table.relation.as_str()).collect();
    let statement = include_str!("../../../sql/protect/open_to_all.sql");
    let rows = owner.query("look for what stands open", statement, &[&schema, &readable]).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut text =
        "AUTHORIZATION_ERROR (open_to_all): rights of everybody would let a login past row security; run \
         these, or what fits your other users better, and try again:"
            .to_owned();
    for row in rows {
        let (what, mend): (String, String) = (row.try_get("what")?, row.try_get("mend")?);
        let _ = write!(text, "\n  {mend};  -- {what}");
    }
    bail!(text)
}

/// Logins that no pin binds and that read store data.
pub(super) async fn others(owner: &Owner, tables: &[Table]) -> anyhow::Result<Vec<String>> {
    let pinned: Vec<&str> =
        tables.iter().filter(|table| table.is_pinned()).map(|table| table.relation.as_str()).collect();
    let statement = include_str!("../../../sql/protect/others.sql");
    let rows = owner.query("look for other logins", statement, &[&pinned]).await?;
    rows.iter().map(|row| Ok(row.try_get("login")?)).collect()
}
