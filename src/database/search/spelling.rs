//! What misspelt words of a question may mean, from the words of the catalogue.

use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use super::{Setup, compose};
use crate::database::{Database, DatabaseError};

/// A word of the catalogue that may be meant by one that is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearWord {
    /// The word of the question, in lower case.
    pub written: String,
    /// The word of the catalogue, in lower case.
    pub word: String,
    /// Products that have it; where there are many, some of them.
    pub times: i64,
}

impl TryFrom<&Row> for NearWord {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        Ok(Self {
            written: row.try_get("written")?,
            word: row.try_get("word")?,
            times: row.try_get("times")?,
        })
    }
}

/// What is known of a question before it is asked.
#[derive(Clone, Debug)]
pub struct Understood {
    /// What its misspelt words may mean, those of one word together.
    pub near: Vec<NearWord>,
    /// For [`Database::find_products`].
    pub setup: Setup,
}

impl Database {
    /// Looks how this database is searched, and for the words of a question that no product has in any form: those of the
    /// catalogue that begin alike and are about as long. Words of less than four letters are left out.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn understand(&self, question: &str) -> Result<Understood, DatabaseError> {
        let doing = "look for misspelt words";
        let view = self.view().await?;
        let setup = view.search_setup().await?;
        let sql = compose::misspelt(setup);
        let rows = view.query(doing, &sql, &[(&question, Type::TEXT)]).await?;
        view.close().await?;
        let failed = |source| DatabaseError::Statement { doing, source };
        let near =
            rows.iter().map(|row| NearWord::try_from(row).map_err(failed)).collect::<Result<_, _>>()?;
        Ok(Understood { near, setup })
    }
}
