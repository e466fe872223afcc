//! One binary for all integration tests: one module per promise.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod bad_input;
mod client;
mod client_write;
mod examples;
mod full_disk;
mod local_privacy;
mod local_server;
mod row_security;
mod support;
mod throw_away;
mod tools;
