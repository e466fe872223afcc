//! The stores whose rows the caller may see.

use super::{Database, DatabaseError, statements};

/// One store.
#[derive(Clone, Debug)]
pub struct Store {
    /// Its name.
    pub name: String,
    /// City and state; `None` where the database does not know.
    pub location: Option<String>,
    /// Its region; `None` where the database does not know.
    pub region: Option<String>,
    /// The web shop.
    pub is_online: bool,
    /// Opening day, ISO 8601.
    pub opened: Option<String>,
}

impl Database {
    /// The stores whose rows the caller may see, by name.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn visible_stores(&self) -> Result<Vec<Store>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("list the stores", statements::STORES, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read a store", source };
        rows.iter().map(|row| Store::try_from(row).map_err(failed)).collect()
    }
}

impl TryFrom<&tokio_postgres::Row> for Store {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        Ok(Self {
            name: row.try_get("name")?,
            location: row.try_get("location")?,
            region: row.try_get("region")?,
            is_online: row.try_get("is_online")?,
            opened: row.try_get("opened")?,
        })
    }
}
