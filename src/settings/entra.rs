//! An application of Entra ID, which comes from variables alone.

use secrecy::SecretString;

use super::{secret, variable};

/// Where Entra ID gives tokens, outside of sovereign clouds.
const AUTHORITY: &str = "https://login.microsoftonline.com";

/// An application of Entra ID.
#[derive(Clone, Debug)]
pub struct EntraSettings {
    /// Base address of the authority.
    pub authority: String,
    /// Directory (tenant) id.
    pub tenant: String,
    /// Application (client) id.
    pub client: String,
    /// Secret of the application.
    pub secret: SecretString,
}

impl EntraSettings {
    /// `None` unless all three variables are set: the tenant, the client and its secret.
    pub(crate) fn from_environment() -> Option<Self> {
        Some(Self {
            authority: variable("AZURE_AUTHORITY_HOST").unwrap_or_else(|| AUTHORITY.to_owned()),
            tenant: variable("AZURE_TENANT_ID")?,
            client: variable("AZURE_CLIENT_ID")?,
            secret: secret("AZURE_CLIENT_SECRET")?,
        })
    }
}
