//! Random numbers that never change: `ChaCha8` streams, one per purpose, and draws by integer arithmetic.
//!
//! The draws are written out here, not taken from `rand`, because a release of `rand` may change how it turns bits into
//! numbers, and the rows of a seed must stay the same.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// What a stream is for; streams do not influence each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// Facts of a customer; block N belongs to customer N.
    Customers = 1,
    /// Orders of one day.
    Orders = 2,
    /// How good a day was in a store, apart from everything known.
    Weather = 3,
    /// Stock of one store.
    Stock = 4,
    /// Taste of one store's customers.
    Taste = 5,
}

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Stream number `part` of a purpose.
    pub(super) fn new(seed: u64, purpose: Purpose, part: usize) -> Self {
        let mut key = *b"zava sample shop, generator key ";
        for (byte, seeded) in key.iter_mut().zip(seed.to_le_bytes()) {
            *byte ^= seeded;
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(((purpose as u64) << 32) | part as u64);
        Self(generator)
    }

    /// Goes to block `number`: the next 8 draws depend on nothing but the stream and the number.
    pub(super) fn seek(&mut self, number: u64) {
        self.0.set_word_pos(u128::from(number) * 16);
    }

    /// 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to `end - 1`; 0 when `end` is 0. Biased by less than `end` in 2^64.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(end);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `chance` of 1,000 cases.
    pub(super) fn per_mille(&mut self, chance: u64) -> bool {
        self.below(1_000) < chance
    }

    /// One of the items; `None` only when there are none.
    pub(super) fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(index(self.below(items.len() as u64)))
    }
}

/// Things to draw by weight: running sums of the weights.
#[derive(Clone, Debug, Default)]
pub(super) struct Weighted(Vec<u64>);

impl Weighted {
    /// Nothing to draw.
    pub(super) const NOTHING: Self = Self(Vec::new());

    /// From the weights of thing 0, 1, 2 and so on.
    pub(super) fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let mut sum = 0;
        Self(
            weights
                .into_iter()
                .map(|weight| {
                    sum += weight;
                    sum
                })
                .collect(),
        )
    }

    /// Sum of all weights.
    pub(super) fn total(&self) -> u64 {
        self.0.last().copied().unwrap_or(0)
    }

    /// The number of one thing.
    pub(super) fn pick(&self, dice: &mut Dice) -> usize {
        self.pick_in(0..self.0.len(), dice)
    }

    /// The number of one thing out of a part of them.
    pub(super) fn pick_in(&self, part: std::ops::Range<usize>, dice: &mut Dice) -> usize {
        let low = part.start.checked_sub(1).map_or(0, |before| self.sum_up_to(before));
        let high = part.end.checked_sub(1).map_or(0, |last| self.sum_up_to(last));
        let drawn = low + dice.below(high - low);
        self.0.partition_point(|sum| *sum <= drawn).min(part.end.saturating_sub(1))
    }

    fn sum_up_to(&self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }
}

/// A small drawn number as an index.
pub(super) fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Dice, Purpose, Weighted};

    #[test]
    fn the_stream_of_a_seed_is_pinned() {
        let mut dice = Dice::new(42, Purpose::Orders, 7);
        let drawn: Vec<u64> = (0..6).map(|_| dice.below(1_000)).collect();
        assert_eq!(drawn, [839, 296, 243, 7, 376, 388], "a change here changes every seeded database");
    }

    #[test]
    fn a_block_depends_on_its_number_only() {
        let mut dice = Dice::new(42, Purpose::Customers, 0);
        dice.seek(1_000);
        let first = dice.bits();
        dice.seek(3);
        assert_ne!(dice.bits(), first);
        dice.seek(1_000);
        assert_eq!(dice.bits(), first);
    }

    #[test]
    fn weights_decide_and_parts_stay_in_their_bounds() {
        let mut dice = Dice::new(1, Purpose::Orders, 0);
        let weighted = Weighted::new([0, 10, 0, 90]);
        let picks: Vec<usize> = (0..1_000).map(|_| weighted.pick(&mut dice)).collect();
        let often = picks.iter().filter(|pick| **pick == 3).count();
        assert!((850..950).contains(&often), "{often}");
        assert!(!picks.contains(&0) && !picks.contains(&2) && picks.contains(&1));
        assert!((0..100).all(|_| weighted.pick_in(0..2, &mut dice) == 1));
    }
}
