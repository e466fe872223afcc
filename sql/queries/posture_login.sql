-- What is wrong with the login itself: attributes, what it owns, roles it is a member of, settings that it brings.
--
-- Reads the system catalogue only, with search_path = pg_catalog and row_security as the connection brought it. One row for each finding; none for a sound login.
-- Columns: name text (of the check), severity text (refuse or warn), detail text (what was found), remedy text (the
-- command or SQL that mends it).
WITH login AS (
  SELECT r.* FROM pg_roles AS r WHERE r.rolname = session_user
), held AS (
  -- SET ROLE counts as much as inheriting: set_config('role', ...) works within a SELECT
  SELECT r.*, pg_has_role(l.oid, r.oid, 'USAGE') AS inherited
  FROM pg_roles AS r CROSS JOIN login AS l WHERE r.oid <> l.oid AND pg_has_role(l.oid, r.oid, 'MEMBER')
), acting AS (
  SELECT oid, rolname FROM login UNION ALL SELECT oid, rolname FROM held
), way_in AS (
  -- the memberships that lead to a held role; without them it is not held
  SELECT m.roleid, string_agg(format('REVOKE %I FROM %I', r.rolname, a.rolname), '; ' ORDER BY a.rolname) AS revoke
  FROM pg_auth_members AS m
  JOIN acting AS a ON a.oid = m.member
  JOIN held AS r ON r.oid = m.roleid
  GROUP BY m.roleid
), here AS (
  SELECT oid FROM pg_database WHERE datname = current_database()
), owned AS (
  -- PostgreSQL's own record of owners: of anything in this database, and of the database
  SELECT a.oid, a.rolname, count(*) AS things, min(o.type || ' ' || o.identity) AS first
  FROM pg_shdepend AS d
  JOIN acting AS a ON a.oid = d.refobjid
  CROSS JOIN here
  CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS o
  WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o'
    AND (d.dbid = here.oid OR d.dbid = 0 AND (d.classid <> 'pg_database'::regclass OR d.objid = here.oid))
  GROUP BY a.oid, a.rolname
), setting AS (
  SELECT s.setrole, s.setdatabase, split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value
  FROM pg_db_role_setting AS s CROSS JOIN unnest(s.setconfig) AS one
  WHERE s.setrole IN (0, (SELECT oid FROM login))
    AND s.setdatabase IN (0, (SELECT oid FROM here))
)
SELECT 'login_bound' AS name, 'refuse' AS severity,
  rolname || CASE WHEN rolsuper THEN ' is a superuser' ELSE ' has BYPASSRLS' END AS detail,
  CASE WHEN rolsuper THEN 'zava-mcp identity add makes a login of its own for this identity'
    ELSE format('ALTER ROLE %I NOBYPASSRLS', rolname) END AS remedy
FROM login WHERE rolsuper OR rolbypassrls
UNION ALL
SELECT 'login_owns_nothing', 'refuse',
  format('%s%s owns %s', CASE WHEN o.oid = l.oid THEN '' ELSE l.rolname || ' is a member of ' END, o.rolname, o.first)
    || CASE WHEN o.things > 1 THEN format(' and %s more', o.things - 1) ELSE '' END,
  CASE WHEN o.oid <> l.oid THEN coalesce((SELECT revoke FROM way_in WHERE roleid = o.oid),
      format('ALTER DATABASE %I OWNER TO zava_owner', current_database()))
    ELSE format('REASSIGN OWNED BY %I TO zava_owner', o.rolname) END
FROM owned AS o CROSS JOIN login AS l
UNION ALL
SELECT 'login_attributes', 'refuse', rolname || ' has ' || concat_ws(', ', CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END),
  format('ALTER ROLE %I NOREPLICATION NOCREATEROLE NOCREATEDB', rolname)
FROM login WHERE rolreplication OR rolcreaterole OR rolcreatedb
UNION ALL
SELECT 'login_roles', 'refuse', format('%s is a member of %s, which %s', l.rolname, h.rolname,
    CASE WHEN NOT h.inherited THEN 'SET ROLE would open' WHEN h.rolname ~ '^pg_' THEN 'is a role of PostgreSQL itself' WHEN h.rolcanlogin THEN 'is a login of its own'
      WHEN h.rolname = 'zava_owner' THEN 'owns the shop' ELSE 'has more than rights to read' END),
  (SELECT revoke FROM way_in WHERE roleid = h.oid)
FROM held AS h CROSS JOIN login AS l
WHERE NOT l.rolsuper AND h.rolname <> 'pg_database_owner'
  AND (h.rolname ~ '^pg_' OR h.rolname = 'zava_owner' OR h.rolcanlogin OR h.rolsuper OR h.rolbypassrls
    OR h.rolreplication OR h.rolcreaterole OR h.rolcreatedb OR NOT h.inherited)
UNION ALL
SELECT 'login_settings', CASE WHEN name = 'search_path' THEN 'warn' ELSE 'refuse' END,
  format('%s is set to %s for %s', name, value,
    CASE setrole WHEN 0 THEN 'everybody in this database' ELSE 'this login' END),
  CASE WHEN setrole = 0 THEN format('ALTER DATABASE %I RESET %I', current_database(), name)
    ELSE format('ALTER ROLE %I%s RESET %I', session_user, CASE WHEN setdatabase = 0 THEN ''
      ELSE format(' IN DATABASE %I', current_database()) END, name) END
FROM setting
WHERE name IN ('role', 'session_authorization', 'session_preload_libraries', 'local_preload_libraries',
    'dynamic_library_path', 'session_replication_role', 'lo_compat_privileges', 'search_path')
  OR name = 'row_security' AND lower(value) NOT IN ('on', 'true', 'yes', '1')
UNION ALL
SELECT 'login_settings', 'refuse', 'row_security is off for this connection', 'set row_security = on in postgresql.conf'
WHERE current_setting('row_security') = 'off' AND NOT EXISTS (SELECT FROM setting WHERE name = 'row_security')
UNION ALL
SELECT 'login_settings', 'refuse', format('the connection acts as %s instead of %s', current_user, session_user),
  format('ALTER ROLE %I RESET role', session_user)
WHERE current_user <> session_user AND NOT EXISTS (SELECT FROM setting WHERE name = 'role')
UNION ALL
SELECT 'login_settings', 'warn', format('%s may set %s, which is for superusers', a.rolname, p.parname),
  format('REVOKE %s ON PARAMETER %I FROM %I', granted.privilege_type, p.parname, a.rolname)
FROM pg_parameter_acl AS p CROSS JOIN LATERAL aclexplode(p.paracl) AS granted
JOIN (SELECT oid, rolname FROM acting UNION ALL SELECT 0, 'public') AS a ON a.oid = granted.grantee
UNION ALL
SELECT 'temp_files', 'warn', 'temp_file_limit is not set: one query may fill the disk of the server',
  format('ALTER ROLE %I SET temp_file_limit = ''1GB''', session_user)
WHERE current_setting('temp_file_limit') = '-1'
