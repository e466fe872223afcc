//! The files of a sentence-transformers directory: which there are, and what they say of the model.

use std::fmt::Display;
use std::path::Path;

use candle_transformers::models::bert;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::embeddings::{EmbedError, Space};

/// The provider's name in [`Space`].
pub(super) const PROVIDER: &str = "local";
/// The most tokens of a text that count, when the model does not say.
const MOST_TOKENS: usize = 256;

/// `sentence_bert_config.json`.
#[derive(Deserialize)]
struct Sentence {
    max_seq_length: Option<usize>,
}

/// `1_Pooling/config.json`.
#[derive(Deserialize)]
struct Pooling {
    pooling_mode_mean_tokens: bool,
}

/// What the model's own files say of it.
pub(super) struct Description {
    /// Layers, widths, activation.
    pub(super) bert: bert::Config,
    /// The most tokens of a text that count.
    pub(super) most_tokens: usize,
}

/// Reads the descriptions, and refuses a model that this room cannot run.
pub(super) fn describe(dir: &Path) -> Result<Description, EmbedError> {
    let bert: bert::Config = json(dir, "config.json")?;
    if let Some(other) = bert.model_type.as_deref().filter(|kind| *kind != "bert") {
        return Err(bad(dir, &format!("its architecture is {other}, and only bert is known")));
    }
    let pooling: Option<Pooling> = optional(dir, "1_Pooling/config.json")?;
    if pooling.is_some_and(|pooling| !pooling.pooling_mode_mean_tokens) {
        return Err(bad(dir, &"it does not take the mean over the tokens"));
    }
    let sentence: Option<Sentence> = optional(dir, "sentence_bert_config.json")?;
    let most_tokens = sentence.and_then(|sentence| sentence.max_seq_length).unwrap_or(MOST_TOKENS);
    let most_tokens = most_tokens.min(bert.max_position_embeddings);
    Ok(Description { bert, most_tokens })
}

/// The whole content of a file of the model.
pub(super) fn read(dir: &Path, file: &str) -> Result<Vec<u8>, EmbedError> {
    std::fs::read(dir.join(file)).map_err(|source| EmbedError::NoModel {
        dir: dir.to_owned(),
        file: file.to_owned(),
        source,
    })
}

/// The space of the model, from its files alone.
pub(super) fn space(dir: &Path) -> Result<Space, EmbedError> {
    let description = describe(dir)?;
    Ok(space_of(dir, &description, &read(dir, "model.safetensors")?))
}

/// The space of a model whose files were read.
pub(super) fn space_of(dir: &Path, description: &Description, weights: &[u8]) -> Space {
    Space {
        provider: PROVIDER,
        model: name(dir),
        weights: HEXLOWER.encode(&Sha256::digest(weights)),
        dimensions: u32::try_from(description.bert.hidden_size).unwrap_or(u32::MAX),
    }
}

/// The model's name: that of its directory.
pub(super) fn name(dir: &Path) -> String {
    dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A model that is there and cannot be used.
pub(super) fn bad(dir: &Path, why: &dyn Display) -> EmbedError {
    EmbedError::BadModel { dir: dir.to_owned(), why: why.to_string() }
}

fn json<T: DeserializeOwned>(dir: &Path, file: &str) -> Result<T, EmbedError> {
    serde_json::from_slice(&read(dir, file)?).map_err(|error| bad(dir, &format!("{file}: {error}")))
}

/// A file that a model may lack.
fn optional<T: DeserializeOwned>(dir: &Path, file: &str) -> Result<Option<T>, EmbedError> {
    if dir.join(file).exists() { json(dir, file).map(Some) } else { Ok(None) }
}
