-- What time it is in the shop, and what of its tables the statements about sales have to mind.
--
-- Columns: (one row) now timestamp (Pacific, as retail.orders.order_date), may_read_cost bool (what products cost),
-- dated_lines bool (lines carry the date of their order: both are partitioned by it).
SELECT
  (now() AT TIME ZONE 'America/Los_Angeles')::timestamp AS now,
  has_column_privilege('retail.products', 'cost', 'SELECT') AS may_read_cost,
  EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = 'retail.order_items'::regclass AND a.attname = 'order_date'
      AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')) AS dated_lines
