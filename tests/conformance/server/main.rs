//! The fixtures that the official conformance suite asks for, on exactly the transport and guard of zava-mcp.
//!
//! The suite calls tools, prompts and resources that no shop has. Here they are; `scripts/conformance` runs the suite
//! against them. Nothing of this is part of the product.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stands outside the walls"
)]
#![allow(deprecated, reason = "the suite tests the older protocols as well")]

mod asking;
mod handler;
mod listed;
mod talking;

fn main() -> anyhow::Result<()> {
    let log = zava_mcp::settings::LogArgs { log_dir: None, log_keep_days: 1, log: "error".to_owned() };
    let _flushes = zava_mcp::telemetry::init(&log)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(handler::serve());
    runtime.shutdown_background();
    served
}
