-- Words of a question that no product has, in no form: they may be misspelt.
--
-- $1 text: the question.
-- Columns: word text (in lower case, letters only).
WITH said AS (
  SELECT DISTINCT lower(t.token) AS word, stem
  FROM ts_parse('default', left($1::text, 2000)) AS t
  CROSS JOIN LATERAL unnest(ts_lexize('english_stem', lower(t.token))) AS stem
  WHERE t.tokid IN (1, 2) -- plain words, ASCII or not
)
SELECT s.word
FROM said AS s
CROSS JOIN LATERAL (SELECT ('''' || replace(s.stem, '''', '''''') || '''')::tsquery AS query) AS q
WHERE NOT EXISTS (
    SELECT FROM retail.products AS p
    WHERE (setweight(to_tsvector('english', p.name), 'A') || setweight(to_tsvector('english', p.description), 'C')) @@ q.query)
  AND NOT EXISTS (
    SELECT FROM retail.product_types AS y
    JOIN retail.categories AS c USING (category_id)
    WHERE to_tsvector('english', y.type_name || ' ' || c.category_name) @@ q.query)
ORDER BY 1
