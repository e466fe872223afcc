//! The words of the catalogue, for the spelling of questions.

use tokio_postgres::types::Type;

use super::compose::{UNKNOWN_WORDS, WORDS, named};
use crate::database::{Database, DatabaseError};

impl Database {
    /// The words of a question that no product has in any form, in lower case.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn unknown_words(&self, question: &str) -> Result<Vec<String>, DatabaseError> {
        let doing = "look for misspelt words";
        let view = self.view().await?;
        let sql = named(view.search_setup().await?, UNKNOWN_WORDS);
        let rows = view.query(doing, &sql, &[(&question, Type::TEXT)]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing, source };
        rows.iter().map(|row| row.try_get("word").map_err(failed)).collect()
    }

    /// Every word that the catalogue uses, in lower case, with the number of products and types that have it.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn catalogue_words(&self) -> Result<Vec<(String, i64)>, DatabaseError> {
        let doing = "read the catalogue's words";
        let view = self.view().await?;
        let sql = named(view.search_setup().await?, WORDS);
        let rows = view.query(doing, &sql, &[]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing, source };
        rows.iter()
            .map(|row| Ok((row.try_get("word").map_err(failed)?, row.try_get("times").map_err(failed)?)))
            .collect()
    }
}
