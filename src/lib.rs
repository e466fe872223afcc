//! The map of the house.
//!
//! (filled in below)
pub mod admin;
pub mod cli;
pub mod database;
pub mod embeddings;
pub mod error;
pub mod mcp;
pub mod services;
pub mod settings;
pub mod telemetry;
