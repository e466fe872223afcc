-- Products that fit a question, best first: SKU look-up, full text and vectors in one ranking.
--
-- Words: any stem of the question, weighted by its rarity (inverse document frequency); a product's cover is the share of
-- that weight which it has, 1 when every word is in its name. Meaning: the cosine of its vector and the question's. The
-- score is 0.6 cover + 0.4 cosine, and the cover alone where there is no vector; its root, in percent, is what is ranked,
-- shown and held against the threshold. A product whose SKU is asked for comes first, with 100.
-- The part between the `nearest` marks is replaced by sql/search/nearest_*.sql where there are vectors, the one between the
-- `hits` marks by sql/search/hits_stored.sql where the words of the catalogue are stored, and names of columns where they
-- are others (database/search/compose.rs).
-- $1 real[] or NULL: the question's vector.  $2 text: embedding space.  $3 int8: candidates, at least $9.
-- $4 text or NULL: category.  $5, $6 float8 or NULL: least and most list price.  $7 bool: only what is in stock.
-- $8 text: the question.  $9 int8: most rows.  $10 float8: least percent.  $11 text[]: possible SKUs, letters and digits.
-- $12 int8: products in the catalogue.
-- Columns: sku text, name text, category text, type text, description text, price text (US dollars),
-- cost text or NULL, margin_percent text or NULL, stock int8 or NULL (pieces in the stores the caller may see),
-- percent float8 (0 to 100), matched text (sku, text and meaning, joined by +).
WITH asked AS MATERIALIZED (
  SELECT DISTINCT lexeme, ('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery AS query
  FROM unnest(to_tsvector('english', left($8, 2000)))
),
-- begin hits
article AS MATERIALIZED (
  SELECT p.product_id, setweight(to_tsvector('english', p.name), 'A')
    || setweight(to_tsvector('english', p.description), 'C')
    || setweight(to_tsvector('english', y.type_name || ' ' || c.category_name), 'B') AS words
  FROM retail.products AS p
  JOIN retail.product_types AS y USING (product_type_id)
  JOIN retail.categories AS c ON c.category_id = y.category_id
), hit AS MATERIALIZED (
  SELECT a.product_id, q.lexeme, ts_rank('{0.1,0.3,0.5,1.0}', a.words, q.query) AS rank
  FROM asked AS q
  JOIN article AS a ON a.words @@ q.query
),
-- end hits
weight AS (
  SELECT q.lexeme, ln(1 + ($12::int8 + 0.5) / (coalesce(h.found_in, 0) + 0.5))::float8 AS idf
  FROM asked AS q
  LEFT JOIN (SELECT lexeme, count(*) AS found_in FROM hit GROUP BY lexeme) AS h USING (lexeme)
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
  SELECT n.product_id, bool_or(n.exact) AS exact
  FROM (
    SELECT p.product_id, regexp_replace(upper(p.sku), '[^A-Z0-9]', '', 'g') = k.key AS exact
    FROM unnest($11::text[]) AS k (key)
    JOIN retail.products AS p ON regexp_replace(upper(p.sku), '[^A-Z0-9]', '', 'g') COLLATE "C" >= k.key
      AND regexp_replace(upper(p.sku), '[^A-Z0-9]', '', 'g') COLLATE "C" < k.key || '~' -- after every letter and digit
    UNION ALL
    SELECT p.product_id, true
    FROM unnest($11::text[]) AS k (key)
    JOIN retail.products AS p
      ON regexp_replace(regexp_replace(upper(p.sku), '[^A-Z0-9]', '', 'g'), '(^|[^0-9])0+([0-9]+)$', '\1\2') COLLATE "C"
        = regexp_replace(k.key, '(^|[^0-9])0+([0-9]+)$', '\1\2')
  ) AS n
  WHERE n.product_id IN (SELECT product_id FROM allowed)
  GROUP BY n.product_id
), scored AS (
  SELECT product_id, s.exact, n.among, c.cover,
    100 * sqrt(CASE WHEN s.exact IS NOT NULL THEN 1 WHEN n.distance IS NULL THEN c.cover
      ELSE 0.6 * coalesce(c.cover, 0) + 0.4 * greatest(0, 1 - n.distance) END) AS percent
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
