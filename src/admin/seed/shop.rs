//! The shop as numbers: what is bought where on which day, at which price.

use super::calendar::{self, DAY_SECONDS, Day, Moment};
use super::campaigns::{self, Campaign};
use super::catalogue::{Catalogue, ProductType};
use super::customers::Customers;
use super::demand::Demand;
use super::dice::{Dice, Purpose, Weighted};
use super::money::{self, Cents};
use super::plan::SeedPlan;
use super::seasons::{self, Year};
use super::stores::{self, KnownStore, Store};
use super::stories::Stories;

/// How much prices rise in a year.
const PRICE_RISE_PER_MILLE: i64 = 30;

/// Everything the rows are made from. Nothing in it changes while they are made.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) plan: SeedPlan,
    pub(super) days: Vec<Day>,
    pub(super) catalogue: Catalogue,
    pub(super) stores: Vec<Store>,
    pub(super) stories: Stories,
    pub(super) demand: Demand,
    pub(super) customers: Customers,
    market: Market,
}

/// What customers want: everything but how many of them come.
#[derive(Debug)]
pub(super) struct Market {
    campaigns: Vec<Campaign>,
    /// By store, then kind of product.
    seasons: Vec<Vec<Year>>,
    /// By store, then kind of product: its products.
    tastes: Vec<Vec<Weighted>>,
}

/// What sells in one store on one day.
#[derive(Debug)]
pub(super) struct Mix {
    /// Kinds of product.
    pub(super) types: Weighted,
    /// Discount of a campaign by kind of product, 0 without one.
    pub(super) discounts: Vec<i64>,
}

impl Shop {
    /// Works out the whole shop for a plan and the stores that the database has.
    pub(super) fn new(plan: &SeedPlan, known: &[KnownStore]) -> anyhow::Result<Self> {
        let days = calendar::days(plan.first_day()?, plan.until);
        let catalogue = Catalogue::read()?;
        let stores = stores::read(known, plan.years)?;
        let market = Market::new(plan.seed, &catalogue, &stores)?;
        let demand =
            Demand::new(plan, &days, &stores, |day, store| market.mix(&catalogue, day, store).types.total())?;
        let customers = Customers::new(plan, &days, &stores, &demand);
        let told = Stories::read(&catalogue, &stores)?;
        Ok(Self { plan: plan.clone(), days, catalogue, stores, stories: told, demand, customers, market })
    }

    /// What sells in a store on a day.
    pub(super) fn mix(&self, day: &Day, store: (usize, &Store)) -> Mix {
        self.market.mix(&self.catalogue, day, store)
    }

    /// A product of a kind, as customers of a store choose.
    pub(super) fn product(&self, store: usize, kind: usize, dice: &mut Dice) -> usize {
        let taste = self.market.tastes.get(store).and_then(|shelves| shelves.get(kind));
        let first = self.catalogue.types.get(kind).map_or(0, |kind| kind.products.start);
        first + taste.map_or(0, |shelf| shelf.pick(dice))
    }

    /// What one piece cost on a day: today's list price at the price level of that year.
    pub(super) fn price(&self, base_price: Cents, day: &Day) -> Cents {
        let level = money::price_level(day.year, self.plan.until.year(), PRICE_RISE_PER_MILLE);
        money::scaled(base_price, level)
    }

    /// The same moment, or on a last day that is not over the same place in the part of it that is.
    pub(super) fn passed(&self, moment: Moment) -> Moment {
        let last = self.days.last().map_or(0, |day| day.number * DAY_SECONDS);
        let into = moment.0 - last;
        if into < 0 { moment } else { Moment(last + into * self.plan.last_day_seconds / DAY_SECONDS) }
    }

    /// How many days of the data are left after a day.
    pub(super) fn days_left(&self, day: &Day) -> usize {
        self.days.len().saturating_sub(day.index + 1)
    }
}

impl Market {
    fn new(seed: u64, catalogue: &Catalogue, stores: &[Store]) -> anyhow::Result<Self> {
        let seasons = stores.iter().map(|store| seasons::curves(catalogue, &store.known.region));
        let tastes =
            (0..stores.len()).map(|store| taste(&mut Dice::new(seed, Purpose::Taste, store), catalogue));
        Ok(Self {
            campaigns: campaigns::read(catalogue)?,
            seasons: seasons.collect::<anyhow::Result<_>>()?,
            tastes: tastes.collect(),
        })
    }

    fn mix(&self, catalogue: &Catalogue, day: &Day, (position, store): (usize, &Store)) -> Mix {
        let seasons = self.seasons.get(position).map(Vec::as_slice).unwrap_or_default();
        let season = |year: &Year| year.get(day.month).copied().unwrap_or(100);
        let plain = catalogue.types.iter().zip(seasons).map(|(kind, year)| kind.weight * season(year) * 100);
        let mut weights: Vec<u64> = plain.collect();
        let mut discounts = vec![0; weights.len()];
        for campaign in self.campaigns.iter().filter(|campaign| campaign.runs(day, &store.known.name)) {
            for kind in &campaign.types {
                if let (Some(weight), Some(discount)) = (weights.get_mut(*kind), discounts.get_mut(*kind)) {
                    *weight = *weight * campaign.uplift_percent / 100;
                    *discount = campaign.discount_percent.max(*discount);
                }
            }
        }
        Mix { types: Weighted::new(weights), discounts }
    }
}

/// One shelf for each kind of product. The first of a kind sells best, the others by one over their rank (Zipf), a
/// third more or less in each store.
fn taste(dice: &mut Dice, catalogue: &Catalogue) -> Vec<Weighted> {
    let mut shelf = |kind: &ProductType| {
        Weighted::new((1..=kind.products.len() as u64).map(|rank| dice.between(67, 133) * 1_000 / rank))
    };
    catalogue.types.iter().map(&mut shelf).collect()
}
