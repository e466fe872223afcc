-- Indexes and references of the large tables: how to drop each, and how to make it again. Filling tables without them
-- and building them once at the end takes a third of the time. Keys stay: their rows come in order anyway.
WITH large AS (
  SELECT unnest(ARRAY['retail.customers', 'retail.orders', 'retail.order_items', 'retail.inventory'])::regclass AS id
)
SELECT
  1 AS step,
  format('DROP INDEX %s', i.indexrelid::regclass) AS drop_it,
  replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS make_it -- of partitions too
FROM pg_index AS i
WHERE i.indrelid IN (SELECT id FROM large)
  AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
UNION ALL
SELECT
  2,
  format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
FROM pg_constraint AS c
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid IN (SELECT id FROM large)
ORDER BY step, make_it
