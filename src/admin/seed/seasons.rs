//! How much of each kind of product sells in which month and region.

use super::catalogue::Catalogue;
use super::parameters;

/// Twelve months in percent of an average month.
pub(super) type Year = [u64; 12];

/// Category, kind of product, region, months; an empty kind or region means all of them.
type SeasonRow = (String, String, String, Year);

/// One curve for each kind of product, as customers of a region buy it.
///
/// The most particular row counts: kind and region, then kind, then category and region, then category.
pub(super) fn curves(catalogue: &Catalogue, region: &str) -> anyhow::Result<Vec<Year>> {
    let rows: Vec<SeasonRow> = parameters::read("seasons", parameters::SEASONS)?;
    let curve = |category: &str, kind: &str| {
        let candidates = [(kind, region), (kind, ""), ("", region), ("", "")];
        let found = candidates.iter().find_map(|(kind, region)| {
            rows.iter().find(|row| row.0 == category && row.1 == *kind && row.2 == *region)
        });
        found.map_or([100; 12], |row| row.3)
    };
    let named = catalogue.types.iter().map(|kind| (catalogue.categories.get(kind.category), kind));
    Ok(named
        .map(|(category, kind)| curve(category.map_or("", |category| category.name), &kind.name))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::curves;
    use crate::admin::seed::catalogue::Catalogue;

    fn of(region: &str, kind: &str) -> super::Year {
        let catalogue = Catalogue::read().expect("readable");
        let position = catalogue.types.iter().position(|found| found.name == kind).expect("exists");
        curves(&catalogue, region).expect("readable")[position]
    }

    #[test]
    fn the_most_particular_curve_counts() {
        assert_eq!(of("Puget Sound", "Snow & Ice")[11], 330, "kind");
        assert_eq!(of("Eastern Washington", "Snow & Ice")[11], 700, "kind and region");
        assert_eq!(of("Puget Sound", "Planters & Pots")[4], 225, "category");
        assert_eq!(of("Eastern Washington", "Planters & Pots")[4], 265, "category and region");
    }
}
