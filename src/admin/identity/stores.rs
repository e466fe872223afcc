//! Where the stores are in this database, and how people call them.

use anyhow::Context as _;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::database::Owner;

/// The stores table. All texts are SQL.
#[derive(Debug)]
pub(crate) struct Stores {
    /// Its quoted name with its schema.
    pub(crate) relation: String,
    /// Its quoted key column.
    pub(crate) key: String,
    /// What a store is called, as text.
    pub(crate) name: String,
}

impl Stores {
    /// Looks it up: the one that the mapping refers to, else the table `stores` of the schema.
    pub(crate) async fn read(owner: &Owner, schema: &str) -> anyhow::Result<Self> {
        let statement = include_str!("../../../sql/admin/stores.sql");
        let rows = owner.query("look up the stores table", statement, &[&schema]).await?;
        let row = rows.first().with_context(|| {
            format!(
                "DATABASE_ERROR (stores_missing): {schema}.stores is not there; `zava-mcp db create` makes the schema"
            )
        })?;
        Ok(Self { relation: row.try_get(0)?, key: row.try_get(1)?, name: row.try_get(2)? })
    }

    /// The keys of the stores with these names, as text.
    pub(crate) async fn keys(&self, owner: &Owner, names: &[String]) -> anyhow::Result<Vec<String>> {
        let Self { relation, key, name } = self;
        let statement = format!("SELECT {key}::text FROM {relation} WHERE {name} = ANY ($1) ORDER BY {name}");
        let rows = self.query(owner, "look up the stores", &statement, &[&names]).await?;
        anyhow::ensure!(
            rows.len() == names.len(),
            "VALIDATION_ERROR (store_unknown): not all of these are stores: {}; `SELECT {name} FROM {relation}` lists \
             them",
            names.join(", ")
        );
        rows.iter().map(first).collect()
    }

    /// Runs a query that has to see every store.
    ///
    /// Row security binds an owner who is no superuser too. Then it is lifted for a transaction that is rolled back:
    /// nobody else sees the table without it, as ALTER TABLE locks it.
    pub(crate) async fn query(
        &self,
        owner: &Owner,
        doing: &'static str,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> anyhow::Result<Vec<Row>> {
        if !self.binds(owner).await? {
            return Ok(owner.query(doing, sql, params).await?);
        }
        let lift = format!(
            "BEGIN; SET LOCAL lock_timeout = '10s'; ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
            self.relation
        );
        let found = match owner.script("lift forced row security to see all stores", &lift).await {
            Ok(()) => owner.query(doing, sql, params).await,
            Err(error) => Err(error),
        };
        owner.script("roll back", "ROLLBACK").await?;
        Ok(found?)
    }

    async fn binds(&self, owner: &Owner) -> anyhow::Result<bool> {
        let statement = "SELECT c.relforcerowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls \
             FROM pg_class AS c, pg_roles AS r WHERE c.oid = $1::text::regclass AND r.rolname = current_user";
        let row = owner.query_one("see whom row security binds", statement, &[&self.relation]).await?;
        Ok(row.try_get(0)?)
    }
}

fn first(row: &Row) -> anyhow::Result<String> {
    Ok(row.try_get(0)?)
}
