-- What a server has of that which `zava-mcp db create` needs and may not be able to make.
--
-- Roles belong to the whole server. One that somebody else made can be given to logins only by who holds it WITH ADMIN OPTION.
-- Where `db create` was here before, its roles obey. Reads the catalogue only. One row.
-- Columns: me text (quoted), foreign_roles text (roles of ours that exist and cannot be given; NULL for none), vector_schema
-- text (where pgvector is; NULL when it is not installed), vector_available boolean (whether it could be).
SELECT
  quote_ident(current_user) AS me,
  (SELECT string_agg(r.rolname, ', ' ORDER BY r.rolname)
   FROM pg_roles AS r
   WHERE r.rolname IN ('zava_owner', 'zava_head_office', 'zava_regional', 'zava_manager')
     AND to_regclass('zava_admin.applied_step') IS NULL
     AND NOT pg_has_role(current_user, r.oid, 'MEMBER WITH ADMIN OPTION')) AS foreign_roles,
  (SELECT n.nspname::text FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
   WHERE e.extname = 'vector') AS vector_schema,
  EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS vector_available
