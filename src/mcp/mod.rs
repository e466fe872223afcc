//! The protocol room: rmcp lives here and nowhere else.
//!
//! It turns MCP into calls of [`services`](crate::services) and their values and errors into MCP. It knows no SQL, no
//! database and no settings.
#![expect(clippy::disallowed_types, reason = "the one room that speaks MCP")]

mod account;
mod answer;
mod arguments;
mod completion;
#[cfg(fuzzing)]
pub mod fuzz;
mod guard;
mod icon;
mod page;
mod progress;
pub mod prompts;
mod resources;
mod schema;
mod server;
mod stamp;
mod stdio;
mod tools;
mod transport;

pub use self::progress::Progress;
pub use self::server::{ZavaServer, serve};
pub use self::stdio::{Options, serve_on_stdio};
