//! Says how PostgreSQL would run a query, and what to change in it.
//!
//! Out of three things only: the shape of the plan without its constants, the indexes of tables that the caller may read,
//! and how many rows the caller sees. What the planner expects is left out: it follows from the rows of everybody.

mod advice;
mod condition;
mod joins;
mod outline;
mod shape;

use self::advice::{Seen, advise};
use self::outline::{Context, outline};
use super::sales_query::{DEFAULT_ROWS, refuse_unusable};
use super::teach::tokens::Token;
use super::teach::{Table, teach};
use crate::database::{Cap, Database, DatabaseError, Look, MOST_ROWS, Plan, Sample};
use crate::error::ToolError;

/// Most lines of a plan.
const MOST_LINES: usize = 60;
/// Most tables whose rows are counted.
const MOST_COUNTED: usize = 12;

/// Explains one SELECT. Runs nothing of it.
///
/// # Errors
///
/// [`ToolError`] with what is wrong in the SQL, or why the database could not answer.
pub async fn run(database: &Database, sql: &str) -> Result<String, ToolError> {
    refuse_unusable(sql)?;
    let plan = match database
        .explain_query(sql, Cap { rows: DEFAULT_ROWS, bytes: database.limits().max_bytes })
        .await
    {
        Ok(plan) => plan,
        Err(error) => return Err(teach(database, sql, error).await),
    };
    let columns = database.readable_columns().await?;
    let indexes = database.readable_indexes().await?;
    let context = Context::new(sql, Table::all(&columns), &indexes);
    let seen = count(database, &plan, &context).await?;
    Ok(text(&plan, &context, &seen))
}

/// Counts the rows that the caller sees of each table in a plan.
async fn count(database: &Database, plan: &Plan, context: &Context<'_>) -> Result<Seen, DatabaseError> {
    let mut found = Vec::new();
    tables(plan, context, &mut found);
    found.truncate(MOST_COUNTED);
    let looks: Vec<Look> =
        found.iter().filter_map(|table| Some(Look::rows(table.columns.first()?))).collect();
    let samples = database.look(&looks).await?;
    let counted = found.iter().map(|table| table.qualified()).zip(samples);
    Ok(counted.filter_map(|(name, sample)| Some((name, sample?))).collect())
}

fn tables<'a>(plan: &Plan, context: &Context<'a>, found: &mut Vec<Table<'a>>) {
    if context.is_of_policy(plan) {
        return;
    }
    if let Some(table) = context.table(plan)
        && !found.iter().any(|known| known.qualified() == table.qualified())
    {
        found.push(table);
    }
    plan.steps.iter().for_each(|step| tables(step, context, found));
}

fn text(plan: &Plan, context: &Context<'_>, seen: &Seen) -> String {
    let mut lines = vec!["How PostgreSQL would run it; what gives rows first stands deepest:".to_owned()];
    let steps = outline(plan, context);
    if steps.is_empty() {
        lines.push("  compute the row; no table is read".to_owned());
    }
    let more = steps.len().saturating_sub(MOST_LINES);
    lines.extend(steps.into_iter().take(MOST_LINES).map(|step| format!("  {step}")));
    if more > 0 {
        lines.push(format!("  ... and {more} more steps"));
    }
    if !seen.is_empty() {
        let counts: Vec<String> =
            seen.iter().map(|(table, sample)| format!("{table} {}", shown(sample))).collect();
        lines.push(format!("Rows that you see: {}", counts.join(", ")));
    }
    lines.push("What to change:".to_owned());
    let advice = advise(plan, context, seen);
    if advice.is_empty() {
        lines.push(
            "- nothing that the plan shows; fewer rows or columns are the only way to less work".to_owned(),
        );
    }
    lines.extend(advice.into_iter().map(|text| format!("- {text}")));
    lines.join("\n")
}

/// `937`, or `10,000 or more`.
fn shown(sample: &Sample) -> String {
    if sample.more { format!("{},000 or more", MOST_ROWS / 1_000) } else { sample.rows.to_string() }
}
