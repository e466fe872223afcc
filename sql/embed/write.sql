-- Writes one batch of vectors, in one transaction; writing it twice changes nothing. uuid stands for the type of the key.
--
-- A product that went away meanwhile is left out. `source_hash` is of the text that was embedded: if that changed meanwhile,
-- the vector is stale and the next run makes it anew.
-- $1 text: the space.  $2 text[]: product ids.  $3 text[]: vectors.  $4 bytea[]: hashes.
INSERT INTO retail.product_description_embeddings (product_id, model, description_embedding, source_hash, last_updated)
SELECT u.id::uuid, $1::text, u.vector::public.vector, u.hash, now() AT TIME ZONE 'UTC'
FROM unnest($2::text[], $3::text[], $4::bytea[]) AS u (id, vector, hash)
WHERE EXISTS (SELECT FROM retail.products AS p WHERE p.product_id = u.id::uuid)
ON CONFLICT (product_id, model) DO UPDATE
SET description_embedding = excluded.description_embedding, source_hash = excluded.source_hash,
  last_updated = excluded.last_updated
