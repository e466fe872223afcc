-- How orders and their lines are stored.
--
-- Columns: (one row) partitioned bool, in_the_way text or NULL (triggers, which splitting the tables would lose).
SELECT
  (SELECT c.relkind = 'p' FROM pg_class AS c WHERE c.oid = 'retail.orders'::regclass) AS partitioned,
  (SELECT string_agg(format('%I on %s', t.tgname, t.tgrelid::regclass), ', ' ORDER BY t.tgname)
   FROM pg_trigger AS t
   WHERE t.tgrelid IN ('retail.orders'::regclass, 'retail.order_items'::regclass) AND NOT t.tgisinternal) AS in_the_way
