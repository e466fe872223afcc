//! What stands between a login and other people's rows, and how much of the shop it sees.

use super::{Database, DatabaseError, statements};

/// One check of the posture.
#[derive(Clone, Debug)]
pub struct Check {
    /// Stable name, e.g. `row_security_forced`.
    pub name: String,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

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

impl Database {
    /// Runs the checks of `sql/queries/posture.sql` as the login of this identity.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or the login does not fit the identity.
    pub async fn posture(&self) -> Result<Vec<Check>, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("check the posture", statements::POSTURE, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read a check of the posture", source };
        let check = |row: &tokio_postgres::Row| {
            Ok(Check { name: row.try_get("name")?, ok: row.try_get("ok")?, detail: row.try_get("detail")? })
        };
        rows.iter().map(|row| check(row).map_err(failed)).collect()
    }

    /// Counts what the caller sees.
    ///
    /// # Errors
    ///
    /// As [`Database::posture`]; also when a table of the shop is missing.
    pub async fn shop_size(&self) -> Result<ShopSize, DatabaseError> {
        let view = self.view().await?;
        let rows = view.query("look at the shop", statements::SHOP_SIZE, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing: "read the size of the shop", source };
        let row = rows.first().ok_or(DatabaseError::Pool { cause: "an empty answer".to_owned() })?;
        let size = |row: &tokio_postgres::Row| {
            Ok(ShopSize {
                stores: row.try_get("stores")?,
                has_orders: row.try_get("has_orders")?,
                products: row.try_get("products")?,
                described: row.try_get("described")?,
            })
        };
        size(row).map_err(failed)
    }
}
