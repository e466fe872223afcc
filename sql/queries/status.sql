-- What the login is connected to, and as what.
--
-- Reads the system catalogue only. kind: of the login's group, NULL where there are no such groups.
-- Columns: (one row) login text, kind text or NULL, database text, version text, standby bool, now timestamptz,
-- extensions text[] (name and version).
SELECT
  session_user::text AS login,
  (SELECT CASE g.rolname WHEN 'zava_head_office' THEN 'head_office' WHEN 'zava_regional' THEN 'regional' ELSE 'store' END
   FROM pg_roles AS g
   WHERE g.rolname IN ('zava_head_office', 'zava_regional', 'zava_manager') AND pg_has_role(session_user, g.oid, 'MEMBER')
   ORDER BY g.rolname LIMIT 1) AS kind,
  current_database()::text AS database,
  current_setting('server_version') AS version,
  pg_is_in_recovery() AS standby,
  now() AS now,
  ARRAY(SELECT e.extname || ' ' || e.extversion FROM pg_extension AS e ORDER BY e.extname)::text[] AS extensions
