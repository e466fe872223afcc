-- What the login can do besides reading: write, use sequences and large objects, create, reach foreign servers.
--
-- Goes by the grants themselves, so that each finding names the REVOKE that ends it. A database without zava.principal
-- has the original sample's grants: there sequences and TEMPORARY, of no use within a SELECT, are warnings. Rows and
-- search_path as in posture_login.sql; none when reading is all.
-- Columns: name text, severity text, detail text, remedy text.
WITH mapped AS (
  SELECT EXISTS (
    SELECT FROM pg_class WHERE relname = 'principal' AND relnamespace = to_regnamespace('zava')) AS by_login
), acting AS (
  SELECT 0 AS oid, 'PUBLIC' AS name
  UNION ALL
  SELECT r.oid, quote_ident(r.rolname) FROM pg_roles AS r WHERE pg_has_role(session_user, r.oid, 'MEMBER')
), relation AS (
  SELECT c.oid, c.relkind, c.relacl, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND has_schema_privilege(n.oid, 'USAGE')
), granted AS (
  SELECT r.name, r.relkind, x.grantee, x.privilege_type AS privilege, x.privilege_type AS revoked
  FROM relation AS r
  CROSS JOIN LATERAL aclexplode(
    coalesce(r.relacl, acldefault(CASE WHEN r.relkind = 'S' THEN 's'::"char" ELSE 'r' END, r.relowner))) AS x
  UNION ALL
  SELECT r.name, r.relkind, x.grantee, x.privilege_type, format('%s (%I)', x.privilege_type, t.attname)
  FROM relation AS r
  JOIN pg_attribute AS t ON t.attrelid = r.oid AND t.attacl IS NOT NULL
  CROSS JOIN LATERAL aclexplode(t.attacl) AS x
), usable AS (
  SELECT g.*, a.name AS through
  FROM granted AS g
  JOIN acting AS a ON a.oid = g.grantee
  WHERE g.relkind = 'S' OR g.privilege <> 'SELECT'
), creating AS (
  SELECT format('SCHEMA %I', n.nspname) AS place, x.privilege_type AS privilege, x.grantee
  FROM pg_namespace AS n
  CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS x
  WHERE x.privilege_type = 'CREATE'
  UNION ALL
  SELECT format('DATABASE %I', d.datname), x.privilege_type, x.grantee
  FROM pg_database AS d
  CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS x
  WHERE d.datname = current_database() AND x.privilege_type IN ('CREATE', 'TEMPORARY')
  UNION ALL
  SELECT format('TABLESPACE %I', t.spcname), x.privilege_type, x.grantee
  FROM pg_tablespace AS t
  CROSS JOIN LATERAL aclexplode(coalesce(t.spcacl, acldefault('t', t.spcowner))) AS x
  UNION ALL
  SELECT format('FOREIGN SERVER %I', s.srvname), x.privilege_type, x.grantee
  FROM pg_foreign_server AS s
  CROSS JOIN LATERAL aclexplode(coalesce(s.srvacl, acldefault('S', s.srvowner))) AS x
  UNION ALL
  SELECT format('FOREIGN DATA WRAPPER %I', w.fdwname), x.privilege_type, x.grantee
  FROM pg_foreign_data_wrapper AS w
  CROSS JOIN LATERAL aclexplode(coalesce(w.fdwacl, acldefault('F', w.fdwowner))) AS x
)
SELECT CASE WHEN relkind = 'S' THEN 'sequences' ELSE 'nothing_writable' END AS name,
  CASE WHEN relkind = 'S' AND (privileges = '{SELECT}' OR NOT by_login) THEN 'warn' ELSE 'refuse' END AS severity,
  format('%s has %s on %s', through, array_to_string(privileges, ', '), u.name) AS detail,
  format('REVOKE %s ON %s%s FROM %s', revoked, CASE WHEN relkind = 'S' THEN 'SEQUENCE ' ELSE '' END, u.name, through)
    AS remedy
FROM (
  SELECT name, relkind, through, array_agg(DISTINCT privilege) AS privileges, string_agg(DISTINCT revoked, ', ') AS revoked
  FROM usable GROUP BY name, relkind, through) AS u
CROSS JOIN mapped
UNION ALL
SELECT CASE WHEN place ~ '^FOREIGN' THEN 'foreign_servers' ELSE 'nothing_created' END,
  CASE WHEN place ~ '^FOREIGN' OR NOT by_login AND c.privilege = 'TEMPORARY' THEN 'warn' ELSE 'refuse' END,
  format('%s has %s on %s', a.name, c.privilege, place), format('REVOKE %s ON %s FROM %s', c.privilege, place, a.name)
FROM creating AS c
JOIN acting AS a ON a.oid = c.grantee
CROSS JOIN mapped
UNION ALL
SELECT 'large_objects', CASE WHEN has_function_privilege('lo_get(oid)', 'EXECUTE')
    OR has_function_privilege('lo_open(oid,integer)', 'EXECUTE') THEN 'refuse' ELSE 'warn' END,
  format('%s has %s on %s large objects, such as %s', a.name, string_agg(DISTINCT x.privilege_type, ', '),
    count(DISTINCT m.oid), min(m.oid::bigint)),
  string_agg(DISTINCT format('REVOKE ALL ON LARGE OBJECT %s FROM %s', m.oid, a.name), '; ')
FROM pg_largeobject_metadata AS m
CROSS JOIN LATERAL aclexplode(m.lomacl) AS x
JOIN acting AS a ON a.oid = x.grantee
GROUP BY a.name
UNION ALL
SELECT 'large_objects', 'refuse', 'lo_compat_privileges is on: everybody reads and writes every large object',
  format('ALTER DATABASE %I SET lo_compat_privileges = off, or postgresql.conf', current_database())
WHERE current_setting('lo_compat_privileges')::boolean AND has_function_privilege('lo_open(oid,integer)', 'EXECUTE')
