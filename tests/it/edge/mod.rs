//! The edges of MCP on stdin and stdout. The official suites test nothing of this.
//!
//! `fixture` (`tests/fixture`) has tools that panic, dawdle and talk; it runs on the real server's transport and guard. What
//! concerns queries runs on the real server.

mod backend;
mod broken;
mod cancel;
mod crash;
mod ending;
mod eras;
mod framing;
mod load;
mod progress;
mod requests;
mod wire;
