-- Removes vectors whose product is no longer there.
DELETE FROM retail.product_description_embeddings AS v
WHERE NOT EXISTS (SELECT FROM retail.products AS p WHERE p.product_id = v.product_id)
