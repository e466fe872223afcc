-- Where vectors of products belong in this database.
--
-- Columns: products bool (there is a table retail.products), shop bool (`zava-mcp db create` made it, with a table for
-- vectors), original bool (columns are named as in the original sample), key_type text or NULL (of products.product_id),
-- has_table bool (for the original sample: the table of vectors beside it is there).
SELECT
  to_regclass('retail.products') IS NOT NULL AS products,
  EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('retail.product_description_embeddings') AND attname = 'source_hash' AND NOT attisdropped)
    AS shop,
  EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('retail.products') AND attname = 'product_name' AND NOT attisdropped) AS original,
  (SELECT format_type(atttypid, NULL) FROM pg_attribute
   WHERE attrelid = to_regclass('retail.products') AND attname = 'product_id' AND NOT attisdropped) AS key_type,
  to_regclass('zava_search.product_vectors') IS NOT NULL AS has_table
