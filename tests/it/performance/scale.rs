//! Where a statement has one way for little and another for much, both say the same.

use crate::support::shop::shared;

/// The customers of the shop of the tests are few; those of a large shop are counted another way.
#[test]
fn first_orders_are_the_same_looked_up_and_read_in_one_go() {
    let statement = include_str!("../../../sql/queries/performance_totals.sql");
    let from = "'{2026-04-01,2026-01-01,2025-04-01,2024-01-01}'";
    let until = "'{2026-07-01,2026-04-01,2025-07-01,2024-04-01}'";
    let told = |few: &str, store: &str| {
        let chosen = statement.replace("count(*) <= 50000", few);
        assert_ne!(chosen, statement);
        let asked = chosen.replace("$1", store).replace("$2", from).replace("$3", until);
        shared().value(&format!("SELECT string_agg(t::text, ' ' ORDER BY t.span) FROM ({asked}) AS t"))
    };
    for store in ["NULL", "'Zava Retail Seattle'"] {
        let looked_up = told("count(*) >= 0", store);
        let new = looked_up.split(' ').filter(|row| !row.ends_with(",0)")).count();
        assert!(new >= 2, "stretches with new customers: {looked_up}");
        assert_eq!(looked_up, told("count(*) < 0", store), "{store}");
    }
}
