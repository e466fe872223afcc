-- Functions that the sample's documents name. All of them run with the rights and policies of whoever calls them.
CREATE FUNCTION retail.search_products_by_description(
  query_embedding      public.vector,
  similarity_threshold double precision DEFAULT 0.3,
  max_results          integer DEFAULT 20)
RETURNS TABLE (product_id uuid, name text, description text, similarity_score double precision)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY INVOKER AS $$
  SELECT p.product_id, p.name, p.description, 1 - nearest.distance
  FROM (
    SELECT e.product_id, min(e.description_embedding OPERATOR(public.<=>) query_embedding) AS distance
    FROM retail.product_description_embeddings AS e
    WHERE public.vector_dims(e.description_embedding) = public.vector_dims(query_embedding)
    GROUP BY e.product_id
  ) AS nearest
  JOIN retail.products AS p USING (product_id)
  WHERE 1 - nearest.distance >= similarity_threshold
  ORDER BY nearest.distance, p.product_id
  LIMIT greatest(max_results, 0)
$$;
COMMENT ON FUNCTION retail.search_products_by_description(public.vector, double precision, integer) IS
  'Products whose description means something near to query_embedding; similarity_score is 1 for the same, 0 for unrelated';

CREATE FUNCTION retail.get_current_user_store() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY INVOKER AS $$
  SELECT zava.my_store()
$$;
COMMENT ON FUNCTION retail.get_current_user_store() IS 'Your store, when you manage exactly one; else NULL';

CREATE FUNCTION retail.get_user_store_list() RETURNS TABLE (store_id uuid, name text)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY INVOKER AS $$
  SELECT s.store_id, s.name FROM retail.stores AS s ORDER BY s.name
$$;
COMMENT ON FUNCTION retail.get_user_store_list() IS 'The stores whose rows you may see';

GRANT EXECUTE ON FUNCTION
  retail.search_products_by_description(public.vector, double precision, integer),
  retail.get_current_user_store(), retail.get_user_store_list()
  TO zava_head_office, zava_regional, zava_manager;
