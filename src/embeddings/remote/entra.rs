//! Tokens of Entra ID for an application: fetched when needed, kept, renewed before they expire.

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::address::{self, Peer};
use super::http::Http;
use crate::embeddings::EmbedError;
use crate::settings::EntraSettings;

/// What the token is for when it is for Azure's AI services.
pub(super) const AI_SERVICES: &str = "https://cognitiveservices.azure.com/.default";
/// A token is renewed this long before it expires, or after half of its life if that is later.
const EARLY: Duration = Duration::from_secs(300);

/// An application with its cached token.
pub(super) struct Entra {
    peer: Peer,
    client: String,
    secret: SecretString,
    scope: &'static str,
    token: Mutex<Option<Token>>,
}

struct Token {
    value: SecretString,
    renew_at: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: u64,
}

impl Entra {
    /// Checks the settings; nothing connects. `scope`: what the tokens are for.
    pub(super) fn new(settings: &EntraSettings, scope: &'static str) -> Result<Self, EmbedError> {
        Ok(Self {
            peer: address::tokens(&settings.authority, &settings.tenant)?,
            client: settings.client.clone(),
            secret: settings.secret.clone(),
            scope,
            token: Mutex::new(None),
        })
    }

    /// A token that is still good. Who comes while one is fetched waits for it.
    pub(super) async fn token(&self, http: &Http) -> Result<SecretString, EmbedError> {
        let mut slot = self.token.lock().await;
        if let Some(token) = slot.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok(token.value.clone());
        }
        let token = self.fetch(http).await?;
        Ok(slot.insert(token).value.clone())
    }

    /// Throws the cached token away; whether there was one.
    pub(super) async fn forget(&self) -> bool {
        self.token.lock().await.take().is_some()
    }

    async fn fetch(&self, http: &Http) -> Result<Token, EmbedError> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client.as_str()),
            ("client_secret", self.secret.expose_secret()),
            ("scope", self.scope),
        ];
        let asked_at = Instant::now();
        let answer = http.ask_for_token(&self.peer, &form).await?;
        let granted: Granted = serde_json::from_slice(&answer).map_err(|_| EmbedError::NoToken {
            who: self.peer.who.clone(),
            status: 200,
            said: "its answer holds none".to_owned(),
        })?;
        let life = Duration::from_secs(granted.expires_in);
        let renew_at = asked_at + life.saturating_sub(EARLY).max(life / 2);
        Ok(Token { value: granted.access_token, renew_at })
    }
}
