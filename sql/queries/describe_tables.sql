-- Every table and view that the caller may read, one row per column, in their order.
--
-- Reads the system catalogue directly, because information_schema shows foreign keys to the owner only.
-- Columns: table_schema text, table_name text, table_comment text or NULL, column_name text, column_type text,
-- not_null bool, primary_key bool, refers_to text or NULL (schema.table.column of the shortest foreign key),
-- allowed text[] or NULL (values of an enum or of a CHECK ... IN), column_comment text or NULL.
WITH readable AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'zava', 'zava_search')
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
)
SELECT
  t.nspname::text AS table_schema,
  t.relname::text AS table_name,
  pg_catalog.obj_description(t.oid, 'pg_class') AS table_comment,
  a.attname::text AS column_name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS column_type,
  a.attnotnull AS not_null,
  EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid = t.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)) AS primary_key,
  (SELECT fn.nspname || '.' || f.relname || '.' || fa.attname
   FROM pg_catalog.pg_constraint AS k
   JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
   JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.relnamespace
   JOIN pg_catalog.pg_attribute AS fa
     ON fa.attrelid = f.oid AND fa.attnum = k.confkey[pg_catalog.array_position(k.conkey, a.attnum)]
   WHERE k.conrelid = t.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)
   ORDER BY pg_catalog.cardinality(k.conkey), k.conname
   LIMIT 1) AS refers_to,
  coalesce(
    (SELECT pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
     FROM pg_catalog.pg_enum AS e
     WHERE e.enumtypid = a.atttypid),
    (SELECT pg_catalog.array_agg(v.found[1] ORDER BY v.place)
     FROM pg_catalog.pg_constraint AS k
     CROSS JOIN LATERAL pg_catalog.regexp_matches(
       pg_catalog.pg_get_constraintdef(k.oid), '''([^'']*)''::', 'g') WITH ORDINALITY AS v (found, place)
     WHERE k.conrelid = t.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
       AND pg_catalog.pg_get_constraintdef(k.oid) LIKE '%= ANY (ARRAY[%')) AS allowed,
  pg_catalog.col_description(t.oid, a.attnum) AS column_comment
FROM readable AS t
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE pg_catalog.has_column_privilege(t.oid, a.attnum, 'SELECT')
ORDER BY t.nspname, t.relname, a.attnum
