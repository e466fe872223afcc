//! Tokens of Entra ID for something else than embeddings: this room is the one that speaks HTTP.

use std::time::Duration;

use secrecy::SecretString;

use super::entra::Entra;
use super::http::Http;
use crate::embeddings::EmbedError;
use crate::settings::EntraSettings;

/// An application of Entra ID with its cached token for one purpose.
pub struct Tokens {
    entra: Entra,
    http: Http,
}

impl Tokens {
    /// Checks the settings; nothing connects. A token that takes longer than `timeout`, retries included, is given up.
    ///
    /// # Errors
    ///
    /// When the address of the authority cannot be used.
    pub fn new(settings: &EntraSettings, scope: &'static str, timeout: Duration) -> Result<Self, EmbedError> {
        let entra = Entra::new(settings, scope)?;
        // What is not encrypted stays off proxies: it is an authority on this machine.
        let proxied = settings.authority.starts_with("https") || !settings.authority.contains("://");
        Ok(Self { entra, http: Http::new(timeout, proxied) })
    }

    /// A token that is still good: the cached one, or a new one some minutes before that expires.
    ///
    /// # Errors
    ///
    /// When Entra ID gives none.
    pub async fn token(&self) -> Result<SecretString, EmbedError> {
        self.entra.token(&self.http).await
    }

    /// Throws the cached token away: who was shown it did not take it.
    pub async fn forget(&self) {
        self.entra.forget().await;
    }
}
