//! Tokens of Entra ID as passwords of the database: between [`embeddings`](crate::embeddings), which speaks HTTP, and
//! [`database`](crate::database), which asks for a password each time it connects.

use std::sync::Arc;
use std::time::Duration;

use crate::database::{Password, Passwords, WireError};
use crate::embeddings::{EmbedError, Tokens};
use crate::settings::{DbAuth, EntraSettings, SettingsError, WireArgs};

/// What the tokens are for: Azure Database for PostgreSQL.
const DATABASES: &str = "https://ossrdbms-aad.database.windows.net/.default";
/// Longest wait for a token, retries included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the passwords of connections come from, when not from the settings themselves. Nothing connects.
///
/// # Errors
///
/// When tokens are asked for and the variables that name the application are not all set, or its authority is no address.
pub fn passwords(wire: &WireArgs) -> Result<Option<Arc<dyn Passwords>>, SettingsError> {
    if wire.db_auth == DbAuth::Password {
        return Ok(None);
    }
    let options = |reason, text: &str| SettingsError::Options { reason, text: text.to_owned() };
    let application = EntraSettings::from_environment().ok_or_else(|| {
        options(
            "entra_missing",
            "--db-auth entra needs an application of Entra ID; set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
        )
    })?;
    let tokens = Tokens::new(&application, DATABASES, PATIENCE).map_err(|_| {
        options(
            "entra_authority",
            "AZURE_AUTHORITY_HOST is not the https:// address of an authority; correct it, or leave it out",
        )
    })?;
    Ok(Some(Arc::new(Entra(tokens))))
}

struct Entra(Tokens);

impl Passwords for Entra {
    fn password(&self) -> Password<'_> {
        Box::pin(async { self.0.token().await.map_err(|error| unavailable(&error)) })
    }

    fn refused(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.forget())
    }
}

fn unavailable(error: &EmbedError) -> WireError {
    let next = match error {
        EmbedError::NoToken { .. } => error.next(),
        EmbedError::Unreachable { .. } | EmbedError::Cut { .. } | EmbedError::Slow { .. } => {
            "check AZURE_AUTHORITY_HOST and the network, then try again"
        }
        _ => "try again later",
    };
    WireError::no_token(error.to_string(), next)
}
