//! The eight stores: what the database knows of them, and how they sell.

use anyhow::Context as _;
use serde::Deserialize;
use uuid::Uuid;

use super::dice::Weighted;
use super::{calendar, parameters};

/// A store as the database has it.
#[derive(Clone, Debug)]
pub(super) struct KnownStore {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) is_online: bool,
    /// Opening day, in days since 2000-01-01.
    pub(super) opened: i64,
}

/// A store that sells.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) known: KnownStore,
    /// Share of all orders over the whole time, in no particular unit.
    pub(super) weight: u64,
    /// Orders in each year of the data, in parts per million of an average year.
    pub(super) growth: Vec<u64>,
    /// Orders by hour, for each weekday from Monday.
    pub(super) hours: Vec<Weighted>,
}

#[derive(Deserialize)]
struct StoreRow {
    store: String,
    weight: u64,
    growth_per_mille: i64,
}

/// Reads how the stores sell, in the order of `sql/seed/stores.csv`, and finds each in the database.
pub(super) fn read(known: &[KnownStore], years: u64) -> anyhow::Result<Vec<Store>> {
    let rows: Vec<StoreRow> = parameters::read("stores", parameters::STORES)?;
    rows.iter().map(|row| store(row, known, years)).collect()
}

fn store(row: &StoreRow, known: &[KnownStore], years: u64) -> anyhow::Result<Store> {
    let known = known.iter().find(|store| store.name == row.store).with_context(|| {
        format!(
            "DATABASE_ERROR (seed_store_missing): the database has no store `{}`; run `zava-mcp db create`",
            row.store
        )
    })?;
    Ok(Store {
        known: known.clone(),
        weight: row.weight,
        growth: growth(row.growth_per_mille, years)?,
        hours: hours(if known.is_online { "online" } else { "store" })?,
    })
}

/// Each year's orders relative to the average of all years; one more year than asked for, as the end of the last.
fn growth(per_mille: i64, years: u64) -> anyhow::Result<Vec<u64>> {
    let factor = u64::try_from(1_000 + per_mille).context("a store cannot shrink by more than everything")?;
    let levels: Vec<u64> = (0..=years)
        .scan(1_000_000_000, |level, _| {
            let now = *level;
            *level = now * factor / 1_000;
            Some(now)
        })
        .collect();
    let average = levels.iter().sum::<u64>() / (years + 1);
    Ok(levels.iter().map(|level| level * 1_000 / (average / 1_000).max(1)).collect())
}

fn hours(kind: &str) -> anyhow::Result<Vec<Weighted>> {
    let rows: Vec<(String, String, [u64; 24])> = parameters::read("hours", parameters::HOURS)?;
    Ok(rows.into_iter().filter(|row| row.0 == kind).map(|row| Weighted::new(row.2)).collect())
}

impl Store {
    /// How much a store sells on a day of the data, in parts per million of its average; straight between the years.
    pub(super) fn level(&self, day_index: usize) -> u64 {
        let (year, day) = (day_index * 4 / 1_461, day_index * 4 % 1_461 / 4);
        let at = |year: usize| {
            self.growth.get(year.min(self.growth.len().saturating_sub(1))).copied().unwrap_or(0)
        };
        (at(year) * (366 - day as u64) + at(year + 1) * day as u64) / 366
    }

    /// The hours of a day given by its number.
    pub(super) fn hours_of(&self, day_number: i64) -> &Weighted {
        static CLOSED: Weighted = Weighted::NOTHING;
        self.hours.get(calendar::weekday(day_number)).unwrap_or(&CLOSED)
    }
}

#[cfg(test)]
mod tests {
    use super::{growth, hours};

    #[test]
    fn growth_is_relative_to_the_average() {
        let levels = growth(100, 2).expect("grows");
        assert_eq!(levels.len(), 3);
        assert_eq!(levels, [906_344, 996_979, 1_096_677]);
        assert!(growth(-37, 6).expect("shrinks").is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn every_kind_of_store_has_seven_days() {
        for kind in ["store", "online"] {
            let hours = hours(kind).expect("readable");
            assert_eq!(hours.len(), 7, "{kind}");
            assert!(hours.iter().all(|day| day.total() > 300), "{kind}");
        }
    }
}
