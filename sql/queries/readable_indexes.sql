-- Indexes of every table that the caller may read, as far as all their columns may be read too.
--
-- Columns: table_schema text, table_name text, index_name text, is_unique bool, columns text[] (in their order;
-- an expression is NULL), definition text (columns and condition as SQL writes them, e.g. (store_id, order_date)).
SELECT
  n.nspname::text AS table_schema,
  c.relname::text AS table_name,
  i.relname::text AS index_name,
  x.indisunique AS is_unique,
  ARRAY(
    SELECT a.attname::text
    FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum > 0
    WHERE k.place <= x.indnkeyatts
    ORDER BY k.place) AS columns,
  pg_catalog.substring(pg_catalog.pg_get_indexdef(x.indexrelid), ' USING \w+ (.*)$') AS definition
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE x.indisvalid
  AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'zava')
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND (pg_catalog.has_table_privilege(c.oid, 'SELECT')
    OR (x.indexprs IS NULL AND x.indpred IS NULL AND NOT EXISTS (
      SELECT FROM pg_catalog.unnest(x.indkey::int2[]) AS k (attnum)
      WHERE NOT pg_catalog.has_column_privilege(c.oid, k.attnum, 'SELECT'))))
ORDER BY n.nspname, c.relname, i.relname
