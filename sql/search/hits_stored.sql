-- The stems of the question in each product that has one, with their ranks, as sql/schema/010_words.sql keeps them. A part
-- of search_products.sql.
hit AS MATERIALIZED (
  SELECT w.product_id, q.lexeme, w.rank
  FROM asked AS q
  JOIN zava_search.product_words AS w ON w.stem = q.lexeme
),
