//! `zava-mcp embed`: vectors of the products whose vector is missing or stale.

mod shown;
mod store;

use std::time::Instant;

use anyhow::{Context as _, ensure};

use self::shown::Shown;
use self::store::{Counts, Pending, Store};
use super::owner::OwnerArgs;
use super::print;
use crate::embeddings::{self, EmbedError, Embedder};
use crate::settings::{EmbeddingArgs, SettingsError};

/// Products in one transaction: what a killed run has to do again at most.
const BATCH: usize = 64;

/// Options of `embed`.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Make the vectors of products that are missing or stale, for the search by meaning.\n\n\
        Only products without a vector of this model, or whose name, type or description changed since, are embedded. Each \
        batch of 64 is kept at once: a run that was stopped, however, goes on where it was. Two runs at once take turns. \
        Vectors of products that are gone are removed, those of other models stay. In a database that `zava-mcp db create` \
        did not make, the vectors get a schema of their own, zava_search, and nothing else is touched. A large catalogue \
        gets an index.",
    after_help = "Examples:\n  \
        zava-mcp embed --dry-run\n  \
        zava-mcp embed --admin-url postgres://postgres@db/zava\n  \
        EMBEDDING_URL=http://localhost:11434/v1 EMBEDDING_DIMENSIONS=768 zava-mcp embed --embedding-model nomic-embed-text"
)]
pub struct Options {
    /// Say what there is to do, and change nothing
    #[arg(long, env = "ZAVA_EMBED_DRY_RUN")]
    dry_run: bool,

    #[command(flatten)]
    embedding: EmbeddingArgs,

    #[command(flatten)]
    owner: OwnerArgs,
}

/// Runs `embed`.
///
/// # Errors
///
/// When there is no model, the model or the database fails; what was embedded before stays.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let settings = options.embedding.settings(options.owner.local())?;
    let model = embeddings::open(&settings).map_err(failed)?.ok_or_else(no_model)?;
    // Of no text: loads what there is to load, so that `space` is known and what is wrong is said.
    model.embed(&[]).await.map_err(failed)?;
    let entrance = options.owner.connect().await?;
    let mut store = Store::find(&entrance.owner).await?;
    if options.dry_run {
        let counts = store.counts(&model.space().name()).await?;
        print::line(shown::would(&counts, &model.space()));
        return Ok(());
    }
    let waiting = || print::note("another zava-mcp embed is at work; waiting for it to end");
    store.lock(waiting).await?;
    store.prepare().await?;
    embed(&store, &*model).await
}

fn no_model() -> SettingsError {
    SettingsError::Options {
        reason: "no_embedding_model",
        text: "no embedding model is set up, so there is nothing to embed with; run scripts/install-model, or set \
               AZURE_OPENAI_ENDPOINT or EMBEDDING_URL"
            .to_owned(),
    }
}

fn failed(error: EmbedError) -> anyhow::Error {
    let next = error.next();
    anyhow::Error::new(error).context(format!("no vectors could be made; {next}"))
}

async fn embed(store: &Store<'_>, model: &dyn Embedder) -> anyhow::Result<()> {
    let (began, space) = (Instant::now(), model.space());
    let name = space.name();
    let counts = store.counts(&name).await?;
    let mut shown = Shown::new(counts.missing + counts.stale);
    let made = all(store, model, &name, &mut shown).await;
    shown.end();
    let made = made.with_context(|| {
        format!("{} products were embedded and stay so; the next run goes on from there", shown.done())
    })?;
    let gone = store.remove_gone().await?;
    if made + gone > 0 {
        store.analyze().await?;
    }
    let indexed = store.index(&name, space.dimensions).await?;
    print::line(shown::summary(&counts, &space, made, gone, began.elapsed()));
    for statement in indexed {
        print::line(shown::index(&statement));
    }
    Ok(())
}

/// Embeds the whole list; returns how many vectors were written.
async fn all(store: &Store<'_>, model: &dyn Embedder, space: &str, shown: &mut Shown) -> anyhow::Result<u64> {
    let mut written = 0;
    store.open(space).await?;
    loop {
        let batch = store.next(BATCH).await?;
        if batch.is_empty() {
            return Ok(written);
        }
        let vectors = vectors(model, &batch).await?;
        written += store.write(space, &batch, &vectors).await?;
        shown.more(batch.len());
    }
}

async fn vectors(model: &dyn Embedder, batch: &[Pending]) -> anyhow::Result<Vec<Vec<f32>>> {
    let texts: Vec<String> = batch.iter().map(|product| product.text.clone()).collect();
    let vectors = model.embed(&texts).await.map_err(failed)?;
    ensure!(
        vectors.len() == batch.len(),
        "MCP_ERROR (internal): {} vectors for {} texts",
        vectors.len(),
        batch.len()
    );
    Ok(vectors)
}

/// What is left to do, as words.
fn left(counts: &Counts) -> String {
    format!("{} without a vector, {} with a stale one", counts.missing, counts.stale)
}
