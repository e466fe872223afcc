-- The statements that give the vectors of a space the index they need: none in a small catalogue, where comparing with all
-- of them is as quick and misses nothing.
--
-- Halves of the precision make the index half as large; sql/search/nearest_indexed.sql asks with the very expression.
-- $1 text: the space.  $2 int4: numbers in its vectors.  $3 int8: vectors from which on an index pays.
-- Columns: statement text, in the order in which they run; no rows when all is as it should be.
WITH wanted AS (
  SELECT 'product_vectors_' || left(md5($1::text), 12) AS name,
    -- the largest that a graph of halves can have
    $2::int <= 4000 AND
    (SELECT count(*) FROM retail.product_description_embeddings WHERE model = $1::text) >= $3::int8 AS wanted
), found AS (
  SELECT i.oid::regclass AS index, x.indisvalid AS valid
  FROM pg_class AS i
  JOIN pg_index AS x ON x.indexrelid = i.oid
  WHERE i.relname = (SELECT name FROM wanted) AND x.indrelid = 'retail.product_description_embeddings'::regclass
)
SELECT statement
FROM (
  SELECT 1 AS place, format('DROP INDEX %s', f.index) AS statement
  FROM found AS f CROSS JOIN wanted AS w WHERE NOT (w.wanted AND f.valid)
  UNION ALL
  SELECT 2, format('CREATE INDEX %I ON retail.product_description_embeddings
    USING hnsw ((description_embedding::public.halfvec(%s)) public.halfvec_cosine_ops)
    WITH (m = 16, ef_construction = 100) WHERE model = %L', w.name, $2::int, $1::text)
  FROM wanted AS w WHERE w.wanted AND NOT EXISTS (SELECT FROM found WHERE valid)
) AS s
ORDER BY place
