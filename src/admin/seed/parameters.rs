//! Reads the parameter tables of `sql/seed`, which are part of the program.

use anyhow::Context as _;
use serde::de::DeserializeOwned;

pub(super) const HOURS: &str = include_str!("../../../sql/seed/hours.csv");
pub(super) const NAMES: &str = include_str!("../../../sql/seed/names.csv");
pub(super) const PROMOTIONS: &str = include_str!("../../../sql/seed/promotions.csv");
pub(super) const SEASONS: &str = include_str!("../../../sql/seed/seasons.csv");
pub(super) const STORES: &str = include_str!("../../../sql/seed/stores.csv");
pub(super) const STORIES: &str = include_str!("../../../sql/seed/stories.csv");
pub(super) const TYPES: &str = include_str!("../../../sql/seed/types.csv");

/// The rows of one table; `name` is for the message when it cannot be read.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.with_context(|| format!("could not read sql/seed/{name}.csv"))
}
