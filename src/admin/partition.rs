//! Orders and their lines as tables partitioned by month: made so once, and given months as time goes on.

use anyhow::{Context as _, bail};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{print, transaction};
use crate::database::Owner;

const STATE: &str = include_str!("../../sql/partition/state.sql");
const OPEN: &str = include_str!("../../sql/partition/open.sql");
const SPLIT: &str = include_str!("../../sql/partition/split.sql");
const FILL: &str = include_str!("../../sql/partition/fill.sql");
const FINISH: &str = include_str!("../../sql/partition/finish.sql");
const KEEP: &str = include_str!("../../sql/partition/keep.sql");
const MONTHS: &str = include_str!("../../sql/partition/months.sql");
const SETTINGS: &str = include_str!("../../sql/partition/settings.sql");

/// Years of months that are made ahead.
const AHEAD: i32 = 2;
/// Years of months that are made for what is there; a single order dated 1900 must not make a thousand partitions.
const BACK: i32 = 20;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partitioned {
    /// The tables are partitioned now.
    Now,
    /// They were already; months that were missing came.
    Before {
        /// How many months came.
        months: i64,
    },
}

/// Whether orders are partitioned.
pub(crate) async fn is_partitioned(owner: &Owner) -> anyhow::Result<bool> {
    Ok(owner.query_one("look at how orders are stored", STATE, &[]).await?.try_get("partitioned")?)
}

/// Adds the months from one day to another that have no partition yet. Inside a transaction of the owner.
pub(crate) async fn add_months(owner: &Owner, first: Date, last: Date) -> anyhow::Result<()> {
    let script =
        format!("SET LOCAL zava.first_day = '{first}'; SET LOCAL zava.last_day = '{last}';\n{MONTHS}");
    Ok(owner.script("make partitions for months", &script).await?)
}

/// Partitions the tables, or adds months where they are partitioned; all of it or nothing.
pub(crate) async fn apply(owner: &Owner) -> anyhow::Result<Partitioned> {
    let done = transaction::whole(owner, partition(owner)).await?;
    owner.script("have partitions joined one by one", SETTINGS).await?;
    Ok(done)
}

async fn partition(owner: &Owner) -> anyhow::Result<Partitioned> {
    owner.script("act as zava_owner", "SET LOCAL ROLE zava_owner").await?;
    let state = owner.query_one("look at how orders are stored", STATE, &[]).await?;
    let today = jiff::Zoned::now().date();
    let last = today.checked_add(AHEAD.years())?;
    if state.try_get("partitioned")? {
        let before = partitions(owner).await?;
        add_months(owner, today, last).await?;
        return Ok(Partitioned::Before { months: partitions(owner).await? - before });
    }
    if let Some(triggers) = state.try_get::<_, Option<String>>("in_the_way")? {
        bail!(
            "DATABASE_ERROR (triggers_in_the_way): splitting the tables would lose the triggers {triggers}; drop them, run \
             this again, and make them again"
        );
    }
    split(owner, today, last).await?;
    Ok(Partitioned::Now)
}

/// Copies everything into partitioned tables and puts those in the place of the old ones.
async fn split(owner: &Owner, today: Date, last: Date) -> anyhow::Result<()> {
    owner.script("keep others out", OPEN).await?;
    let oldest = "SELECT min(order_date)::date::text FROM retail.orders";
    let oldest: Option<String> =
        owner.query_one("look for the oldest order", oldest, &[]).await?.try_get(0)?;
    let first = oldest.map_or(Ok(today), |day| day.parse()).context("the date of the oldest order")?;
    let first = today.checked_sub(BACK.years())?.max(first);
    let kept = owner.query("list what belongs to the tables", KEEP, &[]).await?;
    let kept: Vec<(i32, String)> = kept
        .iter()
        .map(|row| Ok((row.try_get("step")?, row.try_get("make_it")?)))
        .collect::<anyhow::Result<_>>()?;
    owner.script("make the partitioned tables", SPLIT).await?;
    add_months(owner, first, last).await?;
    make(owner, &kept, 1).await?;
    print::note("copying orders and lines into their months");
    owner.script("copy orders and lines", FILL).await?;
    print::note("building indexes and checking references");
    make(owner, &kept, 2).await?;
    Ok(owner.script("put row security back", FINISH).await?)
}

/// Makes what belongs to the tables again.
async fn make(owner: &Owner, kept: &[(i32, String)], step: i32) -> anyhow::Result<()> {
    for (_, statement) in kept.iter().filter(|(of, _)| *of == step) {
        owner.script("make what belongs to the tables again", statement).await?;
    }
    Ok(())
}

async fn partitions(owner: &Owner) -> anyhow::Result<i64> {
    let count = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'retail.orders'::regclass";
    Ok(owner.query_one("count the months", count, &[]).await?.try_get(0)?)
}
