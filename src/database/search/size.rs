//! How large the catalogue is: counted for each search, and in a large one once a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::types::Type;

use super::compose::{PRODUCTS, VECTORS, named};
use super::found::Setup;
use crate::database::view::View;
use crate::database::{Database, DatabaseError};

/// From this number on, counting takes milliseconds, and some more or less change nothing.
const LARGE: i64 = 10_000;
/// How long a large number is remembered.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Large numbers that were counted: of products (under an empty name) and of the vectors of a space.
#[derive(Default)]
pub(in crate::database) struct Sizes(Mutex<HashMap<String, (Instant, i64)>>);

impl Sizes {
    fn get(&self, name: &str) -> Option<i64> {
        let sizes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.get(name).filter(|(counted, _)| counted.elapsed() < REMEMBERED).map(|(_, number)| *number)
    }

    fn put(&self, name: &str, number: i64) {
        if number >= LARGE {
            let mut sizes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            sizes.insert(name.to_owned(), (Instant::now(), number));
        }
    }
}

impl View {
    /// Products in the catalogue.
    pub(super) async fn products(&self, database: &Database) -> Result<i64, DatabaseError> {
        self.counted(database, "", PRODUCTS).await
    }

    /// Vectors of a space.
    pub(super) async fn vectors(
        &self,
        database: &Database,
        setup: Setup,
        space: &str,
    ) -> Result<i64, DatabaseError> {
        self.counted(database, space, &named(setup, VECTORS)).await
    }

    async fn counted(&self, database: &Database, name: &str, sql: &str) -> Result<i64, DatabaseError> {
        let sizes = database.opened().map(|opened| &opened.sizes);
        if let Some(number) = sizes.and_then(|sizes| sizes.get(name)) {
            return Ok(number);
        }
        let doing = "see how large the catalogue is";
        let space: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] =
            if name.is_empty() { &[] } else { &[(&name, Type::TEXT)] };
        let rows = self.query(doing, sql, space).await?;
        let number = rows.first().map_or(Ok(0), |row| row.try_get("number"));
        let number = number.map_err(|source| DatabaseError::Statement { doing, source })?;
        if let Some(sizes) = sizes {
            sizes.put(name, number);
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::Sizes;

    #[test]
    fn only_large_numbers_are_remembered() {
        let sizes = Sizes::default();
        sizes.put("", 448);
        assert_eq!(sizes.get(""), None);
        sizes.put("", 100_000);
        assert_eq!((sizes.get(""), sizes.get("a space")), (Some(100_000), None));
    }
}
