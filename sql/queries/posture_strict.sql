-- What the strict profile would take away and is still there: functions, statistics, physical columns, settings.
--
-- The counterpart of sql/admin/strict_profile.sql and column_rights.sql, as the login sees it. All are warnings. Where
-- there is no zava.principal, settings carry the identity, and that SQL may change them is a finding of its own. Rows and
-- search_path as in posture_login.sql; none when the profile is in place.
-- Columns: name text, severity text, detail text, remedy text.
WITH mapped AS (
  SELECT EXISTS (
      SELECT FROM pg_class WHERE relname = 'principal' AND relnamespace = to_regnamespace('zava')) AS by_login,
    EXISTS (
      SELECT FROM pg_class WHERE relname = 'protection' AND relnamespace = to_regnamespace('zava_admin')) AS by_protect
), profile AS (
  SELECT by_login, command, CASE WHEN by_login THEN command || ', as a superuser'
    ELSE 'psql -f sql/admin/strict_profile.sql, as a superuser, where no other program needs these' END AS strict
  FROM mapped CROSS JOIN LATERAL (
    SELECT CASE WHEN by_protect THEN 'zava-mcp db protect' ELSE 'zava-mcp db create' END AS command) AS c
), acting AS (
  SELECT 0 AS oid, 'PUBLIC' AS name
  UNION ALL
  SELECT r.oid, quote_ident(r.rolname) FROM pg_roles AS r WHERE pg_has_role(session_user, r.oid, 'MEMBER')
), candidate AS MATERIALIZED (
  SELECT p.oid, p.proname, p.proacl
  FROM pg_proc AS p
  WHERE (p.provolatile = 'v'
      OR p.proname = ANY ('{txid_current,txid_current_if_assigned,txid_current_snapshot,pg_current_xact_id,
        pg_current_xact_id_if_assigned,pg_current_snapshot,mxid_age,pg_get_replication_slots,
        pg_column_toast_chunk_id}'::name[])
      OR p.proname LIKE 'pg\_stat\_get\_%' OR p.proname LIKE '%\_to\_xml%' OR p.oid = 'age(xid)'::regprocedure)
    AND p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
    AND p.proname <> ALL ('{random,random_normal,gen_random_uuid,uuidv4,array_sample,array_shuffle,nextval,currval,lastval,
      setval,pg_is_in_recovery,pg_partition_ancestors,pg_partition_tree,pg_jit_available}'::name[])
    AND p.proname NOT LIKE 'binary\_upgrade\_%'
    AND p.prorettype <> ALL ('{internal,trigger,event_trigger,language_handler,fdw_handler,index_am_handler,tsm_handler,
      table_am_handler}'::regtype[])
    AND NOT p.proargtypes::regtype[] && '{internal}'
), effect AS (
  -- by the grants themselves: asking for the right on each function would load each of them once more
  SELECT p.proname FROM candidate AS p
  WHERE p.proacl IS NULL OR EXISTS (
    SELECT FROM aclexplode(p.proacl) AS x
    WHERE x.privilege_type = 'EXECUTE' AND x.grantee IN (SELECT oid FROM acting))
), telling AS (
  SELECT c.relname
  FROM pg_class AS c
  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'v'
    AND (c.relname ~ '^pg_stat(io)?_' OR c.relname IN ('pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs', 'pg_locks',
      'pg_prepared_xacts', 'pg_replication_slots', 'pg_sequences'))
    AND has_table_privilege(c.oid, 'SELECT')
  UNION ALL
  SELECT 'the row counts of pg_class' WHERE has_column_privilege('pg_class'::regclass, 'reltuples', 'SELECT')
), shop AS (
  SELECT c.oid, c.relacl, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
), column_list AS (
  SELECT s.oid, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS names,
    string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
      FILTER (WHERE NOT has_column_privilege(s.oid, a.attnum, 'SELECT')) AS closed
  FROM shop AS s
  JOIN pg_attribute AS a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
  GROUP BY s.oid
)
SELECT 'strict_profile' AS name, 'warn' AS severity,
  format('%s functions with side effects can be run, such as %s', count(*),
    coalesce(min(proname) FILTER (WHERE proname = 'set_config'), min(proname))) AS detail,
  min(strict) AS remedy
