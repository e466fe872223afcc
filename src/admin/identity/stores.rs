//! Where the stores are in this database, and how people call them.

use anyhow::Context as _;
use tokio_postgres::Row;

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
        let rows = owner.query("look up the stores", &statement, &[&names]).await?;
        anyhow::ensure!(
            rows.len() == names.len(),
            "VALIDATION_ERROR (store_unknown): not all of these are stores: {}; `SELECT {name} FROM {relation}` lists \
             them",
            names.join(", ")
        );
        rows.iter().map(first).collect()
    }
}

fn first(row: &Row) -> anyhow::Result<String> {
    Ok(row.try_get(0)?)
}
