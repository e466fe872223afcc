-- What time it is in the shop, and whether the login may read what products cost.
--
-- Columns: (one row) now timestamp (Pacific, as retail.orders.order_date), may_read_cost bool.
SELECT
  (now() AT TIME ZONE 'America/Los_Angeles')::timestamp AS now,
  has_column_privilege('retail.products', 'cost', 'SELECT') AS may_read_cost
