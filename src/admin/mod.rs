//! The owner's entrance: commands a person runs, with the owner's credentials. The server never comes in here.
//!
//! One file per command, each with its `Options` and `run`. Results go to stdout through `print.rs`, progress and
//! diagnostics to stderr.

pub mod audit;
pub mod client;
pub mod completions;
pub mod db;
pub mod doctor;
pub mod embed;
pub mod identity;
pub mod man;
pub(crate) mod owner;
pub(crate) mod partition;
pub(crate) mod print;
pub(crate) mod protect;
pub(crate) mod seed;
mod transaction;
