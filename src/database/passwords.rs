//! Passwords that change while a process runs: tokens. Asked for before each new connection.

use std::pin::Pin;

use secrecy::SecretString;

use super::WireError;

/// A password that is on its way.
pub type Password<'a> = Pin<Box<dyn Future<Output = Result<SecretString, WireError>> + Send + 'a>>;

/// Where passwords come from.
pub trait Passwords: Send + Sync {
    /// The one that is good now.
    fn password(&self) -> Password<'_>;

    /// The server did not accept the last one.
    fn refused(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
