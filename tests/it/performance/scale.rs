//! What a review reads grows with the sales, not with their square.

use crate::partitioned::partition;
use crate::support::shop::Database;

const MOST_PER_ROW: u64 = 20;

/// Lines of one stretch are set against those of another by product. On partitioned tables PostgreSQL expects a single one,
/// whatever there are, so that it may compare each with each: of 100,000 products those are 160,000,000,000 pairs.
#[test]
fn lines_of_two_stretches_are_not_compared_each_with_each() {
    let statement = include_str!("../../../sql/queries/performance_lines.sql");
    let asked = statement
        .replace("$1", "NULL")
        .replace("$2", "'{2026-04-01,2026-01-01,2025-04-01,2025-01-01}'")
        .replace("$3", "'{2026-07-01,2026-04-01,2025-07-01,2025-04-01}'")
        .replace("$4", "5")
        .replace(
            "AND i.store_id = o.store_id",
            "AND i.store_id = o.store_id AND i.order_date = o.order_date",
        );
    let database = Database::copy();
    partition(&database);
    let plan = database.plan("ANALYZE, COSTS OFF, TIMING OFF", &asked);
    let removed = plan.lines().filter_map(|line| line.trim().strip_prefix("Rows Removed by Join Filter: "));
    let thrown_away: u64 = removed.map(|rows| rows.parse::<u64>().expect("a number")).sum();
    let sold = database.value(
        "SELECT count(*)::text FROM (SELECT DISTINCT i.product_id, date_trunc('quarter', o.order_date)
         FROM retail.orders AS o JOIN retail.order_items AS i USING (order_id)
         WHERE o.order_date >= '2025-01-01' AND o.order_date < '2026-07-01') AS q",
    );
    let sold: u64 = sold.parse().expect("a number");
    assert!(sold > 1_000, "products sold in a quarter: {sold}");
    assert!(thrown_away < MOST_PER_ROW * sold, "{thrown_away} pairs were compared for {sold}");
}