FROM effect CROSS JOIN profile HAVING count(*) > 0
UNION ALL
SELECT 'strict_profile', 'warn', 'UPDATE on pg_settings calls set_config', strict
FROM profile
WHERE has_any_column_privilege('pg_settings'::regclass, 'UPDATE')
UNION ALL
SELECT 'statistics', 'warn', format('%s views tell of rows and sessions of others, such as %s', count(*), min(relname)),
  min(strict)
FROM telling CROSS JOIN profile HAVING count(*) > 0
UNION ALL
SELECT 'physical_columns', 'warn',
  format('%s has %s tables as a whole, with ctid and xmin, such as %s', a.name, count(*), min(s.name)),
  CASE WHEN a.name IN ('zava_head_office', 'zava_regional', 'zava_manager') AND bool_and(by_login) THEN min(command)
    ELSE string_agg(
      format('REVOKE SELECT ON %1$s FROM %2$s; GRANT SELECT (%3$s) ON %1$s TO %2$s', s.name, a.name, l.names), '; ') END
FROM shop AS s
CROSS JOIN LATERAL aclexplode(coalesce(s.relacl, acldefault('r', s.relowner))) AS x
JOIN acting AS a ON a.oid = x.grantee
JOIN column_list AS l ON l.oid = s.oid
CROSS JOIN profile
WHERE x.privilege_type = 'SELECT'
GROUP BY a.name
UNION ALL
SELECT 'sampling', 'warn',
  format('TABLESAMPLE %s shows in which block a row lies', string_agg(p.proname, ', ' ORDER BY p.proname)),
  CASE WHEN n.nspname = 'pg_catalog' THEN min(strict)
    WHEN n.nspname = 'zava_closed' THEN format('REVOKE USAGE ON SCHEMA zava_closed FROM %s', (
      SELECT string_agg(a.name, ', ') FROM aclexplode(n.nspacl) AS x JOIN acting AS a ON a.oid = x.grantee
      WHERE a.name <> 'pg_database_owner'))
    ELSE string_agg(format('ALTER FUNCTION %I.%I(internal) SET SCHEMA zava_closed', n.nspname, p.proname), '; ') END
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
CROSS JOIN profile
WHERE p.prorettype = 'tsm_handler'::regtype AND p.proargtypes[0] = 'internal'::regtype
  AND CASE WHEN n.nspname <> 'zava_closed' THEN has_schema_privilege(n.oid, 'USAGE')
    -- the owner may, and who can read everything; both are refused by other checks
    ELSE EXISTS (
      SELECT FROM aclexplode(n.nspacl) AS x JOIN acting AS a ON a.oid = x.grantee WHERE a.name <> 'pg_database_owner') END
GROUP BY n.oid, n.nspname, n.nspacl
UNION ALL
SELECT 'closed_columns', 'warn', format('%s of %s is not granted, so SELECT * fails there', l.closed, s.name),
  format('GRANT SELECT (%s) ON %s TO zava_head_office, zava_regional, zava_manager', l.closed, s.name)
FROM shop AS s JOIN column_list AS l USING (oid) CROSS JOIN profile
WHERE by_login AND l.closed IS NOT NULL
UNION ALL
SELECT 'settings_fixed', 'warn', 'the identity is a setting, and SQL may change settings',
  'zava-mcp db protect proves identities; --allow-asserted-identity accepts the risk'
FROM mapped
WHERE NOT by_login AND (has_function_privilege('set_config(text,text,boolean)', 'EXECUTE')
  OR has_any_column_privilege('pg_settings'::regclass, 'UPDATE'))
