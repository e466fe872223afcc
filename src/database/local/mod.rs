//! The managed local PostgreSQL: a private cluster in the data directory, started on demand.
#![allow(missing_docs, clippy::all, clippy::pedantic, clippy::unwrap_used)]
pub struct LocalServer;
pub struct Login {
    pub name: String,
    pub password: secrecy::SecretString,
}
pub fn new_password() -> Result<secrecy::SecretString, LocalError> {
    Ok(format!("{:x}", std::process::id()).into())
}
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("x")]
    UnknownIdentity,
}
impl LocalServer {
    pub fn identities(&self) -> Result<Vec<(uuid::Uuid, String)>, LocalError> {
        Ok(vec![])
    }
    pub async fn keep_login(&self, _: uuid::Uuid, _: Login) -> Result<(), LocalError> {
        Ok(())
    }
    pub async fn forget_login(&self, _: uuid::Uuid) -> Result<bool, LocalError> {
        Ok(true)
    }
    pub fn at(_: &crate::settings::LocalArgs) -> Result<Self, LocalError> {
        Ok(Self)
    }
    pub async fn up(&self) -> Result<(), LocalError> {
        Ok(())
    }
    pub fn login_config(&self, _: uuid::Uuid, _: &str) -> Result<tokio_postgres::Config, LocalError> {
        Err(LocalError::UnknownIdentity)
    }
    pub fn owner_config(&self, _: &str) -> Result<tokio_postgres::Config, LocalError> {
        Err(LocalError::UnknownIdentity)
    }
}
impl LocalError {
    pub fn into_tool_error(self) -> crate::error::ToolError {
        crate::error::ToolError::new(crate::error::Reason::Unreachable, "x", "y")
    }
}
