-- The nearest products by the index of the space (sql/embed/index.sql); also how near those are that were found by
-- words. A part of search_products.sql, with its parameters.
--
-- Nothing but an order and a limit, so that the index serves it. The index compares halves of the precision; the distance
-- is that of the whole. 384 stands for the numbers in a vector of the space.
  (
    SELECT e.product_id, e.description_embedding <=> $1::real[]::vector AS distance, true AS among
    FROM retail.product_description_embeddings AS e
    WHERE e.model = $2::text
    ORDER BY e.description_embedding::halfvec(384) <=> $1::real[]::vector::halfvec(384)
    LIMIT $3
  )
  UNION ALL
  SELECT e.product_id, e.description_embedding <=> $1::real[]::vector, false
  FROM retail.product_description_embeddings AS e
  WHERE e.model = $2::text AND e.product_id IN (SELECT product_id FROM covered)
