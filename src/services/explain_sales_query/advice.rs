//! What to change in a query, from the shape of its plan and the rows its author sees.

use std::collections::BTreeMap;

use super::condition::{Use, uses};
use super::outline::Context;
use super::shape::{hashed, own, rows_of, searched, served};
use crate::database::{Index, Plan, Sample};
use crate::services::teach::Table;

/// With fewer rows nothing is slow.
pub(super) const FEW: i64 = 500;
/// From here on looking at each row, or looking something up for each, adds up.
pub(super) const MANY: i64 = 5_000;
/// Most pieces of advice.
const MOST: usize = 8;

/// How many rows of each table the caller sees; tables that took too long to count are absent.
pub(super) type Seen = BTreeMap<String, Sample>;

/// What to change, most important first.
pub(super) fn advise(plan: &Plan, context: &Context<'_>, seen: &Seen) -> Vec<String> {
    let mut adviser = Adviser { context, seen, said: Vec::new(), hashed: hashed(plan) };
    adviser.walk(plan);
    adviser.sort(plan);
    adviser.said.sort_by_key(|(rank, _)| *rank);
    let mut said: Vec<String> = adviser.said.into_iter().map(|(_, text)| text).collect();
    said.dedup();
    said.truncate(MOST);
    said
}

pub(super) struct Adviser<'a, 'c> {
    pub(super) context: &'c Context<'a>,
    seen: &'c Seen,
    /// Rank, the lower the more it matters, and text.
    said: Vec<(u8, String)>,
    /// All conditions, to tell sub-selects that run once.
    pub(super) hashed: String,
}

