-- What stands between this login and other people's rows, one row per check.
--
-- Reads the system catalogue only. A table holds store data when it is in schema retail and has a store_id column.
-- Columns: name text (stable name of the check), ok bool, detail text (what was found).
WITH login AS (
  SELECT r.oid, r.rolname, r.rolsuper, r.rolbypassrls
  FROM pg_catalog.pg_roles AS r
  WHERE r.rolname = session_user
), shop AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
    n.nspname = 'retail' AND c.relkind IN ('r', 'p') AND EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped) AS of_a_store
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('retail', 'zava') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), open_table AS (
  SELECT name FROM shop WHERE of_a_store AND NOT (relrowsecurity AND relforcerowsecurity)
), unpinned AS (
  SELECT s.name
  FROM shop AS s
  WHERE s.of_a_store
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy AS p WHERE p.polrelid = s.oid AND NOT p.polpermissive)
), writable AS (
  SELECT s.name
  FROM shop AS s
  WHERE pg_catalog.has_table_privilege(s.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR pg_catalog.has_any_column_privilege(s.oid, 'INSERT, UPDATE')
), creatable AS (
  SELECT 'schema ' || n.nspname AS name
  FROM pg_catalog.pg_namespace AS n
  WHERE pg_catalog.has_schema_privilege(n.oid, 'CREATE')
  UNION ALL
  SELECT 'database (' || right_name || ')'
  FROM unnest(ARRAY['CREATE', 'TEMPORARY']) AS right_name
  WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), right_name)
)
SELECT 'server_version' AS name,
  pg_catalog.current_setting('server_version_num')::int >= 160000 AS ok,
  'PostgreSQL ' || pg_catalog.current_setting('server_version') AS detail
UNION ALL
SELECT 'pgvector', count(*) > 0, coalesce('pgvector ' || max(extversion), 'extension vector is missing')
FROM pg_catalog.pg_extension WHERE extname = 'vector'
UNION ALL
SELECT 'login_bound', NOT (rolsuper OR rolbypassrls),
  rolname || CASE WHEN rolsuper THEN ' is a superuser' WHEN rolbypassrls THEN ' has BYPASSRLS'
    ELSE ' is bound by row security' END
FROM login
UNION ALL
SELECT 'login_owns_nothing', count(*) = 0,
  CASE WHEN count(*) = 0 THEN 'the login owns no table'
    ELSE 'owned: ' || string_agg(s.name, ', ' ORDER BY s.name) END
FROM shop AS s WHERE pg_catalog.pg_has_role(session_user, s.relowner, 'MEMBER')
UNION ALL
SELECT 'row_security_forced', count(o.name) = 0 AND (SELECT count(*) FROM shop WHERE of_a_store) > 0,
  CASE WHEN count(o.name) > 0 THEN 'not forced on ' || string_agg(o.name, ', ' ORDER BY o.name)
    ELSE (SELECT count(*) FROM shop WHERE of_a_store) || ' tables with store data, all forced' END
FROM open_table AS o
UNION ALL
SELECT 'stores_pinned', count(*) = 0,
  CASE WHEN count(*) = 0 THEN 'every table with store data has a restrictive policy'
    ELSE 'no restrictive policy on ' || string_agg(u.name, ', ' ORDER BY u.name) END
FROM unpinned AS u
UNION ALL
SELECT 'nothing_writable', count(*) = 0,
  CASE WHEN count(*) = 0 THEN 'no table can be written' ELSE 'writable: ' || string_agg(w.name, ', ' ORDER BY w.name) END
FROM writable AS w
UNION ALL
SELECT 'nothing_created', count(*) = 0,
  CASE WHEN count(*) = 0 THEN 'nothing can be created'
    ELSE 'something can be created in: ' || string_agg(c.name, ', ' ORDER BY c.name) END
FROM creatable AS c
