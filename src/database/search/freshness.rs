//! How fresh the vectors of an embedding space are: `zava-mcp embed` makes what is missing or stale.

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::compose;
use super::found::Access;
use crate::database::{Database, DatabaseError};

/// Products and their vectors of one space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// All products.
    pub products: i64,
    /// Those without a vector.
    pub missing: i64,
    /// Those whose text is another than the one that was embedded.
    pub stale: i64,
}

impl Database {
    /// Compares the text of every product with that of its vector; `None` where there is no table of vectors, or the login
    /// may not read it.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn freshness(&self, space: &str) -> Result<Option<Freshness>, DatabaseError> {
        let doing = "look how fresh the vectors are";
        let view = self.view().await?;
        let setup = view.search_setup().await?;
        let rows = if setup.own == Access::Open {
            view.query(doing, &compose::freshness(setup), &[(&space, Type::TEXT)]).await?
        } else {
            Vec::new()
        };
        view.close().await?;
        let read = rows.first().map(Freshness::try_from).transpose();
        read.map_err(|source| DatabaseError::Statement { doing, source })
    }
}

impl TryFrom<&Row> for Freshness {
    type Error = tokio_postgres::Error;

    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        Ok(Self {
            products: row.try_get("products")?,
            missing: row.try_get("missing")?,
            stale: row.try_get("stale")?,
        })
    }
}
