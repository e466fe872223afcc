//! Whether the product search finds what was meant: questions judged by hand, asked over MCP.

mod metrics;
mod questions;
