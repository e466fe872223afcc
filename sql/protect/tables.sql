-- What each table of a schema is to the stores, and by which column it can be pinned to them.
--
-- The column is the one that was named, else store_id, else the only one with a foreign key to the stores table.
-- Nothing is opened by guessing: a table without one is shared only when it is part of the catalogue or was named.
-- $1 text: schema.  $2, $3 text[]: tables and their columns, as named.  $4 text[]: tables named as shared.
-- Columns: name text, relation text (quoted), kind text (stores, store, shared, unclear or closed),
-- store_column text or NULL (quoted), named_column text or NULL, key_type text or NULL, fits bool (the column compares
-- with the key of stores), mine bool (whoever runs this owns the table), keep_for text or NULL (quoted role that would
-- lose rows by forced row security), also text or NULL (condition under which other stores' rows are hers too),
-- readable bool (to be granted; partitions are read through their table), secured bool (row security is on).
WITH rel AS (
  SELECT c.oid, c.relname::text AS name, format('%I.%I', $1::text, c.relname) AS relation, c.relowner, c.relrowsecurity,
    c.relforcerowsecurity, NOT c.relispartition AS readable
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p')
), type_group (type, name) AS (
  VALUES ('int2'::regtype, 'integer'), ('int4', 'integer'), ('int8', 'integer'), ('uuid', 'uuid'), ('text', 'text'),
    ('varchar', 'text'), ('bpchar', 'character')
), key AS (
  SELECT r.oid, a.attnum, a.attname::text AS column_name, format_type(a.atttypid, a.atttypmod) AS type, g.name AS type_group
  FROM rel AS r
  JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype = 'p' AND cardinality(k.conkey) = 1
  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = k.conkey[1]
  LEFT JOIN type_group AS g ON g.type = a.atttypid
  WHERE r.name = 'stores'
), referring AS (
  SELECT r.oid, array_agg(DISTINCT a.attname::text) AS columns
  FROM rel AS r
  JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype = 'f' AND cardinality(k.conkey) = 1
  JOIN key ON key.oid = k.confrelid AND k.confkey = ARRAY[key.attnum]
  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = k.conkey[1]
  GROUP BY r.oid
), pinned AS (
  SELECT r.*, named.column_name AS named_column, s.columns AS candidates, key.type AS key_type,
    key.type_group AS key_group, a.attname::text AS store_column, g.name AS column_group
  FROM rel AS r
  LEFT JOIN key ON true
  LEFT JOIN referring AS s ON s.oid = r.oid
  LEFT JOIN unnest($2::text[], $3::text[]) AS named (table_name, column_name) ON named.table_name = r.name
  LEFT JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = CASE
    WHEN r.name = 'stores' THEN key.column_name
    WHEN named.column_name IS NOT NULL THEN named.column_name
    WHEN EXISTS (SELECT FROM pg_attribute AS i WHERE i.attrelid = r.oid AND i.attname = 'store_id' AND NOT i.attisdropped)
      THEN 'store_id'
    WHEN cardinality(s.columns) = 1 THEN s.columns[1] END
  LEFT JOIN type_group AS g ON g.type = a.atttypid
)
SELECT
  p.name,
  p.relation,
  CASE WHEN p.name = 'stores' THEN 'stores'
    WHEN p.store_column IS NOT NULL THEN 'store'
    WHEN cardinality(p.candidates) > 1 THEN 'unclear'
    WHEN p.name = ANY ($4::text[] || ARRAY['categories', 'product_types', 'products', 'product_description_embeddings',
      'product_image_embeddings']) THEN 'shared'
    ELSE 'closed' END AS kind,
  quote_ident(p.store_column) AS store_column,
  p.named_column,
  p.key_type,
  coalesce(p.column_group = p.key_group, false) AS fits,
  pg_has_role(p.relowner, 'USAGE') AS mine,
  -- a table without row security stays open to whom it was open; its owner, to whom FORCE would close it, goes on too
  CASE WHEN NOT p.relrowsecurity THEN 'PUBLIC'
    WHEN NOT p.relforcerowsecurity AND NOT (o.rolsuper OR o.rolbypassrls) THEN quote_ident(o.rolname) END AS keep_for,
  -- a store that is only the customer's first choice: she may have ordered in others, which then know her too
  CASE WHEN p.name = 'customers' AND p.store_column <> 'store_id' THEN (
    SELECT format('EXISTS (SELECT FROM %s AS o WHERE o.%I = %s.%I)', orders.relation, f.attname, p.relation, t.attname)
    FROM pinned AS orders
    JOIN pg_constraint AS k ON k.conrelid = orders.oid AND k.confrelid = p.oid AND k.contype = 'f'
    JOIN pg_attribute AS f ON f.attrelid = orders.oid AND f.attnum = k.conkey[1]
    JOIN pg_attribute AS t ON t.attrelid = p.oid AND t.attnum = k.confkey[1]
    WHERE orders.name = 'orders' AND orders.store_column IS NOT NULL AND cardinality(k.conkey) = 1
    ORDER BY k.conname LIMIT 1) END AS also,
  p.readable,
  p.relrowsecurity AS secured
FROM pinned AS p
JOIN pg_roles AS o ON o.oid = p.relowner
ORDER BY p.name
