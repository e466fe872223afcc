//! Whether the embedding model works: one text goes through it.

use super::finding::Finding;
use crate::embeddings::{self, EmbedError, Space};
use crate::settings::EmbeddingSettings;

const NAME: &str = "embeddings";

/// What the model is, or why it does not work.
pub(super) async fn finding(settings: &EmbeddingSettings) -> Finding {
    match space(settings).await {
        Ok(Some(Space { provider, model, dimensions, .. })) => {
            Finding::ok(NAME, format!("{provider}: {model} makes vectors of {dimensions} numbers"))
        }
        Ok(None) => {
            Finding::ok(NAME, "none: products are searched by words; scripts/install-model installs a model")
        }
        Err(error) => Finding::fail(NAME, error.to_string(), error.next()),
    }
}

async fn space(settings: &EmbeddingSettings) -> Result<Option<Space>, EmbedError> {
    let Some(embedder) = embeddings::open(settings)? else { return Ok(None) };
    embedder.embed(&["a box of screws".to_owned()]).await?;
    Ok(Some(embedder.space()))
}
