-- Which table holds the stores, and how people call them.
--
-- It is the table that the mapping refers to; before there is a mapping, the table stores of the schema. The original's
-- database says store_name, ours name. Where neither is unique, a store is called by its key.
-- $1 text: schema.
-- Columns: relation text (quoted), key text (quoted column), name text (expression of type text).
WITH mapped AS (
  SELECT k.confrelid AS oid, k.confkey[1] AS attnum
  FROM pg_catalog.pg_constraint AS k
  WHERE k.conrelid = pg_catalog.to_regclass('zava.principal_store') AND k.contype = 'f'
    AND k.confrelid <> pg_catalog.to_regclass('zava.principal')
), here AS (
  SELECT oid, attnum FROM mapped
  UNION ALL
  SELECT k.conrelid, k.conkey[1]
  FROM pg_catalog.pg_constraint AS k
  WHERE k.conrelid = pg_catalog.to_regclass(pg_catalog.format('%I.stores', $1::text)) AND k.contype = 'p'
    AND pg_catalog.cardinality(k.conkey) = 1 AND NOT EXISTS (SELECT FROM mapped)
)
SELECT
  pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation,
  pg_catalog.quote_ident(a.attname) AS key,
  coalesce(
    (SELECT pg_catalog.quote_ident(s.attname) || '::text'
     FROM pg_catalog.pg_attribute AS s
     WHERE s.attrelid = c.oid AND s.attname IN ('name', 'store_name') AND NOT s.attisdropped
       AND EXISTS (
         SELECT FROM pg_catalog.pg_index AS i
         WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL AND i.indkey::text = s.attnum::text)
     ORDER BY s.attname LIMIT 1),
    pg_catalog.quote_ident(a.attname) || '::text') AS name
FROM here AS h
JOIN pg_catalog.pg_class AS c ON c.oid = h.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = h.attnum
