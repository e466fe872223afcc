//! Whether the embedding model works: one text goes through it.

use super::finding::Finding;
use crate::database::Freshness;
use crate::embeddings::{self, EmbedError, Space};
use crate::settings::EmbeddingSettings;

const NAME: &str = "embeddings";
const VECTORS: &str = "vectors";

/// What the model is, or why it does not work; and the name of its space.
pub(super) async fn finding(settings: &EmbeddingSettings) -> (Finding, Option<String>) {
    match space(settings).await {
        Ok(Some(space)) => {
            let Space { provider, model, dimensions, .. } = &space;
            let detail = format!("{provider}: {model} makes vectors of {dimensions} numbers");
            (Finding::ok(NAME, detail), Some(space.name()))
        }
        Ok(None) => {
            let detail = "none: products are searched by words; scripts/install-model installs a model";
            (Finding::ok(NAME, detail), None)
        }
        Err(error) => (Finding::fail(NAME, error.to_string(), error.next()), None),
    }
}

/// Whether every product has a vector of the model's space, of the text it has now.
pub(super) fn vectors(fresh: Freshness) -> Finding {
    let Freshness { products, missing, stale } = fresh;
    if missing == 0 && stale == 0 {
        return Finding::ok(VECTORS, format!("all {products} products have a vector of their text"));
    }
    let detail =
        format!("of {products} products {missing} have no vector of this model, and {stale} an old one");
    Finding::warn(VECTORS, detail, "zava-mcp embed")
}

async fn space(settings: &EmbeddingSettings) -> Result<Option<Space>, EmbedError> {
    let Some(embedder) = embeddings::open(settings)? else { return Ok(None) };
    embedder.embed(&["a box of screws".to_owned()]).await?;
    Ok(Some(embedder.space()))
}
