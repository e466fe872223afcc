//! One binary for all integration tests: one module per promise.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly and stands outside the walls"
)]

mod announced;
mod attacks;
mod audit;
mod bad_input;
mod cache;
mod charts;
mod client;
mod client_write;
mod completion;
mod deployment;
mod doctor;
mod edge;
mod embedding_services;
mod examples;
mod explain;
mod failover;
mod faults;
mod fidelity;
mod full_disk;
mod guides;
mod identities;
mod limits;
mod local_model;
mod local_privacy;
mod local_server;
mod local_serving;
mod managed;
mod original;
mod partitioned;
mod performance;
mod pooler;
mod posture;
mod prompts;
mod protect;
mod protect_changes;
mod protect_foreign;
mod questions;
mod readme;
mod resources;
mod row_security;
mod schema;
mod schemas;
mod search;
mod search_quality;
mod seed;
mod seed_documents;
mod server_status;
mod shell;
mod slow;
mod statement_end;
mod statements;
mod support;
mod teaching;
mod telemetry;
mod throw_away;
mod tls;
mod tools;
mod twin;
mod walls;
