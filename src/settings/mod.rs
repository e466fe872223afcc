//! Every flag, variable, default and unit. The only room that reads the environment.
//!
//! What was typed ([`clap::Args`] structs) and what it means (their methods) are kept apart. Nothing in here
//! connects to anything, and no message in here repeats a secret.

#![expect(clippy::disallowed_methods, reason = "the one room that reads the environment")]
#![expect(clippy::doc_markdown, reason = "doc comments of arguments are help texts for a terminal")]

mod audit;
mod cache;
mod connection;
mod embedding;
mod entra;
mod home;
mod local;
mod serve;
pub(crate) mod service_file;
mod telemetry;
mod wire;

pub use self::audit::AuditArgs;
pub use self::cache::CacheArgs;
pub use self::connection::{ConnectionArgs, ConnectionParts, ConnectionSource, SettingsError};
pub use self::embedding::{
    EmbeddingArgs, EmbeddingProvider, EmbeddingSettings, EmbeddingSource, RemoteLogin, RemoteSettings,
};
pub use self::entra::EntraSettings;
pub use self::home::home_dir;
pub use self::local::{LOCAL_DATABASE, LocalArgs};
pub(crate) use self::serve::rls_user;
pub use self::serve::{LimitArgs, LogArgs, ProtocolArgs, ServeArgs};
pub use self::service_file::stored_password;
pub use self::telemetry::{OtlpEndpoint, OtlpSettings, TelemetryArgs};
pub use self::wire::{DbAuth, WireArgs};

/// Configurations of clients often set what they leave open to the empty string.
fn given(value: Option<&String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn variable(name: &str) -> Option<String> {
    given(std::env::var(name).ok().as_ref())
}

fn secret(name: &str) -> Option<secrecy::SecretString> {
    variable(name).map(secrecy::SecretString::from)
}
