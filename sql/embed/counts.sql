-- What there is to do for an embedding space. `source` stands for sql/search/embedded_text.sql.
--
-- $1 text: the space.
-- Columns: products int8, missing int8 (without a vector), stale int8 (the text is another now), gone int8 (vectors of any
-- space whose product is no longer there), others int8 (vectors of other spaces).
WITH compared AS (
  SELECT v.source_hash IS NULL AS missing, v.source_hash <> sha256(convert_to(s.text, 'UTF8')) AS stale
  FROM (source) AS s
  LEFT JOIN retail.product_description_embeddings AS v ON v.product_id = s.product_id AND v.model = $1::text
)
SELECT
  count(*) AS products,
  count(*) FILTER (WHERE missing) AS missing,
  count(*) FILTER (WHERE stale) AS stale,
  (SELECT count(*) FROM retail.product_description_embeddings AS v
   WHERE NOT EXISTS (SELECT FROM retail.products AS p WHERE p.product_id = v.product_id)) AS gone,
  (SELECT count(*) FROM retail.product_description_embeddings WHERE model <> $1::text) AS others
FROM compared
