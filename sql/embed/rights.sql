-- Who may read the catalogue may read its vectors: for the table that sql/embed/table.sql makes.
--
-- Columns instead of the table, as sql/admin/column_rights.sql has it. Changes nothing when all is granted.
DO $rights$
DECLARE
  reader text;
BEGIN
  FOR reader IN
    SELECT DISTINCT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'product_id'
    CROSS JOIN LATERAL (
      SELECT grantee, privilege_type FROM aclexplode(c.relacl)
      UNION ALL
      SELECT grantee, privilege_type FROM aclexplode(a.attacl)) AS x
    WHERE c.oid = 'retail.products'::regclass AND x.privilege_type = 'SELECT' AND x.grantee <> c.relowner
  LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA zava_search TO %s', reader);
    EXECUTE format('GRANT SELECT (product_id, model, description_embedding, source_hash, last_updated)
      ON zava_search.product_vectors TO %s', reader);
  END LOOP;
END
$rights$
