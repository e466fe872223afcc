-- The words that the catalogue is written in, for whoever misspells them. Of a large catalogue, those of 20,000 products.
--
-- Columns: word text (in lower case, letters only), times int8 (products and types that have it).
SELECT word, count(*) AS times
FROM (
  SELECT p.name || ' ' || p.description FROM (SELECT name, description FROM retail.products LIMIT 20000) AS p
  UNION ALL
  SELECT y.type_name || ' ' || c.category_name
  FROM retail.product_types AS y
  JOIN retail.categories AS c USING (category_id)
) AS t (said)
CROSS JOIN LATERAL (SELECT DISTINCT regexp_split_to_table(lower(said), '[^[:alpha:]]+')) AS w (word)
WHERE length(word) BETWEEN 4 AND 30
GROUP BY word
