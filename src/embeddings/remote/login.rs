//! The header that lets a request in: none, a key, or a token of Entra ID.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use super::entra::{AI_SERVICES, Entra};
use super::http::Http;
use crate::embeddings::EmbedError;
use crate::settings::RemoteLogin;

/// How to log in.
pub(super) enum Login {
    Nothing,
    Bearer(SecretString),
    ApiKey(SecretString),
    Entra(Box<Entra>),
}

impl Login {
    /// Checks that there is one where one is needed.
    pub(super) fn new(settings: &RemoteLogin) -> Result<Self, EmbedError> {
        Ok(match settings {
            RemoteLogin::OpenAi(None) => Self::Nothing,
            RemoteLogin::OpenAi(Some(key)) => Self::Bearer(key.clone()),
            RemoteLogin::AzureKey(key) => Self::ApiKey(key.clone()),
            RemoteLogin::Entra(application) => Self::Entra(Box::new(Entra::new(application, AI_SERVICES)?)),
            RemoteLogin::AzureNothing => return Err(EmbedError::NoLogin),
        })
    }

    /// Whether requests carry something that nobody else may read.
    pub(super) const fn is_secret(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// The header for the next request.
    pub(super) async fn header(&self, http: &Http) -> Result<Option<(HeaderName, HeaderValue)>, EmbedError> {
        Ok(match self {
            Self::Nothing => None,
            Self::Bearer(key) => Some((AUTHORIZATION, bearer(key)?)),
            Self::ApiKey(key) => Some((HeaderName::from_static("api-key"), value(key.expose_secret())?)),
            Self::Entra(entra) => Some((AUTHORIZATION, bearer(&entra.token(http).await?)?)),
        })
    }

    /// Takes note that the service refused; whether another try may help, because a cached token was to blame.
    pub(super) async fn refused(&self) -> bool {
        match self {
            Self::Entra(entra) => entra.forget().await,
            _ => false,
        }
    }

    /// `text` without the key, in case a service repeats what it was sent.
    pub(super) fn redact(&self, text: &str) -> String {
        match self {
            Self::Bearer(key) | Self::ApiKey(key) => text.replace(key.expose_secret(), "[key]"),
            Self::Nothing | Self::Entra(_) => text.to_owned(),
        }
    }
}

fn bearer(key: &SecretString) -> Result<HeaderValue, EmbedError> {
    value(&format!("Bearer {}", key.expose_secret()))
}

fn value(text: &str) -> Result<HeaderValue, EmbedError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| EmbedError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}
