-- A table for vectors beside a retail database that `zava-mcp db create` did not make; nothing of its own is touched.
--
-- The same columns as retail.product_description_embeddings of sql/schema, and no reference to products: deleting or emptying
-- those stays as free as it was, and `zava-mcp embed` removes what is left over. Changes nothing when it is there.
DO $table$
BEGIN
  IF to_regclass('zava_search.product_vectors') IS NULL THEN
    CREATE SCHEMA IF NOT EXISTS zava_search;
    COMMENT ON SCHEMA zava_search IS 'Meaning of products as vectors, for zava-mcp';
    EXECUTE format($t$CREATE TABLE zava_search.product_vectors (
      product_id            %s NOT NULL,
      model                 text NOT NULL,
      description_embedding public.vector NOT NULL,
      source_hash           bytea NOT NULL CHECK (length(source_hash) = 32),
      last_updated          timestamp NOT NULL,
      PRIMARY KEY (product_id, model),
      CONSTRAINT size_of_its_space CHECK (
        coalesce((regexp_match(model, ':([0-9]+):[^:]*:[^:]*$'))[1]::int, public.vector_dims(description_embedding))
          = public.vector_dims(description_embedding)))$t$,
      (SELECT format_type(atttypid, NULL) FROM pg_attribute
       WHERE attrelid = 'retail.products'::regclass AND attname = 'product_id'));
    ALTER TABLE zava_search.product_vectors ALTER description_embedding SET STORAGE MAIN;
    COMMENT ON TABLE zava_search.product_vectors IS
      'Vectors of products by embedding space (provider:model:dimensions:weights:recipe); `zava-mcp embed` makes them';
  END IF;
END
$table$
