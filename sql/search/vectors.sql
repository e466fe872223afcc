-- How many vectors an embedding space has.
--
-- $1 text: the space.
-- Columns: (one row) number int8.
SELECT count(*) AS number FROM retail.product_description_embeddings WHERE model = $1::text
