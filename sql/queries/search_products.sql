-- Products whose words fit a question, best first: full text over name, category, type and description, any word.
--
-- A product's percent is the share of the question's weight that it covers, 100 when every word is in its name; a rare
-- word weighs more than a common one (inverse document frequency). A word that is a SKU finds that article first.
-- Rows are read as jsonb where the columns are named otherwise in the original sample's database, so that one
-- statement serves both.
-- $1 text: the question.  $2 int8: most rows.  $3 float8: least percent.
-- Columns: sku text, name text, category text, type text, description text, price text (US dollars),
-- stock int8 or NULL (pieces in the stores the caller may see), percent float8 (0 to 100), matched text (sku or text).
WITH article AS MATERIALIZED (
  SELECT
    p.product_id, p.sku, n.name, c.category_name, y.type_name, n.description, p.base_price,
    setweight(to_tsvector('english', n.name), 'A')
      || setweight(to_tsvector('english', y.type_name || ' ' || c.category_name), 'B')
      || setweight(to_tsvector('english', n.description), 'C') AS words
  FROM retail.products AS p
  CROSS JOIN LATERAL to_jsonb(p) AS whole
  CROSS JOIN LATERAL (
    SELECT
      coalesce(whole ->> 'name', whole ->> 'product_name') AS name,
      coalesce(whole ->> 'description', whole ->> 'product_description') AS description,
      coalesce(whole ->> 'product_type_id', whole ->> 'type_id') AS type_id) AS n
  JOIN retail.categories AS c ON c.category_id = p.category_id
  JOIN retail.product_types AS y ON coalesce(to_jsonb(y) ->> 'product_type_id', to_jsonb(y) ->> 'type_id') = n.type_id
), asked AS (
  SELECT DISTINCT lexeme, ('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery AS query
  FROM unnest(to_tsvector('english', left($1, 2000)))
), hit AS MATERIALIZED (
  SELECT a.product_id, q.lexeme, ts_rank('{0.1,0.3,0.5,1.0}', a.words, q.query) AS rank,
    count(*) OVER (PARTITION BY q.lexeme) AS found_in
  FROM asked AS q
  JOIN article AS a ON a.words @@ q.query
), weight AS (
  SELECT q.lexeme, ln(1 + ((SELECT count(*) FROM article) + 0.5) / (coalesce(max(h.found_in), 0) + 0.5)) AS idf
  FROM asked AS q
  LEFT JOIN hit AS h USING (lexeme)
  GROUP BY q.lexeme
), covered AS (
  -- 1.25: the rank of a word in the name is 0.6, which 0.6 / (0.6 + 0.15) turns into 0.8
  SELECT h.product_id,
    least(100, 100 * sum(w.idf * 1.25 * h.rank / (h.rank + 0.15)) / (SELECT sum(idf) FROM weight)) AS percent
  FROM hit AS h
  JOIN weight AS w USING (lexeme)
  GROUP BY h.product_id
), numbered AS (
  SELECT DISTINCT a.product_id
  FROM regexp_split_to_table(upper(left($1, 2000)), '[^A-Z0-9-]+') AS word
  JOIN article AS a ON replace(a.sku, '-', '') = replace(word, '-', '')
), ranked AS (
  SELECT product_id,
    CASE WHEN n.product_id IS NULL THEN c.percent ELSE 100 END AS percent,
    CASE WHEN n.product_id IS NULL THEN 'text' ELSE 'sku' END AS matched
  FROM covered AS c
  FULL JOIN (SELECT product_id FROM numbered) AS n USING (product_id)
)
SELECT
  a.sku, a.name, a.category_name AS category, a.type_name AS type, a.description, a.base_price::text AS price,
  (SELECT sum(i.stock_level) FROM retail.inventory AS i WHERE i.product_id = a.product_id) AS stock,
  round(r.percent::numeric, 1)::float8 AS percent,
  r.matched
FROM ranked AS r
JOIN article AS a USING (product_id)
WHERE r.percent >= $3
ORDER BY r.matched, r.percent DESC, a.sku
LIMIT $2
