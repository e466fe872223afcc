//! Draws the answer to a query: finds out what its columns are, which chart suits, and what to say about it.

mod column;
mod kind;
mod pivot;
mod refusal;
mod roles;
mod shape;
mod words;

use serde::Serialize;
use tokio::sync::Semaphore;

pub use self::kind::Kind;
use self::roles::Roles;
use super::sales_query::{self, Rows};
pub use crate::charts::Theme;
use crate::charts::{self, Chart};
use crate::database::{Cap, Database};
use crate::error::ToolError;

/// Most rows that are drawn.
const MOST_ROWS: u32 = 10_000;
/// Most bytes of them.
const MOST_BYTES: u32 = 2 << 20;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;

/// Pictures are drawn one after the other: each takes 5 MB for some milliseconds, and the process keeps what it once had.
static TURN: Semaphore = Semaphore::const_new(1);

/// How an answer should be drawn; what is `None` or empty is found out.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The kind of chart.
    pub kind: Option<Kind>,
    /// Column along the horizontal axis.
    pub x: Option<String>,
    /// Columns of numbers.
    pub y: Vec<String>,
    /// Column whose values become lines, colours or rows.
    pub series: Option<String>,
    /// First line of the picture.
    pub title: Option<String>,
    /// Colours.
    pub theme: Theme,
}

/// A picture, and the data beside it.
#[derive(Debug, Serialize)]
pub struct Drawn {
    /// The rows, as a query's answer holds them; fewer than drawn when they are long.
    #[serde(flatten)]
    pub rows: Rows,
    /// What is drawn.
    pub chart: Shown,
    /// The picture.
    #[serde(skip)]
    pub png: Vec<u8>,
}

/// What a chart shows, by column.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// Its kind.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Column along the horizontal axis.
    pub x: String,
    /// Columns of numbers.
    pub y: Vec<String>,
    /// Column whose values are told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
}

/// Runs one SELECT and draws its answer; `at` hears what is being done.
///
/// # Errors
///
/// [`ToolError`] with what was wrong in the SQL, or why its answer is no chart.
pub async fn run(
    database: &Database,
    sql: &str,
    ask: Ask,
    at: impl Fn(&'static str),
) -> Result<Drawn, ToolError> {
    at("running the query");
    let rows = sales_query::within(database, sql, Cap { rows: MOST_ROWS, bytes: MOST_BYTES }).await?;
    at("drawing the chart");
    let most_bytes = database.limits().max_bytes as usize;
    let turn = TURN.acquire().await;
    // Drawing takes milliseconds, in which other calls go on.
    let drawing = tokio::task::spawn_blocking(move || {
        let _turn = turn; // kept when the call is given up meanwhile
        draw(rows, &ask, most_bytes)
    });
    drawing.await.map_err(|error| ToolError::internal("draw the chart", &error))?
}

pub(super) fn draw(rows: Rows, ask: &Ask, most_bytes: usize) -> Result<Drawn, ToolError> {
    if rows.r.is_empty() {
        return Err(refusal::nothing());
    }
    let columns = column::columns(&rows);
    let roles = Roles::of(ask, &columns)?;
    let kind = ask.kind.unwrap_or_else(|| Kind::fitting(&roles));
    let (plot, mut notes) = shape::plot(kind, &roles)?;
    if rows.truncated {
        notes.push(format!("Only the first {} rows are drawn; aggregate in the query.", rows.n));
    }
    let shown = shown(kind, ask, &roles);
    let chart = Chart {
        title: shown.title.clone(),
        subtitle: shape::subtitle(kind, &roles),
        note: notes.join(" "),
        theme: ask.theme,
        unit: roles.y.first().map_or_else(Default::default, |y| words::unit(&y.name)),
        plot,
    };
    let png = charts::draw(&chart).map_err(|error| ToolError::internal("draw the chart", &error))?;
    Ok(Drawn { rows: beside(rows, notes, most_bytes), chart: shown, png })
}

fn shown(kind: Kind, ask: &Ask, roles: &Roles<'_>) -> Shown {
    let title = ask.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let title = title.map_or_else(|| shape::title(kind, roles), ToOwned::to_owned);
    Shown {
        kind,
        title: title.chars().take(LONGEST_TITLE).collect(),
        x: roles.x.name.clone(),
        y: roles.y.iter().map(|y| y.name.clone()).collect(),
        series: roles.series.map(|series| series.name.clone()),
    }
}

/// The rows as far as they fit beside a picture.
fn beside(mut rows: Rows, mut notes: Vec<String>, most_bytes: usize) -> Rows {
    let all = rows.r.len();
    let mut bytes = 0;
    let fit = rows.r.iter().take_while(|row| {
        bytes += row.iter().map(|value| value.to_string().len() + 1).sum::<usize>();
        bytes <= most_bytes
    });
    let fit = fit.count();
    if fit < all {
        rows.r.truncate(fit);
        rows.truncated = true;
        notes.push(format!("The picture shows all {all} rows, this text the first {fit}."));
    }
    rows.n = rows.r.len();
    rows.msg = (!notes.is_empty()).then(|| notes.join(" "));
    rows
}
