//! Finds the products that a description means: by its words, and by its meaning where there is a model.

mod answer;
mod filters;
mod meaning;
mod sku;
mod spelling;

use serde::Serialize;

use super::kept::{Aged, Asking, Found};
use super::sales_query::Rows;
use crate::database::{Database, ProductFilters, ProductSearch};
pub use crate::embeddings::Opened;
use crate::embeddings::Space;
use crate::error::{Reason, ToolError};
use meaning::Meaning;
use spelling::Spelt;

/// Products of an answer when the caller does not say.
pub const DEFAULT_ROWS: u32 = 20;
/// Most products of an answer.
pub const MOST_ROWS: u32 = 100;
/// Least similarity in percent when the caller does not say.
pub const DEFAULT_THRESHOLD: f64 = 30.0;
/// Characters of a question that are looked at.
const MOST_CHARACTERS: usize = 2_000;

/// A question for products.
#[derive(Clone, Debug)]
pub struct Question {
    /// What the product is or is for, or a SKU.
    pub text: String,
    /// Most products.
    pub max_rows: u32,
    /// Least similarity, 0 to 100 percent.
    pub threshold: f64,
    /// What the products must be; the category in any case of letters.
    pub filters: ProductFilters,
}

/// Products that fit, best first, in the shape of query answers.
#[derive(Debug, Serialize)]
pub struct Products {
    /// One row for each product.
    #[serde(flatten)]
    pub rows: Rows,
    /// How the question was compared: `text` or `text+meaning`.
    pub searched_by: &'static str,
}

/// What searches share: the model.
pub struct Searcher {
    model: Opened,
}

impl Searcher {
    /// A searcher with the model that the settings mean; nothing is loaded yet.
    #[must_use]
    pub fn new(model: Opened) -> Self {
        if let Err(error) = &model {
            tracing::warn!("products are searched by words only: {}", crate::error::chain(error));
        }
        Self { model }
    }

    /// The space of the model's vectors; `None` without a model. Has a local model read its weights.
    ///
    /// # Errors
    ///
    /// Why the model that was asked for cannot be used.
    pub async fn space(&self) -> Result<Option<Space>, String> {
        let model = self.model.as_ref().map_err(|error| crate::error::chain(error))?;
        let Some(model) = model.clone() else { return Ok(None) };
        let space = tokio::task::spawn_blocking(move || model.space()).await;
        space.map(Some).map_err(|error| error.to_string())
    }
}

/// Finds products. `at` is told what the search does now.
///
/// # Errors
///
/// [`ToolError`] when the question is empty, a filter cannot be met, or the database could not answer.
pub async fn run(
    searcher: &Searcher,
    database: &Database,
    question: Question,
    at: &(dyn Fn(&'static str) + Sync),
) -> Result<Products, ToolError> {
    let text = usable(&question.text)?;
    let filters = filters::checked(database, question.filters).await?;
    at("embedding the question");
    // As it was typed: a model forgives a wrong letter, and a wrong correction would mislead it.
    let (meaning, understood) = tokio::join!(Meaning::of(&searcher.model, text), database.understand(text));
    let understood = understood?;
    let spelt = Spelt::of(text, &understood.near);
    at("searching the catalogue");
    let search = ProductSearch {
        text: &spelt.text,
        skus: &sku::keys(text),
        vector: meaning.vector(),
        most: question.max_rows,
        least_percent: question.threshold,
        filters: &filters,
    };
    let found = database.find_products(understood.setup, &search).await?;
    Ok(answer::of(found, &meaning, &spelt, question.threshold))
}

/// What [`run`] answers, or answered a while ago.
///
/// # Errors
///
/// As [`run`].
#[expect(clippy::disallowed_methods, reason = "keeps what this service itself answers")]
pub async fn kept(
    asking: Asking<'_>,
    searcher: &Searcher,
    question: Question,
    at: &(dyn Fn(&'static str) + Sync),
) -> Result<Aged, ToolError> {
    // They may load a model, which nobody needs for a cache that is off.
    let parts = if asking.cache.is_on() { parts(searcher, &question).await } else { Vec::new() };
    let key = match asking.look("semantic_search_products", |_| Some(parts)).await? {
        Found::Kept(answer) => return Ok(answer),
        Found::Missing(key) => key,
    };
    let products = run(searcher, asking.database, question, at).await?;
    let answer = Aged::new(&products)?;
    // A model that fails for a moment must not be missed for as long as answers are kept.
    if products.searched_by == answer::WITH_MEANING || matches!(searcher.model, Ok(None)) {
        asking.keep(key, &answer).await;
    }
    Ok(answer)
}

/// What an answer depends on.
async fn parts(searcher: &Searcher, question: &Question) -> Vec<String> {
    let Question { text, max_rows, threshold, filters } = question;
    let words: Vec<&str> = text.split_whitespace().collect();
    let filters = format!("{filters:?}").to_lowercase();
    let space = searcher.space().await.ok().flatten().map(|space| space.name()).unwrap_or_default();
    vec![words.join(" "), max_rows.to_string(), threshold.to_string(), filters, space]
}

/// What is found out of a question before it is searched with, for `tests/fuzz`: article numbers, and the text put right.
#[cfg(fuzzing)]
pub(super) fn read(text: &str, near: &[crate::database::NearWord]) -> Option<(Vec<String>, String)> {
    let text = usable(text).ok()?;
    Some((sku::keys(text), Spelt::of(text, near).text))
}

/// The question without white space around it, and not longer than is looked at.
fn usable(text: &str) -> Result<&str, ToolError> {
    let text = text.trim();
    if text.is_empty() || text.contains('\0') {
        return Err(ToolError::new(
            Reason::InvalidArguments,
            "query_description is empty",
            "describe the product, for example: hang a heavy picture on drywall",
        ));
    }
    let end = text.char_indices().nth(MOST_CHARACTERS);
    Ok(end.map_or(text, |(at, _)| text.split_at(at).0))
}
