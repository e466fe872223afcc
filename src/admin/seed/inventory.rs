//! Stock on the last day: every product in every store, as much as sold lately suggests.

use super::baskets::Line;
use super::calendar::{DAY_SECONDS, Day, Moment};
use super::dice::{Dice, Purpose};
use super::rows::Rows;
use super::shop::Shop;

/// Days of sales that stock is planned from.
const PLANNED_FROM: usize = 90;
/// Days of sales on hand when the next delivery has to be ordered.
const REORDER_DAYS: u64 = 12;

/// Pieces sold in the last days, by store and product.
#[derive(Debug)]
pub(super) struct Sales {
    products: usize,
    first_day: usize,
    pieces: Vec<u64>,
}

impl Sales {
    /// Nothing sold yet.
    pub(super) fn new(shop: &Shop) -> Self {
        let products = shop.catalogue.products.len();
        let first_day = shop.days.len().saturating_sub(PLANNED_FROM);
        Self { products, first_day, pieces: vec![0; products * shop.stores.len()] }
    }

    /// Counts a line, if it is recent.
    pub(super) fn add(&mut self, day: &Day, store: usize, line: &Line) {
        if day.index < self.first_day {
            return;
        }
        if let Some(pieces) = self.pieces.get_mut(store * self.products + line.product) {
            *pieces += line.pieces.unsigned_abs();
        }
    }

    fn of(&self, store: usize, product: usize) -> u64 {
        self.pieces.get(store * self.products + product).copied().unwrap_or(0)
    }
}

/// Writes the stock of all stores.
pub(super) fn write(shop: &Shop, sales: &Sales, rows: &mut Rows) {
    let last_day = shop.days.last().map_or(0, |day| day.number);
    for (position, store) in shop.stores.iter().enumerate() {
        let mut dice = Dice::new(shop.plan.seed, Purpose::Stock, position);
        for (number, product) in shop.catalogue.products.iter().enumerate() {
            let (stock, reorder) = levels(sales.of(position, number), &mut dice);
            let stock = shop.stories.left_over(position, number).unwrap_or(stock);
            // counted before the doors open
            let counted = 5 * 3_600 + i64::try_from(dice.below(3 * 3_600)).unwrap_or(0);
            let row = rows.row(5).uuid(store.known.id).uuid(product.id);
            row.integer(whole(stock))
                .integer(whole(reorder))
                .moment(shop.passed(Moment(last_day * DAY_SECONDS + counted)));
        }
    }
}

/// Pieces on hand, and when to order again, for so many pieces sold in 90 days.
fn levels(sold: u64, dice: &mut Dice) -> (u64, u64) {
    let reorder = (sold * REORDER_DAYS / PLANNED_FROM as u64).max(2);
    let usual = sold * dice.between(18, 50) / PLANNED_FROM as u64 + dice.between(3, 8);
    let stock = match dice.below(100) {
        // bought far too much once
        0..5 => usual * dice.between(4, 9) + 10,
        // the delivery is late
        5..9 => reorder * dice.between(20, 95) / 100,
        _ => usual.max(reorder + 1),
    };
    (stock, reorder)
}

fn whole(pieces: u64) -> i64 {
    i64::try_from(pieces).unwrap_or(i64::MAX)
}
