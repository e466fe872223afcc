//! How many orders each store has on each day.

use anyhow::bail;

use super::calendar::Day;
use super::dice::{Dice, Purpose};
use super::plan::SeedPlan;
use super::stores::Store;

/// Orders by store and day.
#[derive(Debug)]
pub(super) struct Demand {
    /// By store, then day.
    orders: Vec<Vec<u32>>,
}

impl Demand {
    /// Shares the plan's orders out, exactly, by weight: the store's size and growth, the weekday, what customers want
    /// that day (`wanted`: the seasons and campaigns of every kind of product), and some weather.
    pub(super) fn new(
        plan: &SeedPlan,
        days: &[Day],
        stores: &[Store],
        wanted: impl Fn(&Day, (usize, &Store)) -> u64,
    ) -> anyhow::Result<Self> {
        let weights = stores.iter().enumerate().map(|(position, store)| {
            let mut weather = Dice::new(plan.seed, Purpose::Weather, position);
            let weight =
                |day: &Day| weight(store, day, weather.between(86, 114), wanted(day, (position, store)));
            days.iter().map(weight).collect::<Vec<u128>>()
        });
        let weights: Vec<Vec<u128>> = weights.collect();
        let total = weights.iter().flatten().sum::<u128>();
        if total == 0 {
            bail!(
                "VALIDATION_ERROR (seed_until_out_of_range): no store was open in the {} years up to {}; \
                 give a later --until",
                plan.years,
                plan.until
            );
        }
        Ok(Self { orders: shared_out(plan.orders, total, &weights, days.len()) })
    }

    /// Orders of a store on a day.
    pub(super) fn on(&self, store: usize, day_index: usize) -> u32 {
        self.orders.get(store).and_then(|days| days.get(day_index)).copied().unwrap_or(0)
    }

    /// Orders of a store over the whole time.
    pub(super) fn of(&self, store: usize) -> u64 {
        self.orders.get(store).map_or(0, |days| days.iter().map(|orders| u64::from(*orders)).sum())
    }
}

fn weight(store: &Store, day: &Day, weather: u64, wanted: u64) -> u128 {
    // Doors open for orders the day after the opening ceremony; the first customers register that day.
    if day.number <= store.known.opened {
        return 0;
    }
    let parts = [store.weight, store.level(day.index), store.hours_of(day.number).total(), weather, wanted];
    parts.into_iter().map(u128::from).product()
}

/// Day by day, store by store: the running sum of weights, scaled to `orders` and rounded down, grows by what each gets.
fn shared_out(orders: u64, total: u128, weights: &[Vec<u128>], days: usize) -> Vec<Vec<u32>> {
    let mut shares: Vec<Vec<u32>> = weights.iter().map(|_| Vec::with_capacity(days)).collect();
    let (mut sum, mut given) = (0, 0);
    for day in 0..days {
        for (weights, shares) in weights.iter().zip(&mut shares) {
            sum += weights.get(day).copied().unwrap_or(0);
            // The product stays far below 2^128: weights are below 2^83 each, and there are fewer than 2^30 orders.
            let due = sum / 1_000_000 * u128::from(orders) / (total / 1_000_000).max(1);
            shares.push(u32::try_from(due - given).unwrap_or(0));
            given = due;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::shared_out;

    #[test]
    fn shares_follow_the_weights_and_lose_no_order() {
        let weights = vec![vec![3_000_000, 0, 1_000_000], vec![0, 4_000_000, 2_000_000]];
        let shares = shared_out(100, 10_000_000, &weights, 3);
        assert_eq!(shares, [[30, 0, 10], [0, 40, 20]]);
        let few: u32 = shared_out(7, 10_000_000, &weights, 3).iter().flatten().sum();
        assert_eq!(few, 7);
    }
}
