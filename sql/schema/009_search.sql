-- What product search needs beside the catalogue: an index of its words, and vectors that lie beside their row.
--
-- sql/queries/search_products.sql asks with the very expression of this index. Vectors are kept in
-- retail.product_description_embeddings; its column `model` names the whole embedding space, as `zava-mcp embed` writes it.
CREATE INDEX products_words ON retail.products
  USING gin ((setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', description), 'C')));

-- In the row as long as it fits: reading 1,536 numbers from beside it takes twice as long.
ALTER TABLE retail.product_description_embeddings ALTER description_embedding SET STORAGE MAIN;

-- provider:model:dimensions:weights:recipe; a vector of another size is refused by the database itself
ALTER TABLE retail.product_description_embeddings ADD CONSTRAINT size_of_its_space CHECK (
  coalesce((regexp_match(model, ':([0-9]+):[^:]*:[^:]*$'))[1]::int, public.vector_dims(description_embedding))
    = public.vector_dims(description_embedding));

COMMENT ON TABLE retail.product_description_embeddings IS
  'Meaning of products as vectors, for semantic_search_products; `zava-mcp embed` makes them';
COMMENT ON COLUMN retail.product_description_embeddings.model IS
  'Embedding space as provider:model:dimensions:weights:recipe; vectors of two spaces do not compare';
