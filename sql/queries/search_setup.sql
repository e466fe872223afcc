-- What a product search finds in this database.
--
-- Columns: original bool (columns are named as in the original sample), vectors bool (a table of vectors with their spaces
-- is there), readable bool (and the caller may read it), original_vectors bool (the original sample's, readable),
-- cost bool (the caller may read cost and margin), words bool (those of the catalogue are stored, readable).
WITH column_of AS (
  SELECT n.nspname || '.' || c.relname AS relation, a.attname AS name,
    has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT') AS readable
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.nspname || '.' || c.relname
    IN ('retail.products', 'retail.product_description_embeddings', 'zava_search.product_vectors',
      'zava_search.product_words', 'zava_search.words')
), own AS (
  SELECT * FROM column_of WHERE relation <> 'retail.products' AND relation IN (
    SELECT relation FROM column_of WHERE name = 'model')
), named AS (
  SELECT EXISTS (SELECT FROM column_of WHERE relation = 'retail.products' AND name = 'product_name') AS original
)
SELECT
  original,
  EXISTS (SELECT FROM own) AS vectors,
  EXISTS (SELECT FROM own) AND (SELECT coalesce(bool_and(readable), false) FROM own) AS readable,
  EXISTS (
    SELECT FROM column_of
    WHERE relation = 'retail.product_description_embeddings' AND name = 'description_embedding' AND readable
      AND relation NOT IN (SELECT relation FROM own)) AS original_vectors,
  (SELECT count(*) = 2 FROM column_of
   WHERE relation = 'retail.products' AND name IN ('cost', 'gross_margin_percent') AND readable) AS cost,
  (SELECT count(DISTINCT relation) = 2 AND bool_and(readable) FROM column_of
   WHERE relation IN ('zava_search.product_words', 'zava_search.words')) AS words
FROM named
