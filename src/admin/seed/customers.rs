//! Who buys: how many customers each store has when, and each one's key and registration day.
//!
//! Nothing is stored per customer. Customer N's facts are block N of a random stream, so the orders find a customer's
//! key again without a list of keys; memory stays the same for 50 customers and for 20 million.

use std::ops::Range;

use uuid::Uuid;

use super::calendar::{Day, Moment};
use super::demand::Demand;
use super::dice::{Dice, Purpose, Weighted};
use super::plan::SeedPlan;
use super::stores::Store;
use super::{calendar, keys};

/// Days before the first order in which the customers of the beginning registered.
const DAYS_BEFORE: i64 = 4 * 365;
/// Percent of a store's customers that it has at the beginning, when it was open for all of these days.
const FIRST_PERCENT: u64 = 35;
/// Of 1,000 orders, how many the best hundredth and the best tenth of customers place.
const BEST_HUNDREDTH: u64 = 120;
const BEST_TENTH: u64 = 380;

/// The customers of all stores.
#[derive(Debug)]
pub(super) struct Customers {
    stores: Vec<Clientele>,
}

/// The customers of one store, counted from 0 in the order in which they registered.
#[derive(Debug)]
struct Clientele {
    /// Customers of the stores before this one.
    offset: u64,
    /// Customers before the first day.
    first: u32,
    /// The days in which these registered, as numbers.
    before: Range<i64>,
    /// Number of the first day of the data.
    start: i64,
    /// Customers at the end of each day of the data.
    registered: Vec<u32>,
    /// Hours in which people come, from Monday.
    hours: Vec<Weighted>,
}

/// What is fixed about a customer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Customer {
    /// Counted from 1 over all stores.
    pub(super) number: u64,
    pub(super) id: Uuid,
    pub(super) registered: Moment,
}

impl Customers {
    /// Shares the plan's customers out to the stores by their orders, at least one to each open store.
    pub(super) fn new(plan: &SeedPlan, days: &[Day], stores: &[Store], demand: &Demand) -> Self {
        let all = plan.orders.max(1);
        let open = stores.iter().enumerate().filter(|(position, _)| demand.of(*position) > 0).count() as u64;
        let rest = plan.customers.saturating_sub(open);
        let (mut orders, mut offset) = (0, 0);
        let clientele = stores.iter().enumerate().map(|(position, store)| {
            let own = demand.of(position);
            let share = scaled(rest, orders + own, all) - scaled(rest, orders, all) + u64::from(own > 0);
            orders += own;
            offset += share;
            Clientele::new(offset - share, share, days, store, |day| demand.on(position, day))
        });
        Self { stores: clientele.collect() }
    }

    /// Numbers within the store of the customers that register on a day.
    pub(super) fn joining(&self, store: usize, day_index: usize) -> Range<u32> {
        self.stores
            .get(store)
            .map_or(0..0, |clientele| clientele.before(day_index)..clientele.after(day_index))
    }

    /// How many customers a store has in the end.
    pub(super) fn of(&self, store: usize) -> u32 {
        self.stores.get(store).map_or(0, |clientele| clientele.registered.last().copied().unwrap_or(0))
    }

    /// One of the customers that registered before a day. Few of them come often.
    pub(super) fn returning(&self, store: usize, day_index: usize, dice: &mut Dice) -> u32 {
        let known = u64::from(self.stores.get(store).map_or(0, |clientele| clientele.before(day_index)));
        let every = match dice.below(1_000) {
            draw if draw < BEST_HUNDREDTH => 100,
            draw if draw < BEST_HUNDREDTH + BEST_TENTH => 10,
            _ => 1,
        };
        u32::try_from(dice.below(known.div_ceil(every)) * every).unwrap_or(0)
    }

    /// The facts of a customer; leaves `facts`, a stream of [`Customers::stream`], where the name can be drawn.
    pub(super) fn customer(&self, store: usize, number: u32, facts: &mut Dice) -> Option<Customer> {
        self.stores.get(store).map(|clientele| clientele.customer(number, facts))
    }

    /// The stream with the facts of all customers.
    pub(super) fn stream(plan: &SeedPlan) -> Dice {
        Dice::new(plan.seed, Purpose::Customers, 0)
    }
}

impl Clientele {
    fn new(offset: u64, share: u64, days: &[Day], store: &Store, orders_on: impl Fn(usize) -> u32) -> Self {
        let start = days.first().map_or(0, |day| day.number);
        let until = start.max(store.known.opened + 1);
        let since = store.known.opened.max(until - DAYS_BEFORE);
        let open_days = u64::try_from(until - since).unwrap_or(0);
        let first = (share * FIRST_PERCENT * open_days / 100 / DAYS_BEFORE.unsigned_abs()).max(share.min(1));
        let orders: u64 = days.iter().map(|day| u64::from(orders_on(day.index))).sum();
        let mut so_far = 0;
        let registered = days.iter().map(|day| {
            so_far += u64::from(orders_on(day.index));
            u32::try_from(first + scaled(share - first, so_far, orders.max(1))).unwrap_or(u32::MAX)
        });
        Self {
            offset,
            first: u32::try_from(first).unwrap_or(u32::MAX),
            before: since..until,
            start,
            registered: registered.collect(),
            hours: store.hours.clone(),
        }
    }

    fn before(&self, day_index: usize) -> u32 {
        day_index.checked_sub(1).map_or(self.first, |yesterday| self.after(yesterday))
    }

    fn after(&self, day_index: usize) -> u32 {
        self.registered.get(day_index).copied().unwrap_or(0)
    }

    fn customer(&self, number: u32, facts: &mut Dice) -> Customer {
        let overall = self.offset + u64::from(number) + 1;
        facts.seek(overall);
        let day = self.day_of(number);
        let registered =
            Day::moment(day, self.hours.get(calendar::weekday(day)).unwrap_or(&Weighted::NOTHING), facts);
        let step = u16::try_from(overall % 4_096).unwrap_or(0);
        Customer { number: overall, id: keys::by_time(registered, step, facts.bits()), registered }
    }

    /// Number of the day on which a customer registered.
    fn day_of(&self, number: u32) -> i64 {
        if number < self.first {
            let days = self.before.end - self.before.start;
            return self.before.start + i64::from(number) * days / i64::from(self.first);
        }
        let index = self.registered.partition_point(|registered| *registered <= number);
        self.start + i64::try_from(index).unwrap_or(0)
    }
}

/// `value * part / whole`, rounded down.
fn scaled(value: u64, part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(value) * u128::from(part) / u128::from(whole)).unwrap_or(u64::MAX)
}
