//! What is sold: categories and their product types.

use super::{Database, DatabaseError, statements};

/// One product type.
#[derive(Clone, Debug)]
pub struct ProductType {
    /// Category name.
    pub category: String,
    /// Its name.
    pub name: String,
    /// Products of this type.
    pub products: i64,
}

impl Database {
    /// Every product type, by category and name.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn product_types(&self) -> Result<Vec<ProductType>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("list the categories", statements::PRODUCT_TYPES, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read a product type", source };
        rows.iter().map(|row| ProductType::try_from(row).map_err(failed)).collect()
    }
}

impl TryFrom<&tokio_postgres::Row> for ProductType {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        Ok(Self {
            category: row.try_get("category")?,
            name: row.try_get("type")?,
            products: row.try_get("products")?,
        })
    }
}
