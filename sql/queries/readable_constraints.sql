-- Keys, references and checks of every table that the caller may read, as far as all their columns may be read too.
--
-- Reads the system catalogue directly, because information_schema shows constraints to the owner only.
-- Columns: table_schema text, table_name text, kind text (p primary key, u unique, f foreign key, c check),
-- columns text[], target text or NULL (schema.table of a foreign key), target_columns text[] or NULL,
-- condition text or NULL (of a check). By table, then kind.
SELECT
  n.nspname::text AS table_schema,
  c.relname::text AS table_name,
  k.contype::text AS kind,
  ARRAY(
    SELECT a.attname::text
    FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
    ORDER BY u.place) AS columns,
  fn.nspname || '.' || f.relname AS target,
  CASE WHEN k.contype = 'f' THEN ARRAY(
    SELECT a.attname::text
    FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (attnum, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum
    ORDER BY u.place) END AS target_columns,
  pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS condition
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c')
  AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'zava')
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND NOT EXISTS (
    SELECT FROM pg_catalog.unnest(k.conkey) AS u (attnum)
    WHERE NOT pg_catalog.has_column_privilege(c.oid, u.attnum, 'SELECT'))
  AND NOT EXISTS (
    SELECT FROM pg_catalog.unnest(k.confkey) AS u (attnum)
    WHERE NOT pg_catalog.has_column_privilege(f.oid, u.attnum, 'SELECT'))
ORDER BY n.nspname, c.relname, pg_catalog.array_position('{p,u,f,c}'::"char"[], k.contype), k.conname
