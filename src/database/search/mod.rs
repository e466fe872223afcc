//! Products that fit a question: by its words, and by its vector where the database has vectors of the same space.

mod compose;
mod found;
mod freshness;
mod size;
mod spelling;

use tokio_postgres::types::Type;

pub(crate) use self::compose::{embedded_text, of_the_original};
use self::found::{Access, Stock, Vectors};
pub use self::found::{FoundProduct, Setup};
pub use self::freshness::Freshness;
pub(super) use self::size::Sizes;
pub use self::spelling::{NearWord, Understood};
use super::view::View;
use super::{Database, DatabaseError, statements};

/// Candidates of each kind of search; more when more rows are asked for.
const CANDIDATES: u32 = 50;

/// What to look for.
#[derive(Clone, Debug)]
pub struct ProductSearch<'a> {
    /// The question.
    pub text: &'a str,
    /// What in it may be an article number or the beginning of one: letters and digits, in upper case.
    pub skus: &'a [String],
    /// Its vector, with its embedding space.
    pub vector: Option<&'a QuestionVector>,
    /// Most products.
    pub most: u32,
    /// Least percent, 0 to 100.
    pub least_percent: f64,
    /// What the products must be.
    pub filters: &'a ProductFilters,
}

/// A question as a vector.
#[derive(Clone, Debug)]
pub struct QuestionVector {
    /// Name of the embedding space, as in the table of vectors.
    pub space: String,
    /// Whether the original sample's vectors are of the same model.
    pub fits_original: bool,
    /// The vector.
    pub numbers: Vec<f32>,
}

/// What products must be, besides fitting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductFilters {
    /// Category, by its exact name.
    pub category: Option<String>,
    /// Least list price, US dollars.
    pub min_price: Option<f64>,
    /// Most list price, US dollars.
    pub max_price: Option<f64>,
    /// At least one piece in the stores the caller may see.
    pub in_stock: bool,
}

impl ProductFilters {
    fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// What became of the question's vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// There was none.
    NoVector,
    /// It was compared with the vectors of its space; so many products have none.
    Meaning {
        /// Products without a vector.
        missing: i64,
    },
    /// The database has no vectors of its space.
    OtherSpaces(Vec<String>),
    /// The login may not read the vectors.
    Closed,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct FoundProducts {
    /// Products, best first.
    pub products: Vec<FoundProduct>,
    /// What became of the question's vector.
    pub compared: Compared,
    /// The caller may read cost and margin.
    pub shows_cost: bool,
}

impl Database {
    /// Finds products, best first. `setup` is what [`Database::understand`] has just found.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or refuses.
    pub async fn find_products(
        &self,
        setup: Setup,
        search: &ProductSearch<'_>,
    ) -> Result<FoundProducts, DatabaseError> {
        let view = self.view().await?;
        let catalogue = view.products(self).await?;
        let mut stock = view.stock_of(setup, search.vector).await?;
        if let (Vectors::All | Vectors::Indexed, Some(vector)) = (stock.vectors, search.vector) {
            let missing = (catalogue - view.vectors(self, setup, &vector.space).await?).max(0);
            stock.compared = Compared::Meaning { missing };
        }
        let sql = compose::search(setup, &stock, search);
        let products = view.ranked(&sql, &stock, search, catalogue).await?;
        view.close().await?;
        Ok(FoundProducts { products, compared: stock.compared, shows_cost: setup.cost })
    }
}

impl View {
    async fn search_setup(&self) -> Result<Setup, DatabaseError> {
        let doing = "look at the catalogue";
        let rows = self.query(doing, statements::SEARCH_SETUP, &[]).await?;
        let setup = rows.first().map(Setup::try_from).transpose();
        let setup = setup.map_err(|source| DatabaseError::Statement { doing, source })?;
        Ok(setup.unwrap_or_default())
    }

    /// What there is to compare a vector with.
    async fn stock_of(&self, setup: Setup, vector: Option<&QuestionVector>) -> Result<Stock, DatabaseError> {
        let Some(vector) = vector else { return Ok(Stock::none(Compared::NoVector)) };
        let stock = if setup.own == Access::Open {
            let doing = "look for vectors";
            let sql = compose::named(setup, compose::SPACE);
            let rows = self.query(doing, &sql, &[(&vector.space, Type::TEXT)]).await?;
            let stock = rows.first().map(Stock::try_from).transpose();
            stock.map_err(|source| DatabaseError::Statement { doing, source })?
        } else {
            None
        };
        Ok(match stock {
            Some(stock) if stock.is_some() => stock,
            _ if vector.fits_original && setup.original_vectors => Stock::original(),
            Some(stock) => stock,
            None if setup.own == Access::Closed => Stock::none(Compared::Closed),
            None => Stock::none(Compared::OtherSpaces(Vec::new())),
        })
    }

    async fn ranked(
        &self,
        sql: &str,
        stock: &Stock,
        search: &ProductSearch<'_>,
        catalogue: i64,
    ) -> Result<Vec<FoundProduct>, DatabaseError> {
        if compose::uses_index(stock, search) {
            for setting in compose::INDEX_SETTINGS {
                self.query("set up the search of the index", setting, &[]).await?;
            }
        }
        let doing = "search products";
        let (vector, filters) = (search.vector, search.filters);
        let numbers = vector.map(|vector| &vector.numbers);
        let space = vector.map(|vector| &vector.space);
        let (most, candidates) = (i64::from(search.most), i64::from(search.most.max(CANDIDATES)));
        let params: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 12] = [
            (&numbers, Type::FLOAT4_ARRAY),
            (&space, Type::TEXT),
            (&candidates, Type::INT8),
            (&filters.category, Type::TEXT),
            (&filters.min_price, Type::FLOAT8),
            (&filters.max_price, Type::FLOAT8),
            (&filters.in_stock, Type::BOOL),
            (&search.text, Type::TEXT),
            (&most, Type::INT8),
            (&search.least_percent, Type::FLOAT8),
            (&search.skus, Type::TEXT_ARRAY),
            (&catalogue, Type::INT8),
        ];
        let rows = self.query(doing, sql, &params).await?;
        let failed = |source| DatabaseError::Statement { doing, source };
        rows.iter().map(|row| FoundProduct::try_from(row).map_err(failed)).collect()
    }
}
