//! What each table of the schema is to the stores.

use anyhow::{Context as _, ensure};
use tokio_postgres::Row;

use super::Wishes;
use crate::database::Owner;

/// What a table is to the stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The stores themselves.
    Stores,
    /// Each row belongs to a store.
    Store,
    /// The same for everybody.
    Shared,
    /// No identity may read it.
    Closed,
}

/// A table of the schema. Names are quoted where they are for SQL.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its quoted name with its schema.
    pub(crate) relation: String,
    /// What it is to the stores.
    pub(crate) kind: Kind,
    /// The quoted column that says whose a row is.
    pub(crate) store_column: Option<String>,
    /// Type of the key of stores.
    pub(super) key_type: Option<String>,
    /// Quoted role that would lose rows by forced row security.
    pub(super) keep_for: Option<String>,
    /// Condition under which other stores' rows are shown too.
    pub(crate) also: Option<String>,
    /// A table of its own, not part of another.
    pub(super) readable: bool,
    /// Row security is on.
    pub(super) secured: bool,
    name: String,
}

impl Table {
    /// Each row is held against a store.
    pub(crate) fn is_pinned(&self) -> bool {
        matches!(self.kind, Kind::Stores | Kind::Store)
    }

    /// The groups may read it.
    pub(super) fn is_granted(&self) -> bool {
        self.kind != Kind::Closed
    }
}

/// Reads all of them. Refuses what cannot be pinned.
pub(super) async fn read(owner: &Owner, wishes: &Wishes) -> anyhow::Result<Vec<Table>> {
    let (named, columns): (Vec<&str>, Vec<&str>) =
        wishes.columns.iter().map(|(table, column)| (table.as_str(), column.as_str())).unzip();
    let statement = include_str!("../../../sql/protect/tables.sql");
    let rows = owner
        .query("look at the tables", statement, &[&wishes.schema, &named, &columns, &wishes.shared])
        .await?;
    let tables: Vec<Table> = rows.iter().map(|row| table(row, wishes)).collect::<anyhow::Result<_>>()?;
    let stores = tables.iter().find(|table| table.kind == Kind::Stores).with_context(|| {
        format!(
            "DATABASE_ERROR (stores_missing): schema {} has no table stores, so no row can belong to one; name the \
             right schema with --schema",
            wishes.schema
        )
    })?;
    ensure!(
        stores.store_column.is_some(),
        "DATABASE_ERROR (store_key): {} has no primary key of one column; give it one",
        stores.relation
    );
    for name in named.iter().copied().chain(wishes.shared.iter().map(String::as_str)) {
        ensure!(
            tables.iter().any(|table| table.name == name),
            "VALIDATION_ERROR (table_unknown): schema {} has no table {name}; name another",
            wishes.schema
        );
    }
    Ok(tables)
}

/// One table, refused when it holds store data and cannot be pinned.
fn table(row: &Row, wishes: &Wishes) -> anyhow::Result<Table> {
    let text = |column| row.try_get::<_, Option<String>>(column);
    let (name, relation): (String, String) = (row.try_get("name")?, row.try_get("relation")?);
    let (store_column, named_column) = (text("store_column")?, text("named_column")?);
    if let (None, Some(column)) = (&store_column, named_column) {
        anyhow::bail!("VALIDATION_ERROR (store_column): {relation} has no column {column}; name another");
    }
    let kind = kind(&row.try_get::<_, String>("kind")?, &relation)?;
    let table = Table {
        kind,
        store_column,
        key_type: text("key_type")?,
        keep_for: text("keep_for")?,
        also: text("also")?,
        readable: row.try_get("readable")?,
        secured: row.try_get("secured")?,
        relation,
        name,
    };
    table.refuse(row.try_get("fits")?, row.try_get("mine")?, wishes)?;
    Ok(table)
}

fn kind(word: &str, relation: &str) -> anyhow::Result<Kind> {
    Ok(match word {
        "stores" => Kind::Stores,
        "store" => Kind::Store,
        "shared" => Kind::Shared,
        "closed" => Kind::Closed,
        _ => anyhow::bail!(
            "VALIDATION_ERROR (store_column): several columns of {relation} refer to stores; say which one its rows \
             belong to with --store-column TABLE=COLUMN"
        ),
    })
}

impl Table {
    fn refuse(&self, fits: bool, mine: bool, wishes: &Wishes) -> anyhow::Result<()> {
        let (relation, column) = (&self.relation, self.store_column.as_deref().unwrap_or_default());
        ensure!(
            !self.is_pinned() || fits || self.key_type.is_none(),
            "DATABASE_ERROR (store_key): {relation}.{column} cannot be held against the key of stores ({}); both must \
             be integers, uuid, text or character",
            self.key_type.as_deref().unwrap_or_default()
        );
        ensure!(
            !(self.is_pinned() && wishes.shared.contains(&self.name)),
            "VALIDATION_ERROR (store_column): {relation} has store data in it (column {column}); leave out --shared"
        );
        ensure!(
            mine || !self.is_granted(),
            "AUTHORIZATION_ERROR (not_owner): this login does not own {relation}; give --admin-url of its owner or a \
             superuser"
        );
        Ok(())
    }
}
