//! The local model: its vectors against those of another hand, whatever else is in the batch.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use zava_mcp::embeddings::{self, EmbedError, Embedder};
use zava_mcp::settings::{EmbeddingSettings, EmbeddingSource};

use crate::throw_away::block_on;

/// A text and its vector by `tests/embeddings/reference.py`, which shares no code with the program.
#[derive(Deserialize)]
struct Reference {
    text: String,
    vector: Vec<f32>,
}

/// The directory of the installed model.
pub(crate) fn model_dir() -> PathBuf {
    let dir = std::env::var_os("ZAVA_EMBEDDING_MODEL_DIR");
    dir.expect("ZAVA_EMBEDDING_MODEL_DIR is not set: run scripts/test, which installs the model").into()
}

fn open(dir: &Path) -> Arc<dyn Embedder> {
    let source = EmbeddingSource::Local { dir: dir.to_owned() };
    let settings = EmbeddingSettings { source, timeout: Duration::from_secs(1) };
    embeddings::open(&settings).expect("sound settings").expect("a provider")
}

fn references() -> Vec<Reference> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/embeddings/reference.json");
    serde_json::from_slice(&std::fs::read(file).expect("the file")).expect("JSON")
}

#[track_caller]
fn same(found: &[f32], expected: &[f32], what: &str) {
    let product =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
    let length = product(found, found).sqrt();
    assert!((length - 1.0).abs() < 1e-5, "{what}: length {length}");
    let cosine = product(found, expected) / length / product(expected, expected).sqrt();
    assert!(cosine > 0.999_999, "{what}: cosine {cosine}");
}

#[test]
fn vectors_are_those_of_the_reference_alone_and_in_any_batch() {
    let (model, references) = (open(&model_dir()), references());
    assert!(references.len() >= 10);
    // More than two batches, with the long text among short ones, so that what pads them counts for nothing.
    let texts: Vec<String> = references.iter().map(|reference| reference.text.clone()).collect();
    let many: Vec<String> = texts.iter().cycle().take(texts.len() * 4).cloned().collect();
    let together = block_on(async { model.embed(&many).await }).expect("vectors");
    assert_eq!(together.len(), many.len());
    for (vector, reference) in together.iter().zip(references.iter().cycle()) {
        same(vector, &reference.vector, &reference.text);
    }
    for (text, reference) in texts.iter().zip(&references) {
        let alone = block_on(async { model.embed(std::slice::from_ref(text)).await }).expect("a vector");
        assert_eq!(alone.len(), 1);
        same(&alone[0], &reference.vector, text);
    }
}

#[test]
fn what_means_the_same_is_near_and_what_does_not_is_not() {
    let model = open(&model_dir());
    let texts =
        ["a tool to drive screws", "cordless screwdriver", "tomato seeds for the garden"].map(str::to_owned);
    let vectors = block_on(async { model.embed(&texts).await }).expect("vectors");
    let near = |a: usize, b: usize| -> f32 { vectors[a].iter().zip(&vectors[b]).map(|(a, b)| a * b).sum() };
    assert!(near(0, 1) > near(0, 2) + 0.3, "{} and {}", near(0, 1), near(0, 2));
}

#[test]
fn the_space_is_the_same_before_and_after_loading_and_names_the_weights() {
    let (fresh, used) = (open(&model_dir()), open(&model_dir()));
    assert!(block_on(async { used.embed(&[]).await }).expect("it loads").is_empty());
    assert_eq!(fresh.space(), used.space());
    let space = used.space();
    assert_eq!((space.provider, space.model.as_str(), space.dimensions), ("local", "all-MiniLM-L6-v2", 384));
    assert_eq!(space.weights, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db");
}

#[test]
fn calls_at_once_share_one_model() {
    let model = open(&model_dir());
    let text = ["a box of screws".to_owned()];
    let vectors =
        block_on(async { tokio::join!(model.embed(&text), model.embed(&text), model.embed(&text)) });
    let first = vectors.0.expect("a vector");
    assert_eq!(first, vectors.1.expect("a vector"));
    assert_eq!(first, vectors.2.expect("a vector"));
}

/// A copy of the model in which one file is another.
fn broken(file: &str, content: Option<&str>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(copy.path().join("1_Pooling")).expect("a directory");
    for name in ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"] {
        std::os::unix::fs::symlink(model_dir().join(name), copy.path().join(name)).expect("a link");
    }
    std::fs::remove_file(copy.path().join(file)).expect("it was there");
    if let Some(content) = content {
        std::fs::write(copy.path().join(file), content).expect("written");
    }
    copy
}

#[test]
fn a_model_that_cannot_be_used_is_named_with_its_file() {
    let config = std::fs::read_to_string(model_dir().join("config.json")).expect("the file");
    let cases = [
        ("config.json", None, "config.json"),
        ("config.json", Some("{}".to_owned()), "config.json: missing field"),
        ("config.json", Some(config.replace("\"bert\"", "\"t5\"")), "its architecture is t5"),
        ("config.json", Some(config.replace("\"hidden_size\": 384", "\"hidden_size\": 768")), "shape"),
        ("tokenizer.json", None, "tokenizer.json"),
        ("tokenizer.json", Some("{".to_owned()), "tokenizer.json: "),
        ("model.safetensors", None, "model.safetensors"),
        ("model.safetensors", Some("half a download".to_owned()), "cannot be used"),
        ("1_Pooling/config.json", Some("{\"pooling_mode_mean_tokens\": false}".to_owned()), "the mean"),
    ];
    for (file, content, says) in cases {
        let dir = broken(file, content.as_deref());
        let model = open(dir.path());
        let error = block_on(async { model.embed(&[]).await }).expect_err(says);
        assert!(error.to_string().contains(says), "expected `{says}`, found `{error}`");
        assert!(error.next().contains("scripts/install-model"), "{error}: {}", error.next());
        assert!(matches!(error, EmbedError::NoModel { .. } | EmbedError::BadModel { .. }), "{error:?}");
    }
}

#[test]
fn a_model_that_comes_later_is_found_by_the_next_call() {
    let home = tempfile::tempdir().expect("a directory");
    let dir = home.path().join("all-MiniLM-L6-v2");
    let model = open(&dir);
    let text = ["a box of screws".to_owned()];
    block_on(async { model.embed(&text).await }).expect_err("nothing is there");
    assert_eq!((model.space().weights.as_str(), model.space().dimensions), ("", 0));
    std::os::unix::fs::symlink(model_dir(), &dir).expect("a link");
    block_on(async { model.embed(&text).await }).expect("a vector");
    assert_eq!(model.space().dimensions, 384);
}
