-- Where a database stands before it is protected.
--
-- $1 text: schema.
-- Columns: has_schema bool, made_by_create bool (`zava-mcp db create` made the mapping), has_record bool,
-- is_superuser bool, owns_database bool, owner_role_out_of_reach bool (zava_owner is there and may not be used).
SELECT
  EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text) AS has_schema,
  to_regclass('zava.principal') IS NOT NULL AND to_regclass('zava_admin.applied_step') IS NOT NULL
    AND to_regclass('zava_admin.protection') IS NULL AS made_by_create,
  to_regclass('zava_admin.protection') IS NOT NULL AS has_record,
  me.rolsuper AS is_superuser,
  pg_has_role(d.datdba, 'USAGE') AS owns_database,
  coalesce((SELECT NOT pg_has_role(o.oid, 'SET') AND NOT pg_has_role(o.oid, 'USAGE WITH ADMIN OPTION')
            FROM pg_roles AS o WHERE o.rolname = 'zava_owner'), false) AS owner_role_out_of_reach
FROM pg_roles AS me, pg_database AS d
WHERE me.rolname = current_user AND d.datname = current_database()
