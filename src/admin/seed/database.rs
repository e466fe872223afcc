//! The transaction around the seeding: who may write, what has to be empty, what is put back.

use anyhow::{Context as _, bail, ensure};

use super::stores::KnownStore;
use crate::database::Owner;

const WHO: &str = include_str!("../../../sql/seed/who.sql");
const UNFORCE: &str = include_str!("../../../sql/seed/unforce.sql");
const FORCE: &str = include_str!("../../../sql/seed/force.sql");
const LOCK: &str = include_str!("../../../sql/seed/lock.sql");
const FILLED: &str = include_str!("../../../sql/seed/filled.sql");
const EMPTY: &str = include_str!("../../../sql/seed/empty.sql");
const STORES: &str = include_str!("../../../sql/seed/stores.sql");
const ASIDE: &str = include_str!("../../../sql/seed/aside.sql");
const ANALYZE: &str = include_str!("../../../sql/seed/analyze.sql");

/// How the connection may write.
#[derive(Clone, Copy, Debug)]
pub(super) enum Access {
    /// A superuser: row security does not apply.
    Superuser,
    /// A member of `zava_owner`: `COPY` needs the tables without forced row security until the commit.
    TableOwner,
}

/// Gets the right to write. Others never see the tables without forced row security: it is back before the commit.
pub(super) async fn open(owner: &Owner) -> anyhow::Result<Access> {
    let found = owner.query_one("look up the login's rights", WHO, &[]).await?;
    ensure!(
        found.try_get::<_, bool>("has_schema")?,
        "DATABASE_ERROR (schema_missing): the database has no table retail.orders; run `zava-mcp db create` first"
    );
    if found.try_get("is_superuser")? {
        return Ok(Access::Superuser);
    }
    let act = owner.script("act as zava_owner", "SET LOCAL ROLE zava_owner").await;
    act.context(
        "AUTHORIZATION_ERROR (not_owner): the login may not act as zava_owner, who owns the tables; \
         connect as a superuser, or as the login that ran `zava-mcp db create`",
    )?;
    owner.script("lift forced row security for the transaction", UNFORCE).await?;
    Ok(Access::TableOwner)
}

/// Indexes and references that were dropped for the time of the loading.
#[derive(Debug)]
pub(super) struct LaidAside {
    /// Statements that make them again, indexes first.
    make: Vec<String>,
}

/// Drops indexes and references of the large tables. PostgreSQL checks every reference when it is made again.
pub(super) async fn lay_aside(owner: &Owner) -> anyhow::Result<LaidAside> {
    let rows = owner.query("list indexes and references", ASIDE, &[]).await?;
    let mut make = Vec::with_capacity(rows.len());
    for row in &rows {
        owner.script("lay an index or reference aside", row.try_get("drop_it")?).await?;
        make.push(row.try_get("make_it")?);
    }
    Ok(LaidAside { make })
}

/// Makes them again.
pub(super) async fn put_back(owner: &Owner, aside: &LaidAside) -> anyhow::Result<()> {
    for statement in &aside.make {
        owner
            .script("make an index or reference again", statement)
            .await
            .with_context(|| statement.clone())?;
    }
    Ok(())
}

/// Puts row security back and counts the rows for the planner.
pub(super) async fn close(owner: &Owner, access: Access) -> anyhow::Result<()> {
    owner.script("analyze the tables", ANALYZE).await?;
    if matches!(access, Access::TableOwner) {
        owner.script("force row security again", FORCE).await?;
    }
    Ok(())
}

/// The shop has rows, and the plan does not replace them.
#[derive(Debug, thiserror::Error)]
#[error(
    "VALIDATION_ERROR (already_seeded): the shop has rows in {0}; nothing was changed. \
     `zava-mcp db seed --replace` empties it and seeds again"
)]
pub(crate) struct AlreadySeeded(String);

/// Sees to it that the tables are empty, and stay so for everybody else until the commit.
pub(super) async fn make_room(owner: &Owner, replace: bool) -> anyhow::Result<()> {
    owner.script("keep other writers out", LOCK).await?;
    let filled = owner.query("see whether the shop is empty", FILLED, &[]).await?;
    let tables: Vec<String> = filled.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    if !tables.is_empty() && !replace {
        bail!(AlreadySeeded(tables.join(", ")));
    }
    // also when it is empty: rows that enter a table emptied in the same transaction need no second visit by VACUUM
    Ok(owner.script("empty the shop", EMPTY).await?)
}

/// The stores that the database has.
pub(super) async fn stores(owner: &Owner) -> anyhow::Result<Vec<KnownStore>> {
    let rows = owner.query("read the stores", STORES, &[]).await?;
    let store = |row: &tokio_postgres::Row| {
        Ok(KnownStore {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            region: row.try_get(2)?,
            is_online: row.try_get(3)?,
            opened: i64::from(row.try_get::<_, i32>(4)?),
        })
    };
    let stores: Result<Vec<_>, tokio_postgres::Error> = rows.iter().map(store).collect();
    stores.context("could not read a store")
}
