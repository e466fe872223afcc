//! What to change in joins and in sub-selects that run for each row.

use super::advice::{Adviser, FEW, MANY};
use super::condition::uses;
use super::shape::{has_filter, refers, rows_of, scans, share_a_value};
use crate::database::Plan;
use crate::services::teach::Table;

impl<'a> Adviser<'a, '_> {
    pub(super) fn nested_loop(&mut self, plan: &Plan) {
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

    pub(super) fn sub_select(&mut self, plan: &Plan) {
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
