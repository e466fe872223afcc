-- Opens a cursor over the products whose vector is missing or stale. `source` stands for sql/search/embedded_text.sql.
--
-- WITH HOLD: it outlives the statement, so that every batch is a transaction of its own.
-- $1 text: the space.
-- Columns of the cursor: product_id text, text text, source_hash bytea.
DECLARE pending NO SCROLL CURSOR WITH HOLD FOR
SELECT s.product_id::text AS product_id, s.text, sha256(convert_to(s.text, 'UTF8')) AS source_hash
FROM (source) AS s
LEFT JOIN retail.product_description_embeddings AS v ON v.product_id = s.product_id AND v.model = $1::text
WHERE v.source_hash IS DISTINCT FROM sha256(convert_to(s.text, 'UTF8'))
ORDER BY s.product_id
