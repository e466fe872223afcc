//! Reads a plan: which steps give rows, what they search and compare.

use super::condition::{Use, compared, uses};
use crate::database::{Index, Plan};

/// The index that finds rows by a column, given the columns that other conditions fix.
pub(super) fn served(indexes: &[&Index], column: &str, fixed: &[String]) -> Option<String> {
    let serves = |index: &&&Index| {
        let mut columns = index.columns.iter().map(|column| column.as_deref());
        let mut before = columns.by_ref().take_while(|found| *found != Some(column));
        before.all(|column| column.is_some_and(|column| fixed.iter().any(|fixed| fixed == column)))
            && index.columns.iter().any(|found| found.as_deref() == Some(column))
    };
    indexes.iter().find(serves).map(|index| index.definition.clone())
}

/// The columns of a table in a condition.
pub(super) fn own(condition: Option<&str>, alias: &str) -> Vec<Use> {
    condition.map(uses).unwrap_or_default().into_iter().filter(|column| column.alias == alias).collect()
}

/// The columns for which a scan searches its indexes.
pub(super) fn searched(plan: &Plan, alias: &str) -> Vec<Use> {
    let below = plan.steps.iter().filter(|step| step.kind.starts_with("Bitmap"));
    let mut all = own(plan.index_condition.as_deref(), alias);
    all.extend(below.flat_map(|step| searched(step, alias)));
    all
}

/// The steps that give a step its rows, not its side steps.
pub(super) fn rows_of(plan: &Plan) -> Vec<&Plan> {
    plan.steps.iter().filter(|step| !["InitPlan", "SubPlan"].contains(&step.role.as_str())).collect()
}

pub(super) fn scans(plan: &Plan) -> Vec<&Plan> {
    let own = plan.table.is_some().then_some(plan);
    own.into_iter().chain(plan.steps.iter().flat_map(scans)).collect()
}

/// Whether a condition in one step uses a column of another.
pub(super) fn refers(inner: &Plan, outer: &Plan) -> bool {
    let outer: Vec<&str> = scans(outer).into_iter().filter_map(|scan| scan.alias.as_deref()).collect();
    all_conditions(inner)
        .iter()
        .flat_map(|text| uses(text))
        .any(|column| outer.contains(&column.alias.as_str()))
}

/// Whether both sides are held against the same value: PostgreSQL leaves a join condition out that follows from that.
pub(super) fn share_a_value(left: &Plan, right: &Plan) -> bool {
    let values = |plan| all_conditions(plan).into_iter().flat_map(|text| compared(text)).collect::<Vec<_>>();
    let left = values(left);
    values(right).iter().any(|value| left.contains(value))
}

pub(super) fn has_filter(plan: &Plan) -> bool {
    let of_query = |text: &String| uses(text).iter().any(|column| !column.with_query);
    all_conditions(plan).into_iter().any(of_query)
}

pub(super) fn all_conditions(plan: &Plan) -> Vec<&String> {
    let own =
        [&plan.index_condition, &plan.filter, &plan.hash_condition, &plan.merge_condition, &plan.join_filter];
    own.into_iter().flatten().chain(plan.steps.iter().flat_map(all_conditions)).collect()
}

pub(super) fn hashed(plan: &Plan) -> String {
    all_conditions(plan).into_iter().map(String::as_str).collect::<Vec<_>>().join("\n")
}
