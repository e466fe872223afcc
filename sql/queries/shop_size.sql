-- How much of the shop the caller sees.
--
-- Columns: stores int8, has_orders bool, products int8, described int8 (products with a vector).
SELECT
  (SELECT count(*) FROM retail.stores) AS stores,
  EXISTS (SELECT FROM retail.orders) AS has_orders,
  (SELECT count(*) FROM retail.products) AS products,
  (SELECT count(DISTINCT product_id) FROM retail.product_description_embeddings) AS described
