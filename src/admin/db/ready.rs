//! What `db create` needs of a server and cannot make by itself: groups that obey, and pgvector.

use anyhow::{bail, ensure};

use crate::database::Owner;

const FOUND: &str = include_str!("../../../sql/admin/ready.sql");

/// Says what is missing, and who can mend it, before anything is changed.
pub(super) async fn check(owner: &Owner) -> anyhow::Result<()> {
    let found = owner.query_one("look at the server", FOUND, &[]).await?;
    let (foreign, me): (Option<String>, String) = (found.try_get("foreign_roles")?, found.try_get("me")?);
    if let Some(roles) = foreign {
        bail!(
            "AUTHORIZATION_ERROR (foreign_roles): this server has the roles {roles} already, and {me} may not give them to \
             anybody; whoever made them, or a superuser, runs: GRANT {roles} TO {me} WITH ADMIN OPTION"
        );
    }
    let schema: Option<String> = found.try_get("vector_schema")?;
    match schema.as_deref() {
        Some("public") => Ok(()),
        Some(other) => bail!(
            "DATABASE_ERROR (pgvector_elsewhere): the extension vector is in the schema {other}, and its types are looked \
             for in public; its owner runs: ALTER EXTENSION vector SET SCHEMA public"
        ),
        None => install(owner, found.try_get("vector_available")?).await,
    }
}

async fn install(owner: &Owner, available: bool) -> anyhow::Result<()> {
    ensure!(
        available,
        "DATABASE_ERROR (pgvector_missing): this server has no extension vector; install pgvector for its PostgreSQL"
    );
    let make = "CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public";
    if let Err(error) = owner.script("make the extension vector", make).await {
        bail!(
            "DATABASE_ERROR (pgvector_refused): this login may not make the extension vector ({}); allow it (Azure: add \
             VECTOR to the server parameter azure.extensions), or have a superuser run CREATE EXTENSION vector in this \
             database",
            error.server_message().unwrap_or("no reason was given")
        );
    }
    Ok(())
}
