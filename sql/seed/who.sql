-- Whether there is anything to fill, and whether row security applies to the login.
SELECT
  r.rolsuper AS is_superuser,
  EXISTS (
    SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'retail' AND c.relname = 'orders'
  ) AS has_schema
FROM pg_roles AS r
WHERE r.rolname = current_user
