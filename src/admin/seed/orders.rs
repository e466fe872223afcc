//! The orders of one day after the other, with their lines.

use super::baskets::{Baskets, Line};
use super::calendar::{Day, Moment};
use super::customers::{Customer, Customers};
use super::dice::{Dice, Purpose};
use super::inventory::Sales;
use super::keys;
use super::rows::Rows;
use super::shop::{Mix, Shop};

/// Longest time from registering to the first order, in seconds.
const FIRST_ORDER_WITHIN: i64 = 900;
/// Days at the end in which nothing has come back yet.
const DAYS_WITHOUT_RETURNS: usize = 3;

/// Writes orders and lines, day after day.
#[derive(Debug)]
pub(super) struct OrderBook<'a> {
    shop: &'a Shop,
    baskets: Baskets,
    facts: Dice,
    /// Lines carry the date of their order.
    dated: bool,
    /// Rows of `retail.orders`.
    pub(super) orders: Rows,
    /// Rows of `retail.order_items`.
    pub(super) lines: Rows,
    /// What was sold lately.
    pub(super) sales: Sales,
}

/// An order before its basket is filled.
#[derive(Clone, Copy, Debug)]
struct Visit {
    at: Moment,
    store: usize,
    customer: Customer,
}

impl<'a> OrderBook<'a> {
    pub(super) fn new(shop: &'a Shop, dated: bool) -> Self {
        let facts = Customers::stream(&shop.plan);
        let (orders, lines, sales) = (Rows::new(), Rows::new(), Sales::new(shop));
        Self { shop, baskets: Baskets::new(), facts, dated, orders, lines, sales }
    }

    /// Writes all orders of a day in the order of their time, calling `full` after each.
    ///
    /// # Errors
    ///
    /// When `full` says that nobody takes the rows any more.
    pub(super) fn write_day(
        &mut self,
        day: &Day,
        mut full: impl FnMut(&mut Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut dice = Dice::new(self.shop.plan.seed, Purpose::Orders, day.index);
        let mixes: Vec<Mix> =
            self.shop.stores.iter().enumerate().map(|store| self.shop.mix(day, store)).collect();
        let mut same_second = (Moment(0), 0);
        for visit in self.visits(day, &mut dice) {
            let Some(mix) = mixes.get(visit.store) else { continue };
            same_second =
                if same_second.0 == visit.at { (visit.at, same_second.1 + 1) } else { (visit.at, 0) };
            let lines = self.baskets.fill(self.shop, day, visit.store, mix, &mut dice);
            self.write(day, &visit, same_second.1, &lines, &mut dice);
            full(self)?;
        }
        Ok(())
    }

    /// Who comes when: customers who register that day first, then those who know the store.
    fn visits(&mut self, day: &Day, dice: &mut Dice) -> Vec<Visit> {
        let mut visits = Vec::new();
        for (store, seller) in self.shop.stores.iter().enumerate() {
            let mut joining = self.shop.customers.joining(store, day.index);
            for _ in 0..self.shop.demand.on(store, day.index) {
                let new = joining.next();
                let number = new.unwrap_or_else(|| self.shop.customers.returning(store, day.index, dice));
                let Some(customer) = self.shop.customers.customer(store, number, &mut self.facts) else {
                    continue;
                };
                let at = match new {
                    Some(_) => customer.registered.soon(FIRST_ORDER_WITHIN, dice),
                    None => Day::moment(day.number, seller.hours_of(day.number), dice),
                };
                visits.push(Visit { at: self.shop.passed(at), store, customer });
            }
        }
        visits.sort_by_key(|visit| (visit.at, visit.store, visit.customer.number));
        visits
    }

    fn write(&mut self, day: &Day, visit: &Visit, same_second: u16, lines: &[Line], dice: &mut Dice) {
        let Some(store) = self.shop.stores.get(visit.store) else { return };
        // 12 bits order the keys of one second: 9 for the order, 3 for its lines
        let step = same_second % 512 * 8;
        let id = keys::by_time(visit.at, step, dice.bits());
        let status = status(self.shop, day, store.known.is_online, lines, dice);
        let total = lines.iter().map(|line| line.total).sum();
        let order = self.orders.row(6).uuid(id).uuid(visit.customer.id).uuid(store.known.id);
        order.moment(visit.at).cents(total).text(status);
        for (line, place) in lines.iter().zip(1..) {
            let Some(product) = self.shop.catalogue.products.get(line.product) else { continue };
            let line_id = keys::by_time(visit.at, step + place, dice.bits());
            let row = self
                .lines
                .row(if self.dated { 10 } else { 9 })
                .uuid(line_id)
                .uuid(id)
                .uuid(store.known.id)
                .uuid(product.id);
            row.integer(line.pieces).cents(line.unit_price).integer(line.discount_percent);
            row.cents(line.discount).cents(line.total);
            if self.dated {
                row.moment(visit.at);
            }
            self.sales.add(day, visit.store, line);
        }
    }
}

fn status(shop: &Shop, day: &Day, is_online: bool, lines: &[Line], dice: &mut Dice) -> &'static str {
    let days_left = shop.days_left(day);
    let pending = match (is_online, days_left) {
        (true, 0) => 850,
        (true, 1) => 450,
        (false, 0) => 50,
        _ => 0,
    };
    let rate = |line: &Line| {
        let kind = shop
            .catalogue
            .products
            .get(line.product)
            .and_then(|product| shop.catalogue.types.get(product.kind));
        let usual = kind.map_or(0, |kind| kind.return_per_mille);
        shop.stories.returns(line.product, days_left).unwrap_or(usual)
    };
    let returned = lines.iter().map(rate).max().unwrap_or(0);
    let (waits, comes_back) = (dice.per_mille(pending), dice.per_mille(returned));
    match (waits, comes_back && days_left >= DAYS_WITHOUT_RETURNS) {
        (true, _) => "pending",
        (false, true) => "returned",
        (false, false) => "completed",
    }
}
