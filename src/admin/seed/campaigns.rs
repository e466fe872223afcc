//! Promotions: what is cheaper when and where, and how much more of it sells.

use anyhow::{Context as _, ensure};
use jiff::civil::date;
use serde::Deserialize;

use super::calendar::Day;
use super::catalogue::Catalogue;
use super::parameters;

/// A campaign that comes back every year.
#[derive(Debug)]
pub(super) struct Campaign {
    /// Positions of the kinds of product it is for.
    pub(super) types: Vec<usize>,
    from: (i8, i8),
    to: (i8, i8),
    /// Discount on every line.
    pub(super) discount_percent: i64,
    /// Lines sold, in percent of the same days without the campaign.
    pub(super) uplift_percent: u64,
    /// Names of the stores; none means all.
    stores: Vec<String>,
}

#[derive(Deserialize)]
struct CampaignRow {
    name: String,
    category: String,
    #[serde(rename = "type")]
    kind: String,
    from: String,
    to: String,
    discount_percent: i64,
    uplift_percent: u64,
    stores: String,
}

/// Reads all campaigns.
pub(super) fn read(catalogue: &Catalogue) -> anyhow::Result<Vec<Campaign>> {
    let rows: Vec<CampaignRow> = parameters::read("promotions", parameters::PROMOTIONS)?;
    let campaign = |row: &CampaignRow| {
        campaign(row, catalogue).with_context(|| format!("sql/seed/promotions.csv, {}", row.name))
    };
    rows.iter().map(campaign).collect()
}

fn campaign(row: &CampaignRow, catalogue: &Catalogue) -> anyhow::Result<Campaign> {
    let types: Vec<usize> = catalogue
        .categories
        .iter()
        .filter(|category| category.name == row.category)
        .flat_map(|category| category.types.clone())
        .filter(|kind| {
            row.kind.is_empty() || catalogue.types.get(*kind).is_some_and(|kind| kind.name == row.kind)
        })
        .collect();
    ensure!(!types.is_empty(), "no product is of category `{}` and type `{}`", row.category, row.kind);
    Ok(Campaign {
        types,
        from: month_day(&row.from)?,
        to: month_day(&row.to)?,
        discount_percent: row.discount_percent,
        uplift_percent: row.uplift_percent,
        stores: row.stores.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
    })
}

/// Reads `MM-DD`.
fn month_day(text: &str) -> anyhow::Result<(i8, i8)> {
    let (month, day) = text.split_once('-').context("a day is written MM-DD")?;
    let (month, day) = (month.parse()?, day.parse()?);
    ensure!(
        jiff::civil::Date::new(2024, month, day).is_ok(),
        "{text} is no day, unlike {}",
        date(2024, 2, 29)
    );
    Ok((month, day))
}

impl Campaign {
    /// Whether it runs in a store on a day; the last day counts. One that ends before it starts goes over New Year.
    pub(super) fn runs(&self, day: &Day, store: &str) -> bool {
        let (started, ended) = (self.from <= day.date, day.date > self.to);
        let today = if self.from <= self.to { started && !ended } else { started || !ended };
        today && (self.stores.is_empty() || self.stores.iter().any(|name| name == store))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Campaign;
    use crate::admin::seed::calendar::days;
    use crate::admin::seed::catalogue::Catalogue;

    fn runs(from: (i8, i8), to: (i8, i8), on: jiff::civil::Date) -> bool {
        let stores = vec!["Spokane".to_owned()];
        let campaign = Campaign { types: vec![], from, to, discount_percent: 5, uplift_percent: 100, stores };
        let day = days(on, on).remove(0);
        assert!(!campaign.runs(&day, "Seattle"), "not its store");
        campaign.runs(&day, "Spokane")
    }

    #[test]
    fn a_campaign_runs_from_its_first_to_its_last_day_also_over_new_year() {
        assert!(runs((6, 10), (6, 18), date(2026, 6, 10)) && runs((6, 10), (6, 18), date(2026, 6, 18)));
        assert!(!runs((6, 10), (6, 18), date(2026, 6, 19)) && !runs((6, 10), (6, 18), date(2026, 6, 9)));
        assert!(runs((12, 28), (1, 5), date(2026, 12, 31)) && runs((12, 28), (1, 5), date(2026, 1, 5)));
        assert!(!runs((12, 28), (1, 5), date(2026, 1, 6)));
    }

    #[test]
    fn the_table_of_campaigns_is_readable() {
        let campaigns = super::read(&Catalogue::read().expect("readable")).expect("readable");
        assert!(campaigns.len() >= 10);
        assert!(campaigns.iter().any(|campaign| campaign.uplift_percent == 100), "one that does not pay");
    }
}
