-- Words of a question that no product has in any form, each with the words of the catalogue that might be meant: those
-- with the same first letter and nearly as many letters.
--
-- Reads what sql/schema/010_words.sql keeps; misspelt_computed.sql answers the same without.
-- $1 text: the question.
-- Columns: written text, word text (both in lower case, letters only), times int8 (products that have it, at most 200).
WITH said AS MATERIALIZED (
  SELECT DISTINCT lower(t.token) AS written, stem
  FROM ts_parse('default', left($1::text, 2000)) AS t
  CROSS JOIN LATERAL unnest(ts_lexize('english_stem', lower(t.token))) AS stem
  WHERE t.tokid IN (1, 2) AND length(t.token) BETWEEN 4 AND 32 -- plain words, ASCII or not
), unknown AS MATERIALIZED (
  SELECT DISTINCT s.written
  FROM said AS s
  WHERE NOT EXISTS (SELECT FROM zava_search.product_words AS w WHERE w.stem = s.stem)
  ORDER BY s.written
  LIMIT 12
)
SELECT u.written, w.word::text AS word, t.times
FROM unknown AS u
JOIN zava_search.words AS w ON left(w.word, 1) = left(u.written, 1)
  AND length(w.word) BETWEEN length(u.written) - 2 AND length(u.written) + 2
CROSS JOIN LATERAL (
  SELECT count(*) AS times FROM (
    SELECT FROM zava_search.product_words AS p WHERE p.stem = w.stem LIMIT 200) AS p) AS t
WHERE t.times > 0 OR w.stem IS NULL
ORDER BY u.written
