//! A plan in words, one line for each step that says something.

use std::collections::{BTreeSet, HashSet};

use super::condition::uses;
use crate::database::{Index, Plan};
use crate::services::teach::Table;
use crate::services::teach::tokens::tokens;

/// What is known beside the plan.
pub(super) struct Context<'a> {
    pub(super) tables: Vec<Table<'a>>,
    pub(super) indexes: &'a [Index],
    /// All names in the query.
    names: HashSet<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(sql: &str, tables: Vec<Table<'a>>, indexes: &'a [Index]) -> Self {
        let names = tokens(sql).into_iter().filter(super::Token::is_name).map(|token| token.text).collect();
        Self { tables, indexes, names }
    }

    /// The table that a step reads, when the caller may read it.
    pub(super) fn table(&self, plan: &Plan) -> Option<Table<'a>> {
        let path = [plan.schema.as_deref()?, plan.table.as_deref()?];
        self.tables.iter().copied().find(|table| table.is_called(&path))
    }

    /// Whether a side step comes from a row policy and not from the query: nothing in it is named there.
    pub(super) fn is_of_policy(&self, plan: &Plan) -> bool {
        let side = ["InitPlan", "SubPlan"].contains(&plan.role.as_str());
        side && !plan.subplan.as_deref().is_some_and(|name| name.starts_with("CTE ")) && !self.mentions(plan)
    }

    fn mentions(&self, plan: &Plan) -> bool {
        let named = [&plan.table, &plan.cte].into_iter().flatten().any(|name| self.names.contains(name));
        named || plan.steps.iter().any(|step| self.mentions(step))
    }

    /// How answers name a table that a step reads.
    fn called(table: Table<'_>, plan: &Plan) -> String {
        match plan.alias.as_deref() {
            Some(alias) if alias != table.name() => format!("{} ({alias})", table.qualified()),
            _ => table.qualified(),
        }
    }

    /// The columns of an expression, as far as its tables are named in the query: not those behind views.
    fn columns(&self, expression: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let all = uses(expression).into_iter().filter(|column| self.names.contains(&column.alias));
        let all = all.map(|column| {
            let inside = column.inside.map(|inside| format!(" in {inside}")).unwrap_or_default();
            format!("{}.{}{inside}", column.alias, column.column)
        });
        all.filter(|text| seen.insert(text.clone())).collect()
    }

    /// The columns of a condition behind a word; nothing when it has none.
    fn on(&self, condition: Option<&String>, word: &str) -> String {
        let columns = condition.map(|condition| self.columns(condition)).unwrap_or_default();
        if columns.is_empty() { String::new() } else { format!("{word}{}", columns.join(", ")) }
    }

    fn keys(&self, keys: &[String]) -> String {
        let all: Vec<String> = keys
            .iter()
            .map(|key| {
                let columns = self.columns(key);
                if columns.is_empty() { "a computed value".to_owned() } else { columns.join(" and ") }
            })
            .collect();
        all.join(", ")
    }
}

/// The lines of a plan; what gives rows first is indented deepest.
pub(super) fn outline(plan: &Plan, context: &Context<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    walk(plan, context, 0, &mut lines);
    lines
}

fn walk(plan: &Plan, context: &Context<'_>, depth: usize, lines: &mut Vec<String>) {
    if context.is_of_policy(plan) {
        return;
    }
    let mut depth = depth;
    if let Some(words) = words(plan, context) {
        lines.push(format!("{}{}{words}", "  ".repeat(depth), role(plan)));
        depth += 1;
    }
    for step in plan.steps.iter().filter(|step| !step.kind.starts_with("Bitmap") || step.table.is_some()) {
        walk(step, context, depth, lines);
    }
}

fn role(plan: &Plan) -> &'static str {
    let with = plan.subplan.as_deref().is_some_and(|name| name.starts_with("CTE "));
    match plan.role.as_str() {
        "InitPlan" if with => "WITH query: ",
        "InitPlan" => "once: ",
        "SubPlan" => "sub-select: ",
        _ => "",
    }
}

/// What a step does; `None` for steps that only pass rows on.
fn words(plan: &Plan, context: &Context<'_>) -> Option<String> {
    let conditions = [&plan.hash_condition, &plan.merge_condition, &plan.join_filter];
    let joined = conditions.map(|condition| context.on(condition.as_ref(), " on ")).concat();
    Some(match plan.kind.as_str() {
        _ if plan.table.is_some() => read(plan, context),
        "Hash Join" => format!("join by a hash table{joined}"),
        "Merge Join" => format!("join in order{joined}"),
        "Nested Loop" => format!("for each row of the first, look into the second{joined}"),
        "Sort" | "Incremental Sort" => format!("sort by {}", context.keys(&plan.sort_keys)),
        "Aggregate" | "Group" if plan.group_keys.is_empty() => "aggregate".to_owned(),
        "Aggregate" | "Group" => format!("group by {}", context.keys(&plan.group_keys)),
        "WindowAgg" => "compute window functions".to_owned(),
        "Unique" => "remove duplicates".to_owned(),
        "Append" | "Merge Append" => "put together".to_owned(),
        "CTE Scan" => format!("read WITH query {}", plan.cte.as_deref().unwrap_or_default()),
        "Function Scan" => format!("rows of {}", plan.function.as_deref().unwrap_or("a function")),
        "Values Scan" => "rows written in the query".to_owned(),
        "Limit" | "Result" | "Materialize" | "Memoize" | "Hash" | "Gather" | "Gather Merge"
        | "Subquery Scan" | "ProjectSet" | "LockRows" | "BitmapAnd" | "BitmapOr" => return None,
        other => other.to_lowercase(),
    })
}

/// How a table is read.
fn read(plan: &Plan, context: &Context<'_>) -> String {
    let Some(table) = context.table(plan) else { return "read a table behind a view".to_owned() };
    let called = Context::called(table, plan);
    let filtered = context.on(plan.filter.as_ref(), ", filtered by ");
    match on_index(plan, context).as_slice() {
        [] => format!("read all of {called}{filtered}"),
        indexes => format!("read {called} by index {}{filtered}", indexes.join(" and ")),
    }
}

/// For each index of a scan, its name and the columns it is searched for.
fn on_index(plan: &Plan, context: &Context<'_>) -> Vec<String> {
    let own = plan.index.iter().map(|index| {
        let searched = context.on(plan.index_condition.as_ref(), " for ");
        format!("{index}{searched}")
    });
    let below = plan.steps.iter().filter(|step| step.kind.starts_with("Bitmap"));
    own.chain(below.flat_map(|step| on_index(step, context))).collect()
}
