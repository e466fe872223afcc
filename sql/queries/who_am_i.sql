-- Who this connection is, and whether row security binds it.
--
-- Reads the system catalogue only, so that it works for a login without any right.
-- Columns: login text, is_superuser bool, bypasses_row_security bool, owns_a_table bool (of schema retail),
-- has_shop bool (schema retail exists), has_mapping bool (zava.principal exists).
SELECT
  session_user::text AS login,
  r.rolsuper AS is_superuser,
  r.rolbypassrls AS bypasses_row_security,
  EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'retail' AND c.relkind IN ('r', 'p', 'v', 'm')
      AND pg_catalog.pg_has_role(session_user, c.relowner, 'MEMBER')) AS owns_a_table,
  EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'retail') AS has_shop,
  EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'zava' AND c.relname = 'principal') AS has_mapping
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = session_user
