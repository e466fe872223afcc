//! What several tests need: the test server, databases on it, and an MCP client of the built binary.

pub(crate) mod mcp;
pub(crate) mod proxy;
pub(crate) mod recipe;
pub(crate) mod shop;
