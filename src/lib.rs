//! The map of the house.
//!
//! (filled in below)
pub mod admin;
pub mod cli;
pub mod database;
pub mod settings;
pub mod telemetry;
