//! The provider inside this process: loads the model at the first use, and keeps it.

mod files;
mod model;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self::model::Model;
use super::{EmbedError, Embedder, Space, Vectors};

/// Texts that go through the model at once: more share little more work, and a call that is dropped ends after them.
const BATCH: usize = 16;

/// A sentence-transformers model in a directory.
pub(super) struct Local(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    space: OnceLock<Space>,
    model: Mutex<Option<Arc<Model>>>,
}

impl Local {
    /// The model in a directory, which need not exist yet.
    pub(super) fn new(dir: PathBuf) -> Self {
        Self(Arc::new(Inner { dir, space: OnceLock::new(), model: Mutex::new(None) }))
    }
}

impl Inner {
    /// The loaded model. Whoever comes while it loads waits for it; a failure is tried again by the next call.
    fn model(&self) -> Result<Arc<Model>, EmbedError> {
        let mut slot = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = slot.as_ref() {
            return Ok(Arc::clone(model));
        }
        let began = std::time::Instant::now();
        let (model, space) = Model::load(&self.dir)?;
        tracing::info!("loaded the embedding model {} in {} ms", space.model, began.elapsed().as_millis());
        let _same_if_set_before = self.space.set(space);
        Ok(Arc::clone(slot.insert(Arc::new(model))))
    }

    fn space(&self) -> Space {
        if let Some(space) = self.space.get() {
            return space.clone();
        }
        match files::space(&self.dir) {
            Ok(space) => self.space.get_or_init(|| space).clone(),
            Err(_) => Space {
                provider: files::PROVIDER,
                model: files::name(&self.dir),
                weights: String::new(),
                dimensions: 0,
            },
        }
    }
}

impl Embedder for Local {
    fn space(&self) -> Space {
        self.0.space()
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Vectors<'a> {
        Box::pin(async move {
            let inner = Arc::clone(&self.0);
            let model = on_a_thread(move || inner.model()).await?;
            let mut vectors = Vec::with_capacity(texts.len());
            for batch in texts.chunks(BATCH) {
                let (model, batch) = (Arc::clone(&model), batch.to_vec());
                vectors.extend(on_a_thread(move || model.embed(&batch)).await?);
            }
            Ok(vectors)
        })
    }

    fn is_remote(&self) -> bool {
        false
    }
}

/// Runs what computes for long where it holds nobody up.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EmbedError> + Send + 'static,
) -> Result<T, EmbedError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(EmbedError::Failed(error.to_string())))
}
