//! The provider over HTTP: Azure OpenAI and services that speak like OpenAI.

mod address;
mod entra;
mod http;
mod login;
mod model;
mod reply;
mod retry;
mod tokens;

use std::time::Duration;

use serde::Serialize;

use self::address::Peer;
use self::http::Http;
use self::login::Login;
use self::model::RemoteModel;
pub use self::tokens::Tokens;
use super::{EmbedError, Embedder, Space, Vectors, vector};
use crate::settings::{RemoteLogin, RemoteSettings};

/// Texts of one request. Services take 2,048, but many small answers are lost less and come sooner.
const BATCH: usize = 256;

/// A remote service, a model there, and a way to log in.
pub(super) struct Remote {
    provider: &'static str,
    model: RemoteModel,
    peer: Peer,
    login: Login,
    http: Http,
}

/// The body of a request.
#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<u32>,
}

impl Remote {
    /// Checks the settings; nothing connects.
    pub(super) fn new(settings: &RemoteSettings, timeout: Duration) -> Result<Self, EmbedError> {
        let model = RemoteModel::new(&settings.model, settings.dimensions)?;
        let (provider, peer) = match &settings.login {
            RemoteLogin::OpenAi(_) => ("openai", address::openai(&settings.url)?),
            _ => ("azure", address::azure(&settings.url, &settings.model)?),
        };
        let login = Login::new(&settings.login)?;
        if login.is_secret() {
            address::keeps_secrets(&peer.url)?;
        }
        // What is not encrypted stays off proxies: it is a service on this machine or nearby.
        let proxied = peer.url.scheme() == "https";
        Ok(Self { provider, model, peer, login, http: Http::new(timeout, proxied) })
    }

    /// The vectors of one batch.
    async fn batch(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let dimensions = self.model.asked;
        let request = Request { model: &self.model.name, input: texts, encoding_format: "float", dimensions };
        let body = serde_json::to_vec(&request).map_err(|error| EmbedError::Failed(error.to_string()))?;
        let answer = self.http.ask(&self.peer, &self.login, &self.model.name, body).await?;
        let vectors = reply::read(&answer, texts.len(), &self.peer.who)?;
        vectors.into_iter().map(|vector| vector::unit(vector, self.model.dimensions)).collect()
    }
}

impl Embedder for Remote {
    fn space(&self) -> Space {
        Space {
            provider: self.provider,
            model: self.model.name.clone(),
            weights: String::new(),
            dimensions: self.model.dimensions,
        }
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Vectors<'a> {
        Box::pin(async move {
            let mut vectors = Vec::with_capacity(texts.len());
            for batch in texts.chunks(BATCH) {
                vectors.extend(self.batch(batch).await?);
            }
            Ok(vectors)
        })
    }
}
