-- The nearest products by comparing with all vectors of the space; also how near those are that were found by
-- words. A part of search_products.sql, with its parameters.
--
-- For the vectors that the original sample brings database/search/compose.rs writes another condition than that on `model`.
  (
    SELECT e.product_id, e.description_embedding <=> $1::real[]::vector AS distance, true AS among
    FROM retail.product_description_embeddings AS e
    WHERE e.model = $2::text
      AND ($4::text IS NULL AND $5::float8 IS NULL AND $6::float8 IS NULL AND NOT $7::bool
        OR e.product_id IN (SELECT product_id FROM allowed))
    ORDER BY distance, e.product_id
    LIMIT $3
  )
  UNION ALL
  SELECT e.product_id, e.description_embedding <=> $1::real[]::vector, false
  FROM retail.product_description_embeddings AS e
  WHERE e.model = $2::text AND e.product_id IN (SELECT product_id FROM covered)
