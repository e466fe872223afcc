-- Which readable tables and views with store data row security does not guard.
--
-- A table holds store data when it has a column store_id or primary_store_id, also as a partition, or refers to one that
-- has. A database without zava.principal has the original sample's policies: there FORCE is a warning. Rows and
-- search_path as in posture_login.sql; one row with severity ok says how many tables are guarded.
-- Columns: name text, severity text, detail text, remedy text.
WITH mapped AS (
  SELECT EXISTS (
    SELECT FROM pg_class WHERE relname = 'principal' AND relnamespace = to_regnamespace('zava')) AS by_login
), acting AS (
  SELECT 0 AS oid, 'PUBLIC' AS name
  UNION ALL
  SELECT r.oid, quote_ident(r.rolname) FROM pg_roles AS r WHERE pg_has_role(session_user, r.oid, 'MEMBER')
), relation AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, n.nspname,
    format('%I.%I', n.nspname, c.relname) AS name,
    CASE WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized view'
      WHEN c.relkind = 'f' THEN 'foreign table' ELSE 'table' END AS kind,
    EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attname IN ('store_id', 'primary_store_id') AND NOT a.attisdropped) AS of_a_store,
    has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') AS readable
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT (n.nspname = 'zava' AND c.relname IN ('principal', 'principal_store'))
), store_data AS (
  SELECT oid FROM relation WHERE of_a_store AND relkind IN ('r', 'p', 'f')
  UNION
  SELECT k.conrelid
  FROM pg_constraint AS k
  JOIN relation AS r ON r.oid = k.confrelid AND r.of_a_store
  WHERE k.contype = 'f' AND k.conrelid IN (SELECT oid FROM relation)
), shows AS (
  -- what views show, through other views too
  WITH RECURSIVE step AS (
    SELECT w.ev_class AS view, d.refobjid AS shown
    FROM pg_rewrite AS w
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
    WHERE w.rulename = '_RETURN' AND w.ev_class >= 16384 AND d.refobjid <> w.ev_class -- not PostgreSQL's own views
  ), deep AS (
    SELECT view, shown FROM step
    UNION
    SELECT deep.view, step.shown FROM deep JOIN step ON step.view = deep.shown
  )
  SELECT deep.view, deep.shown FROM deep JOIN store_data AS s ON s.oid = deep.shown
), revoke AS (
  SELECT c.oid, string_agg(DISTINCT format('REVOKE SELECT ON %s FROM %s', r.name, a.name), '; ') AS statements
  FROM relation AS r
  JOIN pg_class AS c ON c.oid = r.oid
  CROSS JOIN LATERAL (
    SELECT grantee, privilege_type FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))
    UNION ALL
    SELECT x.grantee, x.privilege_type FROM pg_attribute AS t CROSS JOIN LATERAL aclexplode(t.attacl) AS x
    WHERE t.attrelid = c.oid) AS granted
  JOIN acting AS a ON a.oid = granted.grantee
  WHERE granted.privilege_type = 'SELECT'
  GROUP BY c.oid
), guarded AS (
  SELECT r.* FROM relation AS r WHERE r.readable AND r.of_a_store AND r.relkind IN ('r', 'p')
)
SELECT 'row_security_forced' AS name, 'refuse' AS severity, format('row security is off on %s', name) AS detail,
  format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name) AS remedy
FROM guarded WHERE NOT relrowsecurity
UNION ALL
SELECT 'row_security_forced', CASE WHEN by_login THEN 'refuse' ELSE 'warn' END,
  format('row security does not bind the owner of %s', name), format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name)
FROM guarded CROSS JOIN mapped WHERE relrowsecurity AND NOT relforcerowsecurity
UNION ALL
SELECT 'row_security_forced', CASE WHEN count(*) > 0 THEN 'ok' ELSE 'warn' END,
  CASE WHEN count(*) > 0 THEN format('%s tables with store data, all forced', count(*))
    ELSE 'no table with store data is readable' END, 'zava-mcp db create'
FROM guarded
UNION ALL
SELECT 'store_data_protected', 'refuse', format('%s refers to store data and has no row security', r.name), v.statements
FROM relation AS r
JOIN revoke AS v USING (oid)
WHERE r.readable AND r.relkind IN ('r', 'p') AND NOT r.of_a_store AND NOT r.relrowsecurity
  AND r.oid IN (SELECT oid FROM store_data)
UNION ALL
SELECT 'store_data_protected', CASE WHEN of_a_store OR relkind = 'm' THEN 'refuse' ELSE 'warn' END,
  format('the %s %s is readable, and row security cannot guard it', r.kind, r.name), v.statements
FROM relation AS r
JOIN revoke AS v USING (oid)
WHERE r.readable
  AND (r.relkind = 'f' OR r.relkind = 'm' AND (r.of_a_store OR r.oid IN (SELECT view FROM shows)))
UNION ALL
SELECT 'store_data_protected', CASE WHEN bool_or(o.rolsuper OR o.rolbypassrls
    OR pg_has_role(o.oid, t.relowner, 'USAGE') AND NOT t.relforcerowsecurity) THEN 'refuse' ELSE 'warn' END,
  format('the view %s shows store data as %s sees it', r.name, o.rolname),
  format('ALTER VIEW %s SET (security_invoker = true)', r.name)
FROM relation AS r
JOIN shows AS s ON s.view = r.oid
JOIN pg_class AS t ON t.oid = s.shown
JOIN pg_roles AS o ON o.oid = r.relowner
WHERE r.readable AND r.relkind = 'v'
  AND NOT EXISTS (
    SELECT FROM pg_options_to_table(r.reloptions)
    WHERE option_name = 'security_invoker' AND option_value::boolean)
GROUP BY r.name, o.rolname
