//! What can go wrong on the way from text to vectors, and what to do about it.

use std::path::PathBuf;

/// Why there are no vectors. Holds no key, no address with a query, and no text that was to be embedded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// A file of the local model cannot be read.
    #[error("the local model in {} cannot be read: {file}: {source}", dir.display())]
    NoModel {
        /// The model's directory.
        dir: PathBuf,
        /// The file in it.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },

    /// A local model that this program cannot run.
    #[error("the local model in {} cannot be used: {why}", dir.display())]
    BadModel {
        /// The model's directory.
        dir: PathBuf,
        /// What is wrong with it.
        why: String,
    },

    /// This program was built without local models.
    #[error("this zava-mcp was built without local models")]
    NotBuiltIn,

    /// A defect, here or in a library.
    #[error("making vectors failed: {0}")]
    Failed(String),

    /// An address that cannot be used.
    #[error("the address of the embedding service cannot be used: {0}")]
    Address(&'static str),

    /// No key.
    #[error("Azure OpenAI needs a key or an application of Entra ID, and neither was given")]
    NoLogin,

    /// A remote model of unknown size.
    #[error("how many numbers a vector of the model {0} has is not known")]
    UnknownSize(String),

    /// No connection: name, network, TLS.
    #[error("{who} cannot be reached: {why}")]
    Unreachable {
        /// The service or Entra ID, with its host.
        who: String,
        /// What the network said.
        why: String,
    },

    /// The connection ended in the middle of an answer.
    #[error("{who} cut the connection: {why}")]
    Cut {
        /// The service or Entra ID, with its host.
        who: String,
        /// What the network said.
        why: String,
    },

    /// No answer in time, retries included.
    #[error("{who} did not answer within {seconds} s")]
    Slow {
        /// The service or Entra ID, with its host.
        who: String,
        /// How long was waited.
        seconds: u64,
    },

    /// The service does not accept the key (401) or does not allow this use of it (403).
    #[error("{who} refused the key (HTTP {status})")]
    Refused {
        /// The service or Entra ID, with its host.
        who: String,
        /// HTTP status.
        status: u16,
    },

    /// Entra ID gave no token.
    #[error("{who} gave no token (HTTP {status}): {said}")]
    NoToken {
        /// Entra ID, with its host.
        who: String,
        /// HTTP status.
        status: u16,
        /// Its error code.
        said: String,
    },

    /// The service knows no such deployment, model or path (404).
    #[error("{who} has no model {model} (HTTP 404)")]
    NotFound {
        /// The service or Entra ID, with its host.
        who: String,
        /// Deployment or model.
        model: String,
    },

    /// Too many requests or tokens (429), also after waiting.
    #[error("{who} is over its limit of requests (HTTP 429)")]
    OverLimit {
        /// The service or Entra ID, with its host.
        who: String,
    },

    /// The service failed (5xx), also when asked again.
    #[error("{who} failed (HTTP {status})")]
    ServiceFailed {
        /// The service or Entra ID, with its host.
        who: String,
        /// HTTP status.
        status: u16,
    },

    /// The service did not accept the request for another reason.
    #[error("{who} did not accept the request (HTTP {status}): {said}")]
    Rejected {
        /// The service or Entra ID, with its host.
        who: String,
        /// HTTP status.
        status: u16,
        /// What it said, shortened, without keys.
        said: String,
    },

    /// An answer that is not JSON: a log-in page, a proxy's message.
    #[error("{who} answered with {what} instead of JSON")]
    NotJson {
        /// The service or Entra ID, with its host.
        who: String,
        /// What it is instead.
        what: &'static str,
    },

    /// JSON that holds no vectors.
    #[error("{who} answered with JSON that holds no vectors: {why}")]
    NoVectors {
        /// The service or Entra ID, with its host.
        who: String,
        /// What is missing or wrong.
        why: String,
    },

    /// An answer larger than vectors can be.
    #[error("{who} answered with more than {most} MB")]
    TooLarge {
        /// The service or Entra ID, with its host.
        who: String,
        /// The limit in megabytes.
        most: usize,
    },

    /// Fewer or more vectors than texts.
    #[error("there are {got} vectors for {expected} texts")]
    Count {
        /// Number of texts.
        expected: usize,
        /// Number of vectors.
        got: usize,
    },

    /// A vector of another size.
    #[error("a vector has {got} numbers, not {expected}")]
    Dimensions {
        /// The size of the space.
        expected: u32,
        /// The size of the vector.
        got: u32,
    },

    /// A vector of zeros, or with NaN or infinity in it.
    #[error("a vector is zero or not finite")]
    NotFinite,
}

impl EmbedError {
    /// What to do next, one sentence without a full stop.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self {
            Self::NoModel { .. } => {
                "run scripts/install-model, or set ZAVA_EMBEDDING_MODEL_DIR to the model's directory"
            }
            Self::BadModel { .. } => {
                "run scripts/install-model, or choose a BERT model of sentence-transformers that takes the mean"
            }
            Self::NotBuiltIn => "build with the feature local-embeddings, or choose a remote service",
            Self::Failed(_) => "try again; the log has more",
            Self::Address(_) => "correct AZURE_OPENAI_ENDPOINT or EMBEDDING_URL",
            Self::NoLogin => {
                "set AZURE_OPENAI_API_KEY, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
            }
            Self::UnknownSize(_) => "give --embedding-dimensions or EMBEDDING_DIMENSIONS",
            Self::Unreachable { .. } | Self::Cut { .. } => {
                "check the address and the network, then try again"
            }
            Self::Slow { .. } => "try again, or give --embedding-timeout more seconds",
            Self::Refused { .. } => {
                "check the key and that it belongs to this address; with Entra ID the application needs the role \
                 Cognitive Services OpenAI User"
            }
            Self::NoToken { .. } => "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
            Self::NotFound { .. } => "check EMBEDDING_MODEL_DEPLOYMENT_NAME and the address",
            Self::OverLimit { .. } => "wait a minute, or raise the quota of the deployment",
            Self::ServiceFailed { .. } => "try again later",
            Self::Rejected { .. } => {
                "check that the model makes embeddings and takes the dimensions asked for"
            }
            Self::NotJson { .. } | Self::NoVectors { .. } | Self::TooLarge { .. } => {
                "check that the address is that of an embedding service, not of a web page or proxy"
            }
            Self::Count { .. } | Self::NotFinite => {
                "try again; if it stays so, choose another service or model"
            }
            Self::Dimensions { .. } => {
                "set EMBEDDING_DIMENSIONS to what the model makes, then run zava-mcp embed"
            }
        }
    }
}
