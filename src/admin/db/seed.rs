//! `zava-mcp db seed`.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use crate::admin::owner::OwnerArgs;
use crate::admin::print;
use crate::admin::seed::{self, AlreadySeeded, Progress, SeedPlan, Seeded};

/// Time between two lines of progress when stderr is not a terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Options of `db seed`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Start of the random numbers; the same seed, sizes and last day give the same rows
    #[arg(long, env = "ZAVA_SEED", value_name = "N", default_value_t = 42)]
    seed: u64,

    /// Customers to make
    #[arg(long, env = "ZAVA_SEED_CUSTOMERS", value_name = "N", default_value_t = 50_000)]
    customers: u64,

    /// Orders to make; about 2.1 times as many lines follow
    #[arg(long, env = "ZAVA_SEED_ORDERS", value_name = "N", default_value_t = 200_000)]
    orders: u64,

    /// Last day of the data, as YYYY-MM-DD [default: today, as far as it has passed]
    #[arg(long, env = "ZAVA_SEED_UNTIL", value_name = "DATE")]
    until: Option<Date>,

    /// Full years of orders up to that day
    #[arg(long, env = "ZAVA_SEED_YEARS", value_name = "N", default_value_t = 6)]
    years: u64,

    /// Empty a shop that has rows and seed it again; stores and identities stay
    #[arg(long, env = "ZAVA_SEED_REPLACE")]
    replace: bool,

    /// Leave a shop that has rows as it is, without an error
    #[arg(long, env = "ZAVA_SEED_IF_EMPTY", conflicts_with = "replace")]
    if_empty: bool,

    /// Do not ask before `--replace`
    #[arg(long, env = "ZAVA_SEED_YES")]
    yes: bool,

    #[command(flatten)]
    owner: OwnerArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let plan = options.plan().checked()?;
    let question =
        "This empties the catalogue, customers, orders, stock and vectors of the shop and seeds it again.";
    if plan.replace && !options.yes && !print::confirmed(question) {
        bail!("VALIDATION_ERROR (not_confirmed): nothing was changed; answer yes, or give --yes");
    }
    let entrance = options.owner.connect().await?;
    let mut shown = Shown::new(plan.orders);
    let seeded = seed::seed(&entrance.owner, &plan, &mut |progress| shown.update(progress)).await;
    // also before an error, which would else stand behind the bar
    shown.bar.finish_and_clear();
    match seeded {
        Err(error) if options.if_empty && error.is::<AlreadySeeded>() => {
            print::line("the shop is filled already; nothing was changed");
        }
        seeded => print::line(summary(&seeded?)),
    }
    Ok(())
}

impl Options {
    fn plan(&self) -> SeedPlan {
        let now = jiff::Zoned::now().datetime();
        let passed = i64::from(now.hour()) * 3_600 + i64::from(now.minute()) * 60 + i64::from(now.second());
        SeedPlan {
            seed: self.seed,
            customers: self.customers,
            orders: self.orders,
            until: self.until.unwrap_or(now.date()),
            last_day_seconds: if self.until.is_some() { 86_400 } else { passed },
            years: self.years,
            replace: self.replace,
        }
    }
}

/// Progress as a person sees it: a bar on a terminal, else a line now and then.
struct Shown {
    bar: ProgressBar,
    orders: u64,
    said: Instant,
}

impl Shown {
    fn new(orders: u64) -> Self {
        // indicatif draws nothing when stderr is not a terminal
        let bar = ProgressBar::new(orders);
        if let Ok(style) =
            ProgressStyle::with_template("{msg:12} {wide_bar} {human_pos}/{human_len} orders {eta}")
        {
            bar.set_style(style);
        }
        Self { bar, orders, said: Instant::now() }
    }

    fn update(&mut self, progress: Progress) {
        self.bar.set_message(progress.doing);
        self.bar.set_position(progress.orders);
        if !std::io::stderr().is_terminal() && self.said.elapsed() >= BETWEEN_LINES {
            tracing::info!("seeding {}: {} of {} orders", progress.doing, progress.orders, self.orders);
            self.said = Instant::now();
        }
    }
}

fn summary(seeded: &Seeded) -> String {
    let tables: Vec<String> = seeded.rows.iter().map(|(table, rows)| format!("{rows} {table}")).collect();
    let rows: u64 = seeded.rows.iter().map(|(_, rows)| rows).sum();
    let millis = u64::try_from(seeded.took.as_millis()).unwrap_or(u64::MAX).max(1);
    format!(
        "Seeded {}: {rows} rows in {}.{} s, {} rows/s",
        tables.join(", "),
        millis / 1_000,
        millis % 1_000 / 100,
        rows.saturating_mul(1_000) / millis
    )
}
