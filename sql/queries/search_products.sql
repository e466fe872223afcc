-- Products that fit a question, best first: SKU look-up, full text and vectors in one ranking.
--
-- Words: any stem of the question, weighted by its rarity (inverse document frequency); a product's cover is the share of
-- that weight which it has, 1 when every word is in its name. Meaning: the cosine of its vector and the question's. The
-- score is 0.6 cover + 0.4 cosine, and the cover alone where there is no vector; its root, in percent, is what is ranked,
-- shown and held against the threshold. A product whose SKU is asked for comes first, with 100.
-- The part between the `nearest` marks is replaced by sql/search/nearest_*.sql where there are vectors, and names of columns
-- where they are others (database/search/compose.rs).
-- $1 real[] or NULL: the question's vector.  $2 text: embedding space.  $3 int8: candidates, at least $9.
-- $4 text or NULL: category.  $5, $6 float8 or NULL: least and most list price.  $7 bool: only what is in stock.
-- $8 text: the question.  $9 int8: most rows.  $10 float8: least percent.  $11 text[]: possible SKUs, letters and digits.
-- Columns: sku text, name text, category text, type text, description text, price text (US dollars),
-- cost text or NULL, margin_percent text or NULL, stock int8 or NULL (pieces in the stores the caller may see),
-- percent float8 (0 to 100), matched text (sku, text and meaning, joined by +).
WITH asked AS MATERIALIZED (
  SELECT DISTINCT lexeme, ('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery AS query
  FROM unnest(to_tsvector('english', left($8, 2000)))
), any_of AS MATERIALIZED (
  SELECT string_agg(query::text, ' | ')::tsquery AS query FROM asked
), kind AS MATERIALIZED (
  SELECT y.product_type_id, setweight(to_tsvector('english', y.type_name || ' ' || c.category_name), 'B') AS words
  FROM retail.product_types AS y
  JOIN retail.categories AS c USING (category_id)
), worded AS (
  SELECT p.product_id FROM retail.products AS p
  WHERE (setweight(to_tsvector('english', p.name), 'A') || setweight(to_tsvector('english', p.description), 'C'))
    @@ (SELECT query FROM any_of)
  UNION
  SELECT p.product_id FROM retail.products AS p
  WHERE p.product_type_id = ANY (ARRAY(SELECT product_type_id FROM kind WHERE words @@ (SELECT query FROM any_of)))
), article AS MATERIALIZED (
  SELECT p.product_id,
    setweight(to_tsvector('english', p.name), 'A') || setweight(to_tsvector('english', p.description), 'C') || k.words
      AS words
  FROM worded AS w
  JOIN retail.products AS p USING (product_id)
  JOIN kind AS k USING (product_type_id)
), hit AS MATERIALIZED (
  SELECT a.product_id, q.lexeme, ts_rank('{0.1,0.3,0.5,1.0}', a.words, q.query) AS rank,
    count(*) OVER (PARTITION BY q.lexeme) AS found_in
  FROM asked AS q
  JOIN article AS a ON a.words @@ q.query
), weight AS (
  SELECT q.lexeme,
    ln(1 + ((SELECT count(*) FROM retail.products) + 0.5) / (coalesce(max(h.found_in), 0) + 0.5)) AS idf
  FROM asked AS q
  LEFT JOIN hit AS h USING (lexeme)
  GROUP BY q.lexeme
), allowed AS (
  SELECT p.product_id
  FROM retail.products AS p
  JOIN retail.categories AS c USING (category_id)
  WHERE ($4::text IS NULL OR c.category_name = $4::text)
    AND ($5::float8 IS NULL OR p.base_price >= $5::float8)
    AND ($6::float8 IS NULL OR p.base_price <= $6::float8)
    AND (NOT $7::bool OR EXISTS (
      SELECT FROM retail.inventory AS i WHERE i.product_id = p.product_id AND i.stock_level > 0))
), covered AS (
  -- 1.25: the rank of a word in the name is 0.6, which 0.6 / (0.6 + 0.15) turns into 0.8
  SELECT h.product_id,
    least(1, sum(w.idf * 1.25 * h.rank / (h.rank + 0.15)) / (SELECT sum(idf) FROM weight)) AS cover
  FROM hit AS h
  JOIN weight AS w USING (lexeme)
  WHERE $4::text IS NULL AND $5::float8 IS NULL AND $6::float8 IS NULL AND NOT $7::bool
    OR h.product_id IN (SELECT product_id FROM allowed)
  GROUP BY h.product_id
  ORDER BY cover DESC, h.product_id
  LIMIT $3
), nearest AS MATERIALIZED (
-- begin nearest
  SELECT p.product_id, 0::float8 AS distance, false AS among
  FROM retail.products AS p
  WHERE false AND $1::real[] IS NOT NULL AND $2::text IS NOT NULL
-- end nearest
), near AS (
  SELECT product_id, min(distance) AS distance, bool_or(among) AS among FROM nearest GROUP BY product_id
), numbered AS (
  -- leading zeros of the final number do not count
  SELECT p.product_id, bool_or(p.sku = k.key OR p.short = regexp_replace(k.key, '(^|[^0-9])0+([0-9]+)$', '\1\2')) AS exact
  FROM (
    SELECT product_id, sku, regexp_replace(sku, '(^|[^0-9])0+([0-9]+)$', '\1\2') AS short
    FROM (SELECT product_id, regexp_replace(upper(sku), '[^A-Z0-9]', '', 'g') AS sku FROM retail.products) AS p) AS p
  JOIN unnest($11::text[]) AS k (key)
    ON starts_with(p.sku, k.key) OR p.short = regexp_replace(k.key, '(^|[^0-9])0+([0-9]+)$', '\1\2')
  WHERE cardinality($11::text[]) > 0
    AND p.product_id IN (SELECT product_id FROM allowed)
  GROUP BY p.product_id
), scored AS (
  SELECT product_id, s.exact, n.among, c.cover,
    100 * sqrt(CASE WHEN s.exact IS NOT NULL THEN 1
      ELSE coalesce(0.6 * coalesce(c.cover, 0) + 0.4 * greatest(0, 1 - n.distance), c.cover, 0) END) AS percent
  FROM covered AS c
  FULL JOIN near AS n USING (product_id)
  FULL JOIN numbered AS s USING (product_id)
), best AS (
  SELECT * FROM scored
  WHERE percent >= $10::float8
  ORDER BY exact DESC NULLS LAST, percent DESC, product_id
  LIMIT $9
)
SELECT
  p.sku, p.name AS name, c.category_name AS category, y.type_name AS type, p.description AS description,
  p.base_price::text AS price,
  p.cost::text AS cost, p.gross_margin_percent::text AS margin_percent,
  (SELECT sum(i.stock_level) FROM retail.inventory AS i WHERE i.product_id = p.product_id) AS stock,
  round(b.percent::numeric, 1)::float8 AS percent,
  concat_ws('+', CASE WHEN b.exact IS NOT NULL THEN 'sku' END, CASE WHEN b.cover IS NOT NULL THEN 'text' END,
    CASE WHEN b.among THEN 'meaning' END) AS matched
FROM best AS b
JOIN retail.products AS p USING (product_id)
JOIN retail.categories AS c ON c.category_id = p.category_id
JOIN retail.product_types AS y USING (product_type_id)
ORDER BY b.exact DESC NULLS LAST, b.percent DESC, b.product_id
