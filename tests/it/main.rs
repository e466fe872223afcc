//! One binary for all integration tests: one module per promise.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod full_disk;
mod local_privacy;
mod local_server;
mod throw_away;
