//! One question to a service: the request, its tries, its time.

use std::error::Error as _;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder};

use super::address::Peer;
use super::login::Login;
use super::reply::{self, Answer};
use super::retry::{Failure, Retries};
use crate::embeddings::EmbedError;

/// The most megabytes of an answer: 256 vectors of 16,000 numbers are less.
const MOST_MB: usize = 64;
/// Longest wait for a connection to open, where the time for all is not shorter.
const CONNECT: Duration = Duration::from_secs(3);

/// The HTTP client, made at the first use, and the time for one question.
pub(super) struct Http {
    timeout: Duration,
    proxied: bool,
    client: OnceLock<Client>,
}

impl Http {
    /// A client that spends at most `timeout` on a question, retries included; through the proxy of the environment
    /// if `proxied`.
    pub(super) const fn new(timeout: Duration, proxied: bool) -> Self {
        Self { timeout, proxied, client: OnceLock::new() }
    }

    /// Sends a body of JSON to an embedding service; the bytes of its good answer.
    pub(super) async fn ask(
        &self,
        peer: &Peer,
        login: &Login,
        model: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, EmbedError> {
        self.in_time(peer, async {
            let mut retries = Retries::within(self.timeout);
            loop {
                let mut request = self.client()?.post(peer.url.clone()).body(body.clone());
                request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                if let Some((name, value)) = login.header(self).await? {
                    request = request.header(name, value);
                }
                let failure = match exchange(request, peer).await {
                    Ok(answer) if answer.is_good() => return Ok(answer.body),
                    Ok(answer) if answer.status == 401 && login.refused().await => Failure::token(&peer.who),
                    Ok(answer) => reply::refusal(&answer, &peer.who, model, login),
                    Err(failure) => failure,
                };
                retries.wait(failure).await?;
            }
        })
        .await
    }

    /// Sends a form to Entra ID; the bytes of its good answer.
    pub(super) async fn ask_for_token(
        &self,
        peer: &Peer,
        form: &[(&str, &str)],
    ) -> Result<Vec<u8>, EmbedError> {
        self.in_time(peer, async {
            let mut retries = Retries::within(self.timeout);
            loop {
                let failure = match exchange(self.client()?.post(peer.url.clone()).form(form), peer).await {
                    Ok(answer) if answer.is_good() => return Ok(answer.body),
                    Ok(answer) => reply::no_token(&answer, &peer.who),
                    Err(failure) => failure,
                };
                retries.wait(failure).await?;
            }
        })
        .await
    }

    async fn in_time<T>(
        &self,
        peer: &Peer,
        work: impl Future<Output = Result<T, EmbedError>>,
    ) -> Result<T, EmbedError> {
        tokio::time::timeout(self.timeout, work).await.unwrap_or_else(|_| {
            Err(EmbedError::Slow { who: peer.who.clone(), seconds: self.timeout.as_secs() })
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the one HTTP client there is")]
    fn client(&self) -> Result<&Client, EmbedError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let _another_part_of_the_program_was_first =
            rustls::crypto::ring::default_provider().install_default();
        let builder = if self.proxied { Client::builder() } else { Client::builder().no_proxy() };
        let client = builder
            .user_agent(concat!("zava-mcp/", env!("CARGO_PKG_VERSION")))
            // A key must not follow a redirect to another host, and no service of this kind redirects.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT.min(self.timeout))
            .build()
            .map_err(|error| EmbedError::Failed(format!("no HTTP client: {}", innermost(&error))))?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// One request and its answer, good or bad.
async fn exchange(request: RequestBuilder, peer: &Peer) -> Result<Answer, Failure> {
    let mut response = request.send().await.map_err(|error| fault(peer, &error))?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(peer, &error))? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_MB << 20 {
            let who = peer.who.clone();
            return Err(Failure::last(EmbedError::TooLarge { who, most: MOST_MB }));
        }
    }
    let header = |name: &str| text(response.headers(), name);
    let wait = super::retry::wished(header("retry-after-ms"), header("retry-after"));
    Ok(Answer { status: response.status().as_u16(), wait, body })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What the network did. All of it is worth another try.
fn fault(peer: &Peer, error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_timeout() {
        return Failure::again(unreachable(peer, error));
    }
    Failure::again(EmbedError::Cut { who: peer.who.clone(), why: innermost(error) })
}

fn unreachable(peer: &Peer, error: &reqwest::Error) -> EmbedError {
    EmbedError::Unreachable { who: peer.who.clone(), why: innermost(error) }
}

/// The cause at the bottom: what is above it says "error sending request" and repeats the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| "no connection".to_owned(), ToString::to_string)
}
