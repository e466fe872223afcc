-- How fresh the vectors of an embedding space are. `source` stands for embedded_text.sql.
--
-- $1 text: the space.
-- Columns: (one row) products int8, missing int8 (without a vector), stale int8 (whose text is another now).
SELECT
  count(*) AS products,
  count(*) FILTER (WHERE v.product_id IS NULL) AS missing,
  count(*) FILTER (WHERE v.source_hash <> sha256(convert_to(s.text, 'UTF8'))) AS stale
FROM (source) AS s
LEFT JOIN retail.product_description_embeddings AS v ON v.product_id = s.product_id AND v.model = $1::text
