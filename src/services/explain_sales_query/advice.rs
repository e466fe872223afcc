//! What to change in a query, from the shape of its plan and the rows its author sees.

use std::collections::BTreeMap;

use super::condition::{Use, compared, uses};
use super::outline::Context;
use crate::database::{Index, Plan, Sample};
use crate::services::teach::Table;

/// With fewer rows nothing is slow.
const FEW: i64 = 500;
/// From here on looking at each row, or looking something up for each, adds up.
const MANY: i64 = 5_000;
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

struct Adviser<'a, 'c> {
    context: &'c Context<'a>,
    seen: &'c Seen,
    /// Rank, the lower the more it matters, and text.
    said: Vec<(u8, String)>,
    /// All conditions, to tell sub-selects that run once.
    hashed: String,
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

    fn say(&mut self, rank: u8, text: String) {
        self.said.push((rank, text));
    }

    /// The rows one sees of the table that a step reads: `937`, `10,000 or more`, or nothing.
    fn rows(&self, table: Table<'_>) -> Option<&Sample> {
        self.seen.get(&table.qualified())
    }

    /// Whether one sees at least so many rows of it; what was not counted in time has many.
    fn has(&self, least: i64, table: Table<'_>) -> bool {
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
    fn count(&self, table: Table<'_>) -> String {
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

    fn nested_loop(&mut self, plan: &Plan) {
        let ("Nested Loop", [outer, inner]) = (plan.kind.as_str(), &*rows_of(plan)) else { return };
        let (Some(left), Some(right)) = (self.main(outer), self.main(inner)) else { return };
        let names = format!("{} with {}", left.qualified(), right.qualified());
        let pairs = format!("{} × {} rows", self.count(left), self.count(right));
        if refers(inner, outer) {
            if self.has(MANY, left) && !has_filter(outer) {
                self.say(
                    5,
                    format!(
                        "{} is looked into once for each row of {} ({}); PostgreSQL expects few of them. If there are \
                         many, aggregate {0} in a sub-select first and join that",
                        right.qualified(),
                        left.qualified(),
                        self.count(left)
                    ),
                );
            }
            return;
        }
        let few = !self.has(FEW, left) && !self.has(FEW, right);
        if few && plan.join_filter.is_some() || share_a_value(inner, outer) {
            return;
        }
        match plan.join_filter.as_deref().map(uses) {
            None => self.say(0, format!("no condition joins {names}: every row meets every row ({pairs}); add ON")),
            Some(columns) if columns.iter().any(|column| column.inside.is_some() || column.either) => self.say(
                0,
                format!(
                    "{names} is compared pair by pair ({pairs}): OR, a function or a cast in ON leaves no other way; \
                     join on bare columns with =, and use UNION ALL instead of OR"
                ),
            ),
            // How many rows a condition leaves is not known.
            Some(_) if plan.join_filter.as_deref().is_some_and(|on| on.contains(" = ")) && has_filter(outer) => {}
            Some(_) => self.say(
                4,
                format!(
                    "{names} is compared pair by pair ({pairs}): PostgreSQL expects few rows, or ON has no =. Join on \
                     bare columns with =, and reduce one side in WITH ... AS MATERIALIZED first"
                ),
            ),
        }
    }

    /// The table that gives a step its rows: its first scan.
    fn main(&self, plan: &Plan) -> Option<Table<'a>> {
        // An aggregate over everything gives one row.
        if plan.kind == "Aggregate" && plan.group_keys.is_empty() || plan.kind == "Limit" {
            return None;
        }
        self.context.table(plan).or_else(|| rows_of(plan).first().and_then(|step| self.main(step)))
    }

    /// The last step: an order that no index has.
    fn sort(&mut self, plan: &Plan) {
        let [step] = &*rows_of(plan) else { return };
        if plan.kind != "Sort" {
            // Only steps that pass rows on may come after it.
            return if ["Limit", "Subquery Scan", "Result"].contains(&plan.kind.as_str()) {
                self.sort(step)
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

    fn sub_select(&mut self, plan: &Plan) {
        let Some(name) = plan.subplan.as_deref().filter(|_| plan.role == "SubPlan") else { return };
        if self.hashed.contains(&format!("hashed {name}")) {
            return;
        }
        if let Some(table) = scans(plan).into_iter().find_map(|scan| self.context.table(scan)) {
            self.say(
                1,
                format!(
                    "the sub-select on {} runs once for each row: aggregate it once in FROM ( ... GROUP BY ... ) AS q \
                     and join q",
                    table.qualified()
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

/// The index that finds rows by a column, given the columns that other conditions fix.
fn served(indexes: &[&Index], column: &str, fixed: &[String]) -> Option<String> {
    let serves = |index: &&&Index| {
        let mut columns = index.columns.iter().map(|column| column.as_deref());
        let before = columns.by_ref().take_while(|found| *found != Some(column));
        before
            .map(|column| column.is_some_and(|column| fixed.iter().any(|fixed| fixed == column)))
            .all(|is| is)
            && index.columns.iter().any(|found| found.as_deref() == Some(column))
    };
    indexes.iter().find(serves).map(|index| index.definition.clone())
}

/// The columns of a table in a condition.
fn own(condition: Option<&str>, alias: &str) -> Vec<Use> {
    condition.map(uses).unwrap_or_default().into_iter().filter(|column| column.alias == alias).collect()
}

/// The columns for which a scan searches its indexes.
fn searched(plan: &Plan, alias: &str) -> Vec<Use> {
    let below = plan.steps.iter().filter(|step| step.kind.starts_with("Bitmap"));
    let mut all = own(plan.index_condition.as_deref(), alias);
    all.extend(below.flat_map(|step| searched(step, alias)));
    all
}

/// The steps that give a step its rows, not its side steps.
fn rows_of(plan: &Plan) -> Vec<&Plan> {
    plan.steps.iter().filter(|step| !["InitPlan", "SubPlan"].contains(&step.role.as_str())).collect()
}

fn scans(plan: &Plan) -> Vec<&Plan> {
    let own = plan.table.is_some().then_some(plan);
    own.into_iter().chain(plan.steps.iter().flat_map(scans)).collect()
}

/// Whether a condition in one step uses a column of another.
fn refers(inner: &Plan, outer: &Plan) -> bool {
    let outer: Vec<&str> = scans(outer).into_iter().filter_map(|scan| scan.alias.as_deref()).collect();
    all_conditions(inner)
        .iter()
        .flat_map(|text| uses(text))
        .any(|column| outer.contains(&column.alias.as_str()))
}

/// Whether both sides are held against the same value: PostgreSQL leaves a join condition out that follows from that.
fn share_a_value(left: &Plan, right: &Plan) -> bool {
    let values = |plan| all_conditions(plan).into_iter().flat_map(|text| compared(text)).collect::<Vec<_>>();
    let left = values(left);
    values(right).iter().any(|value| left.contains(value))
}

fn has_filter(plan: &Plan) -> bool {
    let of_query = |text: &String| uses(text).iter().any(|column| !column.with_query);
    all_conditions(plan).into_iter().any(of_query)
}

fn all_conditions(plan: &Plan) -> Vec<&String> {
    let own =
        [&plan.index_condition, &plan.filter, &plan.hash_condition, &plan.merge_condition, &plan.join_filter];
    own.into_iter().flatten().chain(plan.steps.iter().flat_map(all_conditions)).collect()
}

fn hashed(plan: &Plan) -> String {
    all_conditions(plan).into_iter().map(String::as_str).collect::<Vec<_>>().join("\n")
}
