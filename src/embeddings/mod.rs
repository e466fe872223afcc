//! The model room: from text to vectors.
//!
//! Three providers behind one trait: a model inside this process (`local/`), and Azure OpenAI or any service that speaks
//! like OpenAI (`remote/`). The model libraries and reqwest come in here and stay in here. [`open`] decides and costs
//! nothing: whatever is slow or may fail outside happens at the first [`Embedder::embed`].

mod error;
#[cfg(feature = "local-embeddings")]
mod local;
mod remote;
mod space;
mod vector;

use std::pin::Pin;
use std::sync::Arc;

pub use self::error::EmbedError;
pub use self::remote::Tokens;
use crate::settings::{EmbeddingSettings, EmbeddingSource};

/// The vectors that are on their way.
pub type Vectors<'a> = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>, EmbedError>> + Send + 'a>>;

/// Makes vectors of texts: near ones of texts that mean the same.
pub trait Embedder: Send + Sync {
    /// In which space the vectors lie; only vectors of one space can be compared.
    ///
    /// Of a local model this reads the weights (some 0.1 s) unless [`embed`](Self::embed) did so before. While they
    /// cannot be read `weights` is empty and `dimensions` 0; what is wrong `embed` says, also of no text at all.
    fn space(&self) -> Space;

    /// One vector for each text, in their order: finite, of length 1, with [`Space::dimensions`] numbers.
    ///
    /// Any number of texts; batches are made inside. A text longer than the model can read counts by its beginning
    /// (256 tokens of the local model).
    fn embed<'a>(&'a self, texts: &'a [String]) -> Vectors<'a>;

    /// Whether vectors come over the network, so that a wait is worth little patience.
    fn is_remote(&self) -> bool {
        true
    }
}

/// What the settings mean: a model, none, or why theirs cannot work.
pub type Opened = Result<Option<Arc<dyn Embedder>>, EmbedError>;

/// What vectors must have in common to be compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Space {
    /// `local`, `azure` or `openai`.
    pub provider: &'static str,
    /// Name of the local model's directory; deployment on Azure; model elsewhere.
    pub model: String,
    /// SHA-256 of the local weights in hexadecimal; empty for remote services.
    pub weights: String,
    /// Numbers in a vector.
    pub dimensions: u32,
}

/// The provider that the settings mean; `None` when they mean none. Reads no file, connects to nothing.
///
/// # Errors
///
/// When the settings cannot work: an address that is none, a missing key, a model of unknown size.
pub fn open(settings: &EmbeddingSettings) -> Opened {
    match &settings.source {
        EmbeddingSource::None => Ok(None),
        #[cfg(feature = "local-embeddings")]
        EmbeddingSource::Local { dir } => Ok(Some(Arc::new(local::Local::new(dir.clone())))),
        #[cfg(not(feature = "local-embeddings"))]
        EmbeddingSource::Local { .. } => Err(EmbedError::NotBuiltIn),
        EmbeddingSource::Remote(service) => {
            Ok(Some(Arc::new(remote::Remote::new(service, settings.timeout)?)))
        }
    }
}
