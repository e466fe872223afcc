//! The PostgreSQL room: connections, identity, the read-only view, rows to JSON, statements.
//!
//! It knows nothing of MCP or of the shop's questions. There are two ways in. [`Owner`] is for the admin commands, with
//! the owner's credentials. Everything the server does goes through a view: one read-only transaction of one identity.
#![expect(clippy::disallowed_methods, reason = "the one room that talks to PostgreSQL")]

mod error;
pub mod local;
mod owner;

pub use self::error::DatabaseError;
pub use self::owner::Owner;
