//! The sample shop: fills the retail tables with rows in which a report finds something true.
//!
//! Everything happens in one transaction, so a failure or a kill leaves the database as it was. Everything is drawn from
//! seeded generators with integer arithmetic, so the same plan gives the same bytes on any machine. What the shop is
//! like (stores, seasons, campaigns, stories) stands in `sql/seed/*.csv`.
//!
//! The order of reading: `plan` says what to make, `shop` turns the parameters into weights, `demand` says how many
//! orders each store has on each day, `customers` and `orders` make the rows, `load` streams them into PostgreSQL.

mod baskets;
mod calendar;
mod campaigns;
mod catalogue;
mod customers;
mod database;
mod demand;
mod dice;
mod inventory;
mod keys;
mod load;
mod money;
mod orders;
mod parameters;
mod people;
mod plan;
mod rows;
mod seasons;
mod shop;
mod stores;
mod stories;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{partition, transaction};
use crate::database::Owner;

pub(crate) use self::database::AlreadySeeded;
pub(crate) use self::plan::SeedPlan;
use self::shop::Shop;

/// How far the seeding is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// What is being written now.
    pub(crate) doing: &'static str,
    /// Orders written so far.
    pub(crate) orders: u64,
}

/// What was written.
#[derive(Clone, Debug)]
pub(crate) struct Seeded {
    /// Rows written, by table, in the order of writing.
    pub(crate) rows: Vec<(&'static str, u64)>,
    /// From the first statement to the commit.
    pub(crate) took: Duration,
}

/// Fills the shop in one transaction; calls `progress` after every step and every batch of orders.
///
/// # Errors
///
/// When the shop has rows already and the plan does not replace them, or when PostgreSQL refuses something. The
/// database is then as it was before.
pub(crate) async fn seed(
    owner: &Owner,
    plan: &SeedPlan,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<Seeded> {
    let started = Instant::now();
    let rows = transaction::whole(owner, fill(owner, plan, progress)).await?;
    Ok(Seeded { rows, took: started.elapsed() })
}

async fn fill(
    owner: &Owner,
    plan: &SeedPlan,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<Vec<(&'static str, u64)>> {
    let access = database::open(owner).await?;
    database::make_room(owner, plan.replace).await?;
    let shop = Arc::new(Shop::new(plan, &database::stores(owner).await?)?);
    let by_month = partition::is_partitioned(owner).await?;
    if by_month {
        partition::add_months(owner, plan.first_day()?, plan.until).await?;
    }
    let aside = database::lay_aside(owner).await?;
    let rows = load::everything(owner, &shop, by_month, progress).await?;
    progress(Progress { doing: "indexes", orders: plan.orders });
    database::put_back(owner, &aside).await?;
    progress(Progress { doing: "statistics", orders: plan.orders });
    database::close(owner, access).await?;
    Ok(rows)
}
