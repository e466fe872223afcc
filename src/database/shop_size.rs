//! What there is to serve: versions, and how much of the shop the caller sees.

use jiff::Timestamp;

use super::{Database, DatabaseError, statements};

/// How much of the shop the caller sees.
#[derive(Clone, Copy, Debug)]
pub struct ShopSize {
    /// Stores.
    pub stores: i64,
    /// Whether there is any order.
    pub has_orders: bool,
    /// Products.
    pub products: i64,
    /// Products with a vector.
    pub described: i64,
}

/// What the database runs on.
#[derive(Clone, Debug)]
pub struct ServerVersion {
    /// As a number: 160004 for 16.4.
    pub number: i32,
    /// As people say it.
    pub version: String,
    /// Its clock.
    pub now: Timestamp,
    /// That of pgvector, when it is there.
    pub pgvector: Option<String>,
}

impl Database {
    /// Asks for versions.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or is not served.
    pub async fn server_version(&self) -> Result<ServerVersion, DatabaseError> {
        let row = self.only_row("ask for the version", statements::SERVER_VERSION).await?;
        let read = |row: &tokio_postgres::Row| {
            Ok(ServerVersion {
                number: row.try_get("number")?,
                version: row.try_get("version")?,
                now: row.try_get("now")?,
                pgvector: row.try_get("pgvector")?,
            })
        };
        read(&row).map_err(|source| DatabaseError::Statement { doing: "read the version", source })
    }

    /// Counts what the caller sees.
    ///
    /// # Errors
    ///
    /// As [`Database::server_version`]; also when a table of the shop is missing.
    pub async fn shop_size(&self) -> Result<ShopSize, DatabaseError> {
        let row = self.only_row("look at the shop", statements::SHOP_SIZE).await?;
        let read = |row: &tokio_postgres::Row| {
            Ok(ShopSize {
                stores: row.try_get("stores")?,
                has_orders: row.try_get("has_orders")?,
                products: row.try_get("products")?,
                described: row.try_get("described")?,
            })
        };
        read(&row).map_err(|source| DatabaseError::Statement { doing: "read the size of the shop", source })
    }

    pub(super) async fn only_row(
        &self,
        doing: &'static str,
        statement: &str,
    ) -> Result<tokio_postgres::Row, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query(doing, statement, &[]).await?;
        view.close().await?;
        rows.into_iter().next().ok_or(DatabaseError::Pool { cause: "an empty answer".to_owned() })
    }
}
