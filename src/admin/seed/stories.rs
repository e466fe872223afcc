//! Things that happened to single products: one that comes back, some that ran out.

use anyhow::{Context as _, bail};
use serde::Deserialize;

use super::catalogue::Catalogue;
use super::parameters;
use super::stores::Store;

/// Days at the end of the data in which a product that ran out was not sold.
const DAYS_SOLD_OUT: usize = 10;
/// Days at the end of the data in which a bad product comes back.
const DAYS_OF_BAD_QUALITY: usize = 365;

/// What happened.
#[derive(Debug, Default)]
pub(super) struct Stories {
    /// (product, returns of 1,000) of products that were good once.
    returns: Vec<(usize, u64)>,
    /// (store, product, pieces left).
    sold_out: Vec<(usize, usize, u64)>,
}

#[derive(Deserialize)]
struct StoryRow {
    story: String,
    sku: String,
    store: String,
    value: u64,
}

impl Stories {
    /// Reads all of them.
    pub(super) fn read(catalogue: &Catalogue, stores: &[Store]) -> anyhow::Result<Self> {
        let mut told = Self::default();
        let rows: Vec<StoryRow> = parameters::read("stories", parameters::STORIES)?;
        for row in &rows {
            told.add(row, catalogue, stores).with_context(|| format!("sql/seed/stories.csv, {}", row.sku))?;
        }
        Ok(told)
    }

    fn add(&mut self, row: &StoryRow, catalogue: &Catalogue, stores: &[Store]) -> anyhow::Result<()> {
        let product = catalogue.position(&row.sku).context("no such product")?;
        match row.story.as_str() {
            "returns" => self.returns.push((product, row.value)),
            "stock_out" => {
                let store = stores.iter().position(|store| store.known.name == row.store);
                self.sold_out.push((store.context("no such store")?, product, row.value));
            }
            other => bail!("no story is called `{other}`"),
        }
        Ok(())
    }

    /// Pieces left of a product that ran out.
    pub(super) fn left_over(&self, store: usize, product: usize) -> Option<u64> {
        self.sold_out.iter().find(|row| (row.0, row.1) == (store, product)).map(|row| row.2)
    }

    /// Whether a store has nothing to sell of a product, `days_left` days before the last.
    pub(super) fn is_sold_out(&self, store: usize, product: usize, days_left: usize) -> bool {
        days_left < DAYS_SOLD_OUT && self.left_over(store, product).is_some()
    }

    /// Returns of 1,000 of a product that went bad, `days_left` days before the last.
    pub(super) fn returns(&self, product: usize, days_left: usize) -> Option<u64> {
        let bad = self.returns.iter().find(|row| row.0 == product);
        bad.filter(|_| days_left < DAYS_OF_BAD_QUALITY).map(|row| row.1)
    }
}
