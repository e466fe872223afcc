//! What is in an order: its lines with prices and discounts.

use super::calendar::Day;
use super::dice::{Dice, Weighted};
use super::money::{self, Cents};
use super::shop::{Mix, Shop};

/// Orders of 1,000 by number of lines, from one: 2.1 lines on average.
const LINES: [u64; 6] = [415, 290, 155, 80, 40, 20];
/// Lines of 1,000 that stay within the category of the order's first line.
const SAME_CATEGORY: u64 = 850;
/// Lines of 1,000 with a small discount outside campaigns.
const SMALL_DISCOUNTS: u64 = 40;
/// Draws until a product is found that is in stock and not in the basket yet; then the order goes without it.
const ATTEMPTS: usize = 12;

/// One line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Position of the product.
    pub(super) product: usize,
    pub(super) pieces: i64,
    pub(super) unit_price: Cents,
    pub(super) discount_percent: i64,
    pub(super) discount: Cents,
    pub(super) total: Cents,
}

/// Fills baskets.
#[derive(Debug)]
pub(super) struct Baskets {
    sizes: Weighted,
}

impl Baskets {
    pub(super) fn new() -> Self {
        Self { sizes: Weighted::new(LINES) }
    }

    /// The lines of one order, at least one, all of different products.
    pub(super) fn fill(&self, shop: &Shop, day: &Day, store: usize, mix: &Mix, dice: &mut Dice) -> Vec<Line> {
        let size = self.sizes.pick(dice) + 1;
        let mut lines: Vec<Line> = Vec::with_capacity(size);
        while lines.len() < size {
            let Some(product) = choose(shop, day, store, mix, &lines, dice) else { break };
            if let Some(line) = line(shop, day, mix, product, dice) {
                lines.push(line);
            }
        }
        lines
    }
}

fn choose(shop: &Shop, day: &Day, store: usize, mix: &Mix, lines: &[Line], dice: &mut Dice) -> Option<usize> {
    let theme = lines.first().and_then(|line| category_of(shop, line.product));
    let days_left = shop.days_left(day);
    for _ in 0..ATTEMPTS {
        let kind = match &theme {
            Some(types) if dice.per_mille(SAME_CATEGORY) => mix.types.pick_in(types.clone(), dice),
            _ => mix.types.pick(dice),
        };
        let product = shop.product(store, kind, dice);
        let taken = lines.iter().any(|line| line.product == product);
        if !taken && !shop.stories.is_sold_out(store, product, days_left) {
            return Some(product);
        }
    }
    None
}

/// The kinds of product in the category of a product.
fn category_of(shop: &Shop, product: usize) -> Option<std::ops::Range<usize>> {
    let kind = shop.catalogue.types.get(shop.catalogue.products.get(product)?.kind)?;
    Some(shop.catalogue.categories.get(kind.category)?.types.clone())
}

fn line(shop: &Shop, day: &Day, mix: &Mix, product: usize, dice: &mut Dice) -> Option<Line> {
    let article = shop.catalogue.products.get(product)?;
    let most = shop.catalogue.types.get(article.kind)?.most_pieces;
    // the smaller of two draws: few pieces are usual, many are possible
    let pieces = i64::try_from(dice.between(1, most).min(dice.between(1, most))).ok()?;
    let discount_percent = match mix.discounts.get(article.kind) {
        Some(campaign) if *campaign > 0 => *campaign,
        _ if dice.per_mille(SMALL_DISCOUNTS) => {
            if dice.per_mille(600) {
                5
            } else {
                10
            }
        }
        _ => 0,
    };
    let unit_price = shop.price(article.price, day);
    let discount = money::percent_of(unit_price * pieces, discount_percent);
    let total = unit_price * pieces - discount;
    Some(Line { product, pieces, unit_price, discount_percent, discount, total })
}
