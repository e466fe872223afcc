//! Products by the words of a question.

use tokio_postgres::types::Type;

use super::{Database, DatabaseError, statements};

/// One product that was found.
#[derive(Clone, Debug)]
pub struct FoundProduct {
    /// Article number.
    pub sku: String,
    /// Name on the shelf.
    pub name: String,
    /// Category name.
    pub category: String,
    /// Type name.
    pub kind: String,
    /// Description.
    pub description: String,
    /// List price in US dollars, exact.
    pub price: String,
    /// Pieces in the stores the caller may see; `None` where it sees none.
    pub stock: Option<i64>,
    /// How well it fits, 0 to 100.
    pub percent: f64,
    /// `sku` or `text`.
    pub matched: String,
}

impl Database {
    /// Finds at most `most` products that cover at least `least_percent` of the question's words, best first.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn find_products(
        &self,
        question: &str,
        most: u32,
        least_percent: f64,
    ) -> Result<Vec<FoundProduct>, DatabaseError> {
        let view = self.view().await?;
        let most = i64::from(most);
        let rows = view
            .query(
                "search products",
                statements::SEARCH_PRODUCTS,
                &[(&question, Type::TEXT), (&most, Type::INT8), (&least_percent, Type::FLOAT8)],
            )
            .await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read a product that was found", source };
        rows.iter().map(|row| FoundProduct::try_from(row).map_err(failed)).collect()
    }
}

impl TryFrom<&tokio_postgres::Row> for FoundProduct {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        Ok(Self {
            sku: row.try_get("sku")?,
            name: row.try_get("name")?,
            category: row.try_get("category")?,
            kind: row.try_get("type")?,
            description: row.try_get("description")?,
            price: row.try_get("price")?,
            stock: row.try_get("stock")?,
            percent: row.try_get("percent")?,
            matched: row.try_get("matched")?,
        })
    }
}
