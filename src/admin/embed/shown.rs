//! What `embed` shows: a bar while it works, a line when it is done.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::store::Counts;
use crate::embeddings::Space;

/// Time between two lines of progress when stderr is not a terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Progress as a person sees it: a bar on a terminal, else a line now and then.
pub(super) struct Shown {
    bar: ProgressBar,
    said: Instant,
}

impl Shown {
    pub(super) fn new(products: i64) -> Self {
        // indicatif draws nothing when stderr is not a terminal
        let bar = ProgressBar::new(u64::try_from(products).unwrap_or(0));
        let template = "embedding {wide_bar} {human_pos}/{human_len} products {per_sec} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, said: Instant::now() }
    }

    pub(super) fn more(&mut self, products: usize) {
        self.bar.inc(products as u64);
        if !std::io::stderr().is_terminal() && self.said.elapsed() >= BETWEEN_LINES {
            tracing::info!("embedded {} of {} products", self.done(), self.bar.length().unwrap_or(0));
            self.said = Instant::now();
        }
    }

    pub(super) fn done(&self) -> u64 {
        self.bar.position()
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// What a dry run says.
pub(super) fn would(counts: &Counts, space: &Space) -> String {
    let Counts { products, gone, .. } = counts;
    format!(
        "Would embed {} of {products} products with {}: {}; would remove {gone} vectors of products that are gone.{} \
         Nothing was changed.",
        counts.missing + counts.stale,
        named(space),
        super::left(counts),
        others(counts),
    )
}

/// What a run says at its end.
pub(super) fn summary(counts: &Counts, space: &Space, made: u64, gone: u64, took: Duration) -> String {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let rest = counts.products - counts.missing - counts.stale;
    format!(
        "Embedded {made} products with {} in {}.{} s ({}); {rest} were up to date; removed {gone} vectors of products \
         that are gone.{}",
        named(space),
        millis / 1_000,
        millis % 1_000 / 100,
        super::left(counts),
        others(counts),
    )
}

fn named(space: &Space) -> String {
    format!("{} {} ({} dimensions)", space.provider, space.model, space.dimensions)
}

fn others(counts: &Counts) -> String {
    if counts.others == 0 {
        String::new()
    } else {
        format!(" {} vectors of other models stay.", counts.others)
    }
}

/// What was done about the index.
pub(super) fn index(statement: &str) -> &'static str {
    if statement.starts_with("DROP") {
        "Dropped the index: comparing with every vector is as quick here."
    } else {
        "Made an index over the vectors."
    }
}
