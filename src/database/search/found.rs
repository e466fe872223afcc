//! What the statements of the search answer.

use tokio_postgres::{Error, Row};

use super::Compared;

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
    /// Cost of a piece in US dollars, exact; `None` where the caller may not read it.
    pub cost: Option<String>,
    /// Share of the list price that is not cost, percent; `None` as for the cost.
    pub margin_percent: Option<String>,
    /// Pieces in the stores the caller may see; `None` where it sees none.
    pub stock: Option<i64>,
    /// How well it fits, 0 to 100.
    pub percent: f64,
    /// `sku`, `text` and `meaning`, joined by `+`.
    pub matched: String,
}

impl TryFrom<&Row> for FoundProduct {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        Ok(Self {
            sku: row.try_get("sku")?,
            name: row.try_get("name")?,
            category: row.try_get("category")?,
            kind: row.try_get("type")?,
            description: row.try_get("description")?,
            price: row.try_get("price")?,
            cost: row.try_get("cost")?,
            margin_percent: row.try_get("margin_percent")?,
            stock: row.try_get("stock")?,
            percent: row.try_get("percent")?,
            matched: row.try_get("matched")?,
        })
    }
}

/// Whether the caller may read a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Access {
    /// It is not there.
    #[default]
    Missing,
    /// No.
    Closed,
    /// Yes.
    Open,
}

/// What a search finds in the database: which parts of its statements fit there.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the database")]
pub struct Setup {
    /// Columns are named as in the original sample.
    pub(super) original: bool,
    /// The table of vectors with their spaces.
    pub(super) own: Access,
    /// The original sample's vectors are there, readable.
    pub(super) original_vectors: bool,
    /// The caller may read cost and margin.
    pub(super) cost: bool,
    /// The words of the catalogue are stored, readable.
    pub(super) words: bool,
}

impl TryFrom<&Row> for Setup {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        Ok(Self {
            original: row.try_get("original")?,
            own: match (row.try_get("vectors")?, row.try_get("readable")?) {
                (false, _) => Access::Missing,
                (true, false) => Access::Closed,
                (true, true) => Access::Open,
            },
            original_vectors: row.try_get("original_vectors")?,
            cost: row.try_get("cost")?,
            words: row.try_get("words")?,
        })
    }
}

/// Which vectors a question is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vectors {
    /// None.
    None,
    /// Those of its space, all of them.
    All,
    /// Those of its space, through their index.
    Indexed,
    /// The original sample's.
    Original,
}

/// Which vectors a question is compared with, and what to say of them.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    pub(super) vectors: Vectors,
    pub(super) compared: Compared,
}

impl Stock {
    pub(super) fn none(compared: Compared) -> Self {
        Self { vectors: Vectors::None, compared }
    }

    pub(super) fn original() -> Self {
        Self { vectors: Vectors::Original, compared: Compared::Meaning { missing: 0 } }
    }

    pub(super) fn is_some(&self) -> bool {
        self.vectors != Vectors::None
    }
}

impl TryFrom<&Row> for Stock {
    type Error = Error;

    /// How many products have no vector is not known yet.
    fn try_from(row: &Row) -> Result<Self, Self::Error> {
        if !row.try_get::<_, bool>("vectors")? {
            return Ok(Self::none(Compared::OtherSpaces(row.try_get("others")?)));
        }
        let indexed: bool = row.try_get("indexed")?;
        Ok(Self {
            vectors: if indexed { Vectors::Indexed } else { Vectors::All },
            compared: Compared::Meaning { missing: 0 },
        })
    }
}
