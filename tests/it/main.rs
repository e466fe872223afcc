//! One binary for all integration tests: one module per promise.
mod seed;