impl<'a> Adviser<'a, '_> {
    fn walk(&mut self, plan: &Plan) {
        if self.context.is_of_policy(plan) {
            return;
        }
        self.scan(plan);
        self.nested_loop(plan);
        self.sub_select(plan);
        for step in &plan.steps {
            self.walk(step);
        }
    }

    pub(super) fn say(&mut self, rank: u8, text: String) {
        self.said.push((rank, text));
    }

    /// The rows one sees of the table that a step reads: `937`, `10,000 or more`, or nothing.
    fn rows(&self, table: Table<'_>) -> Option<&Sample> {
        self.seen.get(&table.qualified())
    }

    /// Whether one sees at least so many rows of it; what was not counted in time has many.
    pub(super) fn has(&self, least: i64, table: Table<'_>) -> bool {
        self.rows(table).is_none_or(|sample| sample.rows >= least)
    }

    fn scan(&mut self, plan: &Plan) {
        let Some(table) = self.context.table(plan) else { return };
        if !self.has(FEW, table) {
            return;
        }
        let alias = plan.alias.as_deref().unwrap_or(table.name());
        let filter: Vec<Use> = own(plan.filter.as_deref(), alias);
        let mut fixed: Vec<String> = searched(plan, alias).into_iter().map(|column| column.column).collect();
        fixed.extend(
            filter.iter().filter(|column| column.inside.is_none()).map(|column| column.column.clone()),
        );
        let narrowed = searched(plan, alias).iter().any(|column| !column.with_query);
        for column in filter.iter().filter(|column| !column.with_query) {
            let serving = served(&self.indexes(table), &column.column, &fixed);
            self.filtered(table, column, serving.as_deref(), narrowed);
        }
        if !narrowed && filter.iter().all(|column| column.with_query) {
            self.unlimited(table, alias);
        }
    }

    fn indexes(&self, table: Table<'_>) -> Vec<&'a Index> {
        let of = |index: &&Index| table.is_called(&[&index.schema, &index.table]);
        self.context.indexes.iter().filter(of).collect()
    }

    /// A condition that each row is held against. `narrowed`: an index found those rows by another condition.
    fn filtered(&mut self, table: Table<'_>, column: &Use, index: Option<&str>, narrowed: bool) {
        let name = format!("{}.{}", column.alias, column.column);
        match (&column.inside, index) {
            (Some(inside), Some(index)) => self.say(
                1,
                format!(
                    "{inside} around {name} hides the index {index}: compare the bare column, {}",
                    range(table, column, &name)
                ),
            ),
            _ if column.pattern => self.say(
                3,
                format!(
                    "a pattern on {name} is tried on every row, no index serves it under row security: add a condition \
                     on another column, or find products with semantic_search_products and use their sku"
                ),
            ),
            (None, Some(index)) if column.with_day && is_timestamp(table, column) => self.say(
                1,
                format!(
                    "{name} is compared with another type, which the index {index} cannot serve under row security: \
                     compare it with a timestamp, {}",
                    range(table, column, &name)
                ),
            ),
            (inside, None) if !narrowed && self.has(MANY, table) && !has_few_values(table, column) => {
                let what = inside.as_ref().map_or(name.clone(), |inside| format!("{inside} of {name}"));
                self.say(
                    2,
                    format!(
                        "no index helps to find rows by {what}: every row that you see of {} ({}) is looked at. {}",
                        table.qualified(),
                        self.count(table),
                        self.indexed(table)
                    ),
                );
            }
            _ => {}
        }
    }

    fn unlimited(&mut self, table: Table<'_>, alias: &str) {
        let moment =
            table.columns.iter().find(|column| column.kind.starts_with("timestamp") || column.kind == "date");
        if self.rows(table).is_none_or(|sample| sample.more)
            && let Some(moment) = moment
        {
            self.say(
                6,
                format!(
                    "nothing limits {} ({} rows): if the question is about a period, say so with {alias}.{}",
                    table.qualified(),
                    self.count(table),
                    moment.name
                ),
            );
        }
    }

    /// `937`, `10,000 or more`, `not counted in time`.
    pub(super) fn count(&self, table: Table<'_>) -> String {
        self.rows(table).map_or_else(|| "not counted in time".to_owned(), super::shown)
    }

    /// Which columns of a table have an index.
    fn indexed(&self, table: Table<'_>) -> String {
        let mut all: Vec<&str> = self.indexes(table).iter().map(|index| index.definition.as_str()).collect();
        all.dedup();
        if all.is_empty() {
            return "It has no index at all.".to_owned();
        }
        format!(
            "It has indexes on {}; add a condition on one of those if the question allows",
            all.join(", ")
        )
    }

    /// The last step: an order that no index has.
    fn sort(&mut self, plan: &Plan) {
        let [step] = &*rows_of(plan) else { return };
        if plan.kind != "Sort" {
            // Only steps that pass rows on may come after it.
            return if ["Limit", "Subquery Scan", "Result"].contains(&plan.kind.as_str()) {
                self.sort(step);
            };
        }
        let Some(table) = self.context.table(step) else { return };
        let columns: Vec<Use> = plan.sort_keys.iter().take(1).flat_map(|key| uses(key)).collect();
        let [first] = columns.as_slice() else { return };
        let served = served(&self.indexes(table), &first.column, &[]).is_some();
        if first.inside.is_none() && !served && self.has(MANY, table) {
            self.say(
                5,
                format!(
                    "no index is in the order of {}.{}: all rows that are left of {} ({}) are sorted before the first \
                     one comes. Filter more, or sort what is aggregated",
                    first.alias,
                    first.column,
                    table.qualified(),
                    self.count(table)
                ),
            );
        }
    }
}

/// How to write a condition on the bare column.
fn range(table: Table<'_>, column: &Use, name: &str) -> String {
    let kind = table.column(&column.column).map_or("", |column| column.kind.as_str());
    let word = if kind == "date" { "DATE" } else { "TIMESTAMP" };
    if kind == "date" || is_timestamp(table, column) {
        return format!("{name} >= {word} '2026-05-01' AND {name} < {word} '2026-06-01'");
    }
    format!("{name} = or a range, with the function on the other side")
}

/// An index on such a column would find too much to help.
fn has_few_values(table: Table<'_>, column: &Use) -> bool {
    let column = table.column(&column.column);
    column.is_some_and(|column| column.allowed.is_some() || column.kind == "boolean")
}

fn is_timestamp(table: Table<'_>, column: &Use) -> bool {
    table.column(&column.column).is_some_and(|column| column.kind == "timestamp without time zone")
}
