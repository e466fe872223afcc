-- What is sold: every product type with its category and its number of products.
--
-- Rows are read as jsonb where the columns are named otherwise in the original sample's database.
-- Columns: category text, type text, products int8.
WITH article AS (
  SELECT coalesce(whole ->> 'product_type_id', whole ->> 'type_id') AS type_id, count(*) AS products
  FROM retail.products AS p
  CROSS JOIN LATERAL to_jsonb(p) AS whole
  GROUP BY 1
)
SELECT c.category_name AS category, y.type_name AS type, coalesce(a.products, 0) AS products
FROM retail.categories AS c
JOIN retail.product_types AS y ON y.category_id = c.category_id
CROSS JOIN LATERAL to_jsonb(y) AS whole
LEFT JOIN article AS a ON a.type_id = coalesce(whole ->> 'product_type_id', whole ->> 'type_id')
ORDER BY 1, 2
