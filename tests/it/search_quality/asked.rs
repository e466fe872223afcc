//! The rankings of all questions, each way: by words, by meaning, by both.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use zava_mcp::embeddings::{self, Embedder};
use zava_mcp::settings::{EmbeddingSettings, EmbeddingSource};

use super::metrics::PLACES;
use super::questions::Judged;
use crate::support::mcp::Client;
use crate::support::shop::{Database, HEAD_OFFICE};
use crate::throw_away::block_on;

/// Best first, one for each question.
pub(super) type Rankings = Vec<Vec<String>>;

/// The directory of the local model that the tests use.
fn model() -> PathBuf {
    let dir = std::env::var_os("ZAVA_EMBEDDING_MODEL_DIR");
    dir.expect("ZAVA_EMBEDDING_MODEL_DIR is not set: run scripts/test, which installs the model").into()
}

/// A shop whose products have vectors of the local model.
pub(super) fn shop() -> Database {
    let shop = Database::copy();
    let embedded = shop.admin(&["embed"]).env("ZAVA_EMBEDDING_MODEL_DIR", model()).output().expect("it runs");
    assert!(embedded.status.success(), "{embedded:?}");
    shop
}

/// What the tool answers with this embedding provider.
pub(super) fn tool(shop: &Database, provider: &str, questions: &[Judged]) -> Rankings {
    let model = model();
    let environment = [
        ("DATABASE_URL", shop.url(HEAD_OFFICE)),
        ("EMBEDDING_PROVIDER", provider.to_owned()),
        ("ZAVA_EMBEDDING_MODEL_DIR", model.to_str().expect("UTF-8").to_owned()),
    ];
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut client = Client::spawn(&["--rls-user", HEAD_OFFICE], &environment);
    let by = if provider == "none" { "text" } else { "text+meaning" };
    questions.iter().map(|judged| ask(&mut client, &judged.question, by)).collect()
}

fn ask(client: &mut Client, question: &str, by: &str) -> Vec<String> {
    let arguments = json!({"query_description": question, "max_rows": PLACES});
    let called = client.call("semantic_search_products", arguments);
    assert!(!called.is_error, "{question}: {}", called.text);
    let answer = called.structured.expect("structured content");
    assert_eq!(answer["searched_by"], by, "{question}: {answer}");
    let columns = answer["c"].as_array().expect("columns");
    let sku = columns.iter().position(|name| name == "sku").expect("a SKU");
    let rows = answer["r"].as_array().expect("rows");
    rows.iter().map(|row| row[sku].as_str().expect("text").to_owned()).collect()
}

/// The articles nearest to each question by their vectors alone: no index, no words, no threshold.
pub(super) fn nearest(shop: &Database, questions: &[Judged]) -> Rankings {
    let products = products(shop);
    assert!(products.len() > 400, "{} products have a vector", products.len());
    let texts: Vec<String> = questions.iter().map(|judged| judged.question.clone()).collect();
    let vectors = block_on(embedder().embed(&texts));
    let ranking = |vector: Vec<f32>| {
        let mut all: Vec<_> = products.iter().map(|(sku, other)| (product(&vector, other), sku)).collect();
        all.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        all.into_iter().take(PLACES).map(|(_, sku)| sku.clone()).collect()
    };
    vectors.expect("vectors").into_iter().map(ranking).collect()
}

fn embedder() -> Arc<dyn Embedder> {
    let local = EmbeddingSource::Local { dir: model() };
    let settings = EmbeddingSettings { source: local, timeout: Duration::from_secs(60) };
    embeddings::open(&settings).expect("it opens").expect("a model")
}

/// SKU → vector, as `zava-mcp embed` wrote them.
fn products(shop: &Database) -> HashMap<String, Vec<f32>> {
    let text = shop.value(
        "SELECT json_object_agg(p.sku, e.description_embedding::real[])::text
         FROM retail.product_description_embeddings AS e JOIN retail.products AS p USING (product_id)",
    );
    serde_json::from_str(&text).expect("JSON")
}

/// Of vectors of length 1 this is the cosine.
fn product(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}
