-- What there is of an embedding space.
--
-- $1 text: the space.
-- Columns: vectors bool (there are some), others text[] (spaces that have vectors when this one has none), indexed bool
-- (sql/embed/index.sql has made its index).
WITH found AS (
  SELECT EXISTS (SELECT FROM retail.product_description_embeddings WHERE model = $1::text) AS vectors
)
SELECT
  f.vectors,
  CASE WHEN f.vectors THEN '{}' ELSE ARRAY(
    SELECT DISTINCT model FROM retail.product_description_embeddings ORDER BY model LIMIT 5) END AS others,
  EXISTS (
    SELECT FROM pg_class AS i
    JOIN pg_index AS x ON x.indexrelid = i.oid
    WHERE i.relname = 'product_vectors_' || left(md5($1::text), 12) AND x.indisvalid
      AND x.indrelid = 'retail.product_description_embeddings'::regclass) AS indexed
FROM found AS f
