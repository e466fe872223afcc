-- What misspelt_stored.sql answers, from the catalogue itself; of a large one, from 20,000 products.
--
-- $1 text: the question.
-- Columns: written text, word text (both in lower case, letters only), times int8 (products that have it).
WITH said AS MATERIALIZED (
  SELECT DISTINCT lower(t.token) AS written, ('''' || replace(stem, '''', '''''') || '''')::tsquery AS query
  FROM ts_parse('default', left($1::text, 2000)) AS t
  CROSS JOIN LATERAL unnest(ts_lexize('english_stem', lower(t.token))) AS stem
  WHERE t.tokid IN (1, 2) AND length(t.token) BETWEEN 4 AND 32 -- plain words, ASCII or not
), article AS MATERIALIZED (
  SELECT concat_ws(' ', p.name, p.description, y.type_name, c.category_name) AS said
  FROM retail.products AS p
  JOIN retail.product_types AS y USING (product_type_id)
  JOIN retail.categories AS c ON c.category_id = y.category_id
  WHERE EXISTS (SELECT FROM said)
  LIMIT 20000
), unknown AS MATERIALIZED (
  SELECT DISTINCT s.written
  FROM said AS s
  WHERE NOT EXISTS (SELECT FROM article AS a WHERE to_tsvector('english', a.said) @@ s.query)
  ORDER BY s.written
  LIMIT 12
), word AS (
  SELECT w.word, count(*) AS times
  FROM article AS a
  CROSS JOIN LATERAL (SELECT DISTINCT regexp_split_to_table(lower(a.said), '[^[:alpha:]]+')) AS w (word)
  WHERE length(w.word) BETWEEN 4 AND 30 AND EXISTS (SELECT FROM unknown)
  GROUP BY w.word
)
SELECT u.written, w.word, w.times
FROM unknown AS u
JOIN word AS w ON left(w.word, 1) = left(u.written, 1)
  AND length(w.word) BETWEEN length(u.written) - 2 AND length(u.written) + 2
ORDER BY u.written
