-- Functions that the login can run and that might show or do more than it may, and names that shadow PostgreSQL's own.
--
-- Looks at every function outside pg_catalog, and at who may put functions where names are looked up (retail, public).
-- Rows and search_path as in posture_login.sql.
-- Columns: name text, severity text, detail text, remedy text.
WITH acting AS (
  SELECT 0 AS oid, 'PUBLIC' AS name
  UNION ALL
  SELECT r.oid, quote_ident(r.rolname) FROM pg_roles AS r WHERE pg_has_role(session_user, r.oid, 'MEMBER')
), trusted AS (
  -- who could do worse than make a function
  SELECT r.oid FROM pg_roles AS r WHERE r.rolsuper OR r.rolname IN ('zava_owner', 'pg_database_owner')
  UNION ALL
  SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database()
), routine AS MATERIALIZED (
  SELECT p.oid, p.proname, p.proowner, p.proacl, p.pronargs, p.prosecdef, p.proleakproof, n.nspname, l.lanname,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS signature,
    e.extname AS extension,
    l.lanpltrusted OR l.lanname IN ('internal', 'c') AS tame
  FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_language AS l ON l.oid = p.prolang
  LEFT JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    AND d.refclassid = 'pg_extension'::regclass
  LEFT JOIN pg_extension AS e ON e.oid = d.refobjid
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'w')
    AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'fdw_handler'::regtype)
), remarkable AS (
  SELECT r.*,
    CASE WHEN r.prosecdef THEN 'definer_functions' WHEN r.proleakproof THEN 'leakproof_functions'
      ELSE 'dangerous_functions' END AS name,
    CASE WHEN r.prosecdef THEN 'runs with the rights of its owner' WHEN r.proleakproof THEN 'is marked LEAKPROOF'
      WHEN NOT r.tame THEN format('is written in %s, which can do anything', r.lanname)
      ELSE format('belongs to the extension %s', r.extension) END AS why
  FROM routine AS r
  WHERE r.prosecdef AND NOT (r.nspname = 'zava' AND r.pronargs = 0 AND r.proname IN ('is_head_office', 'my_store', 'my_region'))
    OR r.proleakproof OR NOT r.tame
    -- reach other servers, files or other people's statements
    OR r.extension IN ('dblink', 'postgres_fdw', 'file_fdw', 'adminpack', 'http', 'pg_net', 'aws_s3', 'aws_lambda',
      'oracle_fdw', 'mysql_fdw', 'tds_fdw', 'pg_cron', 'pg_background', 'lo', 'pageinspect', 'pgrowlocks', 'pgstattuple',
      'pg_stat_statements', 'pg_buffercache', 'pg_freespacemap', 'pg_visibility', 'pg_walinspect', 'pg_prewarm', 'tablefunc',
      'xml2')
), runnable AS (
  SELECT r.oid, r.name, r.extension, r.signature, r.why,
    (SELECT string_agg(a.name, ', ' ORDER BY a.name)
     FROM aclexplode(coalesce(r.proacl, acldefault('f', r.proowner))) AS x
     JOIN acting AS a ON a.oid = x.grantee) AS through
  FROM remarkable AS r
  JOIN pg_namespace AS n ON n.nspname = r.nspname AND has_schema_privilege(n.oid, 'USAGE')
), shadowing AS (
  SELECT r.proowner AS owner, format('function %s', r.signature) AS what, format('DROP FUNCTION %s', r.signature) AS remedy
  FROM routine AS r
  WHERE r.nspname IN ('retail', 'public') AND r.extension IS NULL
    AND r.proname IN (SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace)
  UNION ALL
  SELECT o.oprowner, format('operator %s', o.oid::regoperator), format('DROP OPERATOR %s', o.oid::regoperator)
  FROM pg_operator AS o
  JOIN pg_namespace AS n ON n.oid = o.oprnamespace
  WHERE n.nspname IN ('retail', 'public')
    AND o.oprname IN (SELECT oprname FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace)
    AND NOT EXISTS (
      SELECT FROM pg_depend AS d
      WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e')
)
SELECT name, CASE WHEN name <> 'definer_functions' AND extension IS NOT NULL AND extension NOT IN ('dblink', 'adminpack',
    'http', 'pg_net', 'aws_s3', 'aws_lambda', 'pg_cron', 'pg_background') THEN 'warn' ELSE 'refuse' END AS severity,
  min(format('%s can run %s, which %s', session_user, signature, why))
    || CASE WHEN count(*) > 1 THEN format(', and %s more', count(*) - 1) ELSE '' END AS detail,
  string_agg(format('REVOKE EXECUTE ON FUNCTION %s FROM %s', signature, through), '; ' ORDER BY signature) AS remedy
FROM runnable
WHERE through IS NOT NULL
GROUP BY name, extension, CASE WHEN extension IS NULL THEN oid END
UNION ALL
SELECT 'search_path', 'refuse', format('%s may put objects into the schema %I', coalesce(r.rolname, 'everybody'), n.nspname),
  format('REVOKE CREATE ON SCHEMA %I FROM %s', n.nspname, coalesce(quote_ident(r.rolname), 'PUBLIC'))
FROM pg_namespace AS n
CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS x
LEFT JOIN pg_roles AS r ON r.oid = x.grantee
WHERE n.nspname IN ('retail', 'public') AND x.privilege_type = 'CREATE'
  AND x.grantee <> n.nspowner AND x.grantee NOT IN (SELECT oid FROM trusted)
UNION ALL
SELECT 'search_path', CASE WHEN owner IN (SELECT oid FROM trusted) THEN 'warn' ELSE 'refuse' END,
  format('the %s shadows one of PostgreSQL itself', what), remedy
FROM shadowing
UNION ALL
-- PostgreSQL marks comparisons, their sorting and hashing, and casts between like types; a later version may mark more
SELECT 'leakproof_functions', 'warn', format('%s is marked LEAKPROOF, and PostgreSQL 18 does not do so', p.oid::regprocedure),
  format('ALTER FUNCTION %s NOT LEAKPROOF', p.oid::regprocedure)
FROM pg_proc AS p
WHERE p.proleakproof AND p.pronamespace = 'pg_catalog'::regnamespace
  AND p.proname !~ '(eq|neq?|lt|le|gt|ge)(text|name|int4)?$|cmp$|_(larger|smaller)$'
  AND p.proname <> ALL ('{starts_with,md5,sha224,sha256,sha384,sha512,crc32,crc32c,uuid_extract_version,
    uuid_extract_timestamp}'::name[])
  AND p.proname <> (SELECT t.typname FROM pg_type AS t WHERE t.oid = p.prorettype)
