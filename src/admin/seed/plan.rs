//! What to make: sizes, dates and the seed, checked.

use anyhow::bail;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// Fewest customers: every store has at least one.
const FEWEST_CUSTOMERS: u64 = 8;
/// Most customers: numbers within a store are 32 bits, and 20 million people are more than Washington has.
const MOST_CUSTOMERS: u64 = 20_000_000;
/// Fewest orders of which eight stores can show anything.
const FEWEST_ORDERS: u64 = 100;
/// Most orders: a day of one store still fits into memory.
const MOST_ORDERS: u64 = 1_000_000_000;
/// Most years of history.
const MOST_YEARS: u64 = 20;

/// What to seed. The same plan always gives the same rows.
#[derive(Clone, Debug)]
pub(crate) struct SeedPlan {
    /// Start of every random stream.
    pub(crate) seed: u64,
    /// Customers to make.
    pub(crate) customers: u64,
    /// Orders to make; 2.1 times as many lines follow.
    pub(crate) orders: u64,
    /// Last day of the data.
    pub(crate) until: Date,
    /// Seconds of the last day that have passed: its moments are pressed into them, so that none lies ahead. A whole day
    /// when the last day was given, so that the rows do not depend on the hour.
    pub(crate) last_day_seconds: i64,
    /// Full years of orders up to and with `until`.
    pub(crate) years: u64,
    /// Empty a shop that has rows, instead of refusing.
    pub(crate) replace: bool,
}

impl SeedPlan {
    /// Refuses sizes that make no shop.
    pub(crate) fn checked(self) -> anyhow::Result<Self> {
        within("customers", self.customers, FEWEST_CUSTOMERS, MOST_CUSTOMERS)?;
        within("orders", self.orders, FEWEST_ORDERS, MOST_ORDERS)?;
        within("years", self.years, 1, MOST_YEARS)?;
        self.first_day()?;
        Ok(self)
    }

    /// First day of the data: `years` years before the day after `until`.
    pub(super) fn first_day(&self) -> anyhow::Result<Date> {
        let years = i64::try_from(self.years)?;
        match self.until.checked_add(1.day()).and_then(|end| end.checked_sub(years.years())) {
            Ok(day) if self.until.year() >= 2000 => Ok(day),
            _ => bail!(
                "VALIDATION_ERROR (seed_until_out_of_range): --until {} is not usable; give a day from 2013 on",
                self.until
            ),
        }
    }
}

fn within(what: &str, value: u64, fewest: u64, most: u64) -> anyhow::Result<()> {
    if (fewest..=most).contains(&value) {
        return Ok(());
    }
    bail!(
        "VALIDATION_ERROR (seed_size_out_of_range): --{what} {value}; give a number from {fewest} to {most}"
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::SeedPlan;

    fn plan(customers: u64, orders: u64) -> SeedPlan {
        let until = date(2026, 3, 31);
        SeedPlan { seed: 1, customers, orders, until, last_day_seconds: 86_400, years: 6, replace: false }
    }

    #[test]
    fn six_years_end_with_the_last_day() {
        assert_eq!(plan(50, 200).first_day().expect("a day"), date(2020, 4, 1));
    }

    #[test]
    fn sizes_that_make_no_shop_are_refused_with_the_range() {
        assert!(plan(50, 200).checked().is_ok());
        let refusal = plan(50, 0).checked().expect_err("no orders").to_string();
        assert!(refusal.contains("seed_size_out_of_range") && refusal.contains("from 100"), "{refusal}");
        assert!(plan(7, 200).checked().is_err());
    }
}
