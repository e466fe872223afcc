//! Where the vectors are kept: the owner's side of it.

use anyhow::ensure;
use tokio_postgres::Row;

use crate::database::{Owner, embedded_text, of_the_original};

const FOUND: &str = include_str!("../../../sql/embed/found.sql");
const TABLE: &str = include_str!("../../../sql/embed/table.sql");
const RIGHTS: &str = include_str!("../../../sql/embed/rights.sql");
const COUNTS: &str = include_str!("../../../sql/embed/counts.sql");
const PENDING: &str = include_str!("../../../sql/embed/pending.sql");
const WRITE: &str = include_str!("../../../sql/embed/write.sql");
const GONE: &str = include_str!("../../../sql/embed/gone.sql");
const INDEX: &str = include_str!("../../../sql/embed/index.sql");

/// One at a time, so that no vector is paid for twice. The lock ends with the connection, however that ends.
const LOCK: &str = "SELECT pg_advisory_lock(hashtext('zava-mcp embed'))";
const TRY_LOCK: &str = "SELECT pg_try_advisory_lock(hashtext('zava-mcp embed'))";

/// Types that keys of products may have. Their names enter statements.
const KEY_TYPES: [&str; 5] = ["uuid", "integer", "bigint", "smallint", "text"];

/// Vectors from which on an index pays, up to 512 numbers each and above.
const INDEX_FROM: [i64; 2] = [50_000, 20_000];

/// A product to embed.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) hash: Vec<u8>,
}

/// What there is to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    pub(super) products: i64,
    pub(super) missing: i64,
    pub(super) stale: i64,
    pub(super) gone: i64,
    pub(super) others: i64,
}

/// The table of vectors.
pub(super) struct Store<'a> {
    owner: &'a Owner,
    /// Made by `zava-mcp db create`.
    shop: bool,
    key_type: String,
    has_table: bool,
}

impl<'a> Store<'a> {
    /// Looks where vectors belong. Changes nothing.
    pub(super) async fn find(owner: &'a Owner) -> anyhow::Result<Self> {
        let found = owner.query_one("look for the catalogue", FOUND, &[]).await?;
        let (products, shop): (bool, bool) = (found.try_get("products")?, found.try_get("shop")?);
        let original: bool = found.try_get("original")?;
        let key_type: String = found.try_get::<_, Option<_>>("key_type")?.unwrap_or_default();
        ensure!(
            products && (shop || original) && KEY_TYPES.contains(&key_type.as_str()),
            "DATABASE_ERROR (schema_missing): the database has no catalogue that can be embedded in retail.products; \
             run `zava-mcp db create` first, or name another database"
        );
        Ok(Self { owner, shop, key_type, has_table: found.try_get("has_table")? })
    }

    /// Waits until nobody else embeds; `waiting` is called when that takes longer than a moment.
    pub(super) async fn lock(&self, waiting: impl FnOnce()) -> anyhow::Result<()> {
        let doing = "wait for another zava-mcp embed";
        if !self.owner.query_one(doing, TRY_LOCK, &[]).await?.try_get::<_, bool>(0)? {
            waiting();
            self.owner.script(doing, LOCK).await?;
        }
        Ok(())
    }

    /// Makes the table where there is none, and lets readers of the catalogue read it.
    pub(super) async fn prepare(&mut self) -> anyhow::Result<()> {
        if !self.shop {
            self.owner.script("make a table for vectors", TABLE).await?;
            self.owner.script("let readers of the catalogue read the vectors", RIGHTS).await?;
            self.has_table = true;
        }
        Ok(())
    }

    /// A statement of ours with this database's names.
    fn named(&self, statement: &str) -> String {
        let sql = statement.replace("(source)", &format!("({})", embedded_text(false)));
        if self.shop { sql } else { of_the_original(&sql) }
    }

    pub(super) async fn counts(&self, space: &str) -> anyhow::Result<Counts> {
        if !self.shop && !self.has_table {
            let sql = "SELECT count(*) FROM retail.products";
            let products = self.owner.query_one("count the products", sql, &[]).await?.try_get(0)?;
            return Ok(Counts { products, missing: products, stale: 0, gone: 0, others: 0 });
        }
        let row = self.owner.query_one("count the vectors", &self.named(COUNTS), &[&space]).await?;
        Ok(Counts::try_from(&row)?)
    }

    /// Opens the list of what is missing or stale.
    pub(super) async fn open(&self, space: &str) -> anyhow::Result<()> {
        self.owner.execute("list the products to embed", &self.named(PENDING), &[&space]).await?;
        Ok(())
    }

    /// The next products of the list, at most so many; none at its end.
    pub(super) async fn next(&self, most: usize) -> anyhow::Result<Vec<Pending>> {
        let rows = self.owner.query("read products", &format!("FETCH {most} FROM pending"), &[]).await?;
        Ok(rows.iter().map(Pending::try_from).collect::<Result<_, _>>()?)
    }

    /// Writes vectors, in one transaction.
    pub(super) async fn write(
        &self,
        space: &str,
        batch: &[Pending],
        vectors: &[Vec<f32>],
    ) -> anyhow::Result<u64> {
        let ids: Vec<&str> = batch.iter().map(|product| product.id.as_str()).collect();
        let hashes: Vec<&[u8]> = batch.iter().map(|product| product.hash.as_slice()).collect();
        let vectors: Vec<String> = vectors.iter().map(|vector| format!("{vector:?}")).collect();
        let sql = self.named(WRITE).replace("::uuid", &format!("::{}", self.key_type));
        Ok(self.owner.execute("write vectors", &sql, &[&space, &ids, &vectors, &hashes]).await?)
    }

    /// Removes the vectors of products that are no longer there.
    pub(super) async fn remove_gone(&self) -> anyhow::Result<u64> {
        Ok(self.owner.execute("remove vectors without a product", &self.named(GONE), &[]).await?)
    }

    /// Makes or drops the index, as the number of vectors asks for it; tells what was done.
    pub(super) async fn index(&self, space: &str, dimensions: u32) -> anyhow::Result<Vec<String>> {
        let from = if dimensions <= 512 { INDEX_FROM[0] } else { INDEX_FROM[1] };
        let dimensions = i32::try_from(dimensions)?;
        let doing = "see whether the vectors need an index";
        let rows = self.owner.query(doing, &self.named(INDEX), &[&space, &dimensions, &from]).await?;
        let statements: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        if !statements.is_empty() {
            // The whole graph in memory, else its making takes ten times as long.
            self.owner.script("give the index room", "SET maintenance_work_mem = '1GB'").await?;
        }
        for statement in &statements {
            self.owner.script("make the index of the vectors", statement).await?;
        }
        Ok(statements)
    }

    /// Counts for the planner.
    pub(super) async fn analyze(&self) -> anyhow::Result<()> {
        let sql = self.named("ANALYZE retail.product_description_embeddings");
        Ok(self.owner.script("analyze the vectors", &sql).await?)
    }
}

impl TryFrom<&Row> for Counts {
    type Error = tokio_postgres::Error;

    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        Ok(Self {
            products: row.try_get("products")?,
            missing: row.try_get("missing")?,
            stale: row.try_get("stale")?,
            gone: row.try_get("gone")?,
            others: row.try_get("others")?,
        })
    }
}

impl TryFrom<&Row> for Pending {
    type Error = tokio_postgres::Error;

    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        Ok(Self {
            id: row.try_get("product_id")?,
            text: row.try_get("text")?,
            hash: row.try_get("source_hash")?,
        })
    }
}
