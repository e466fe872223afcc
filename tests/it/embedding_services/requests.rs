//! What a service is asked: where, with which key, in which batches; and what becomes of its answers.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use zava_mcp::embeddings::{self, Embedder, Space};
use zava_mcp::settings::{EmbeddingSettings, EmbeddingSource, RemoteLogin, RemoteSettings};

use super::KEY;
use super::double::{Double, Reply};
use crate::throw_away::block_on;

/// A service in this process, for what takes more than one call.
pub(super) fn remote(
    url: String,
    model: &str,
    dimensions: Option<u32>,
    login: RemoteLogin,
) -> Arc<dyn Embedder> {
    let service = RemoteSettings { url, model: model.to_owned(), dimensions, login };
    let timeout = Duration::from_secs(20);
    let settings = EmbeddingSettings { source: EmbeddingSource::Remote(service), timeout };
    assert!(!format!("{settings:?}").contains(KEY), "{settings:?}");
    embeddings::open(&settings).expect("sound settings").expect("a provider")
}

#[test]
fn azure_is_asked_at_the_deployments_route_with_its_key() {
    let double = Double::with(&[Reply::Vectors(1536)]);
    let login = RemoteLogin::AzureKey(SecretString::from(KEY));
    let azure = remote(double.url("/"), "text-embedding-3-small", None, login);
    let vectors = block_on(async { azure.embed(&["7".to_owned()]).await }).expect("vectors");
    assert_eq!(vectors.len(), 1);
    let asked = &double.asked()[0];
    let path = "/openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21";
    assert_eq!(asked.path, path);
    assert_eq!(asked.headers["api-key"], KEY);
    assert!(!asked.headers.contains_key("authorization"));
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    assert_eq!(body["input"], serde_json::json!(["7"]));
    assert!(body.get("dimensions").is_none(), "only asked for where it was given: {body}");
    let space = Space {
        provider: "azure",
        model: "text-embedding-3-small".to_owned(),
        weights: String::new(),
        dimensions: 1536,
    };
    assert_eq!(azure.space(), space);
}

#[test]
fn others_are_asked_with_a_bearer_key_or_none() {
    for (login, header) in [(None, None), (Some(SecretString::from(KEY)), Some(format!("Bearer {KEY}")))] {
        let double = Double::with(&[Reply::Vectors(768)]);
        let service = remote(double.url("/v1/"), "nomic-embed-text", Some(768), RemoteLogin::OpenAi(login));
        block_on(async { service.embed(&["7".to_owned()]).await }).expect("vectors");
        let asked = &double.asked()[0];
        assert_eq!(asked.path, "/v1/embeddings");
        assert_eq!(asked.headers.get("authorization"), header.as_ref());
        assert!(!asked.headers.contains_key("api-key"));
        let body: Value = serde_json::from_str(&asked.body).expect("JSON");
        assert_eq!(body["model"], "nomic-embed-text");
        assert!(body.get("dimensions").is_none(), "this model cannot shorten its vectors: {body}");
        assert_eq!((service.space().provider, service.space().dimensions), ("openai", 768));
    }
}

#[test]
fn a_model_that_can_shorten_its_vectors_is_asked_to() {
    let double = Double::with(&[Reply::Vectors(256)]);
    let login = RemoteLogin::OpenAi(None);
    let service = remote(double.url("/v1"), "text-embedding-3-large", Some(256), login);
    let vectors = block_on(async { service.embed(&["7".to_owned()]).await }).expect("vectors");
    assert_eq!(vectors[0].len(), 256);
    let body: Value = serde_json::from_str(&double.asked()[0].body).expect("JSON");
    assert_eq!(body["dimensions"], 256);
}

#[test]
fn many_texts_go_in_batches_and_come_back_in_order_with_length_one() {
    let double = Double::with(&[Reply::Vectors(8)]);
    let service = remote(double.url("/v1"), "m", Some(8), RemoteLogin::OpenAi(None));
    let texts: Vec<String> = (0..600).map(|number| format!("product {number}")).collect();
    let vectors = block_on(async { service.embed(&texts).await }).expect("vectors");
    assert_eq!(vectors.len(), 600);
    for (number, vector) in (0_u16..).zip(&vectors) {
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-5, "{number}: {length}");
        assert!((vector[0] / vector[1] - f32::from(number)).abs() < 0.01, "{number}: {vector:?}");
    }
    let batches = double.asked().into_iter().map(|asked| {
        let body: Value = serde_json::from_str(&asked.body).expect("JSON");
        body["input"].as_array().expect("texts").len()
    });
    assert_eq!(batches.collect::<Vec<_>>(), [256, 256, 88]);
}

#[test]
fn of_no_text_nothing_is_asked() {
    let double = Double::with(&[Reply::Vectors(8)]);
    let service = remote(double.url("/v1"), "m", Some(8), RemoteLogin::OpenAi(None));
    assert!(block_on(async { service.embed(&[]).await }).expect("nothing").is_empty());
    assert_eq!(double.asked().len(), 0);
}
