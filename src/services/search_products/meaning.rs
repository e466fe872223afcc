//! The meaning of a question: its vector, or why there is none.

use std::time::Duration;

use crate::database::QuestionVector;
use crate::embeddings::{EmbedError, Embedder, Opened};

/// How long a search waits for a remote model before it goes on by words.
const PATIENCE: Duration = Duration::from_secs(3);
/// The same for the model in this process, whose first search loads it.
const PATIENCE_WITH_LOADING: Duration = Duration::from_secs(30);

/// The meaning of a question.
#[derive(Debug)]
pub(super) enum Meaning {
    /// Its vector.
    Vector(QuestionVector),
    /// No model is set up.
    NoModel,
    /// The model failed; why, as a sentence without its period.
    Failed(String),
}

impl Meaning {
    /// Has the model make the vector of `text`. Never fails: words can be searched without.
    pub(super) async fn of(model: &Opened, text: &str) -> Self {
        let model = match model {
            Ok(Some(model)) => model,
            Ok(None) => return Self::NoModel,
            Err(error) => return Self::Failed(because(error)),
        };
        let remote = model.is_remote();
        let patience = if remote { PATIENCE } else { PATIENCE_WITH_LOADING };
        match tokio::time::timeout(patience, vector(&**model, text)).await {
            Ok(meaning) => meaning,
            Err(_) => Self::failed(format!("the embedding model did not answer in {} s", patience.as_secs())),
        }
    }

    fn failed(why: String) -> Self {
        tracing::warn!("a product search goes on by words: {why}");
        Self::Failed(why)
    }

    pub(super) fn vector(&self) -> Option<&QuestionVector> {
        match self {
            Self::Vector(vector) => Some(vector),
            Self::NoModel | Self::Failed(_) => None,
        }
    }
}

async fn vector(model: &dyn Embedder, text: &str) -> Meaning {
    let texts = [text.to_owned()];
    match model.embed(&texts).await.map(|mut vectors| vectors.pop()) {
        Ok(Some(numbers)) => {
            // After `embed`, which has loaded what there is to load.
            let space = model.space();
            let fits_original = space.is_the_originals();
            Meaning::Vector(QuestionVector { space: space.name(), fits_original, numbers })
        }
        Ok(None) => Meaning::failed("the embedding model answered without a vector".to_owned()),
        Err(error) => Meaning::failed(because(&error)),
    }
}

/// What failed, and what to do about it.
fn because(error: &EmbedError) -> String {
    format!("{}; {}", crate::error::chain(error), error.next())
}
