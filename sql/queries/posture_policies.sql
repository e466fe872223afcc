-- Whether the policies on store data, and what they ask, are the ones that this version makes.
--
-- Policies are found by what they do, not by their names. `db create` makes four on each table with a store column; `db
-- protect` makes four as well, for any column, beside the policies of others, which the restrictive ones outweigh. A
-- database without zava.principal has the original sample's: there only a policy that shows every row is refused. Rows and search_path as in posture_login.sql.
-- Columns: name text, severity text, detail text, remedy text.
WITH mapped AS (
  SELECT EXISTS (
      SELECT FROM pg_class WHERE relname = 'principal' AND relnamespace = to_regnamespace('zava')) AS by_login,
    EXISTS (
      SELECT FROM pg_class WHERE relname = 'protection' AND relnamespace = to_regnamespace('zava_admin')) AS by_protect
), secured AS (
  -- the store column: by name, else whatever db protect found
  SELECT c.oid, c.relname, format('%I.%I', n.nspname, c.relname) AS name, (
    SELECT a.attname
    FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attname IN ('store_id', 'primary_store_id') AND NOT a.attisdropped
    ORDER BY a.attname DESC LIMIT 1) AS store_column
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT (n.nspname = 'zava' AND c.relname IN ('principal', 'principal_store'))
    AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
), guarded AS (
  SELECT s.*
  FROM secured AS s
  CROSS JOIN mapped
  WHERE s.store_column IS NOT NULL OR by_protect AND (
    s.name = 'retail.stores'
    OR EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = s.oid AND p.polname LIKE 'zava\_own\_%'))
), policy AS MATERIALIZED (
  SELECT p.polrelid, p.polname, p.polpermissive, p.polroles,
    regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') AS shows,
    ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE r.oid = ANY (p.polroles) ORDER BY r.rolname) AS roles
  FROM pg_policy AS p
  WHERE p.polcmd IN ('r', '*')
), pin (of, shape) AS (
  -- as PostgreSQL writes a comparison with any column, cast or not
  SELECT of, format('\(%s = %s\)', '(\w+|"([^"]|"")+"|\((\w+|"([^"]|"")+")\)::text)', shape)
  FROM (VALUES
    ('zava_own_store', '(\( SELECT zava.my_store\(\) AS my_store\)|\(\( SELECT zava.my_store\(\) AS my_store\)\)::text)'),
    ('zava_own_region', 'ANY \((ARRAY\( SELECT unnest\(zava.my_region\(\)\) AS unnest\)'
      || '|\(ARRAY\( SELECT unnest\(zava.my_region\(\)\) AS unnest\)\)::text\[\])\)')) AS v (of, shape)
), head_office (shows, earlier) AS (
  -- earlier: what it was before sql/schema/011_head_office.sql; it hides as much
  VALUES ('(( SELECT NULLIF(zava.is_head_office(), false) AS "nullif") IS NOT NULL)',
    '( SELECT zava.is_head_office() AS is_head_office)')
), expected (after_protect, name, permissive, roles, shows) AS (
  VALUES
    (false, 'zava_read', true, '{zava_manager,zava_regional}'::text[], 'true'),
    (false, 'zava_all', true, '{zava_head_office}', (SELECT shows FROM head_office)),
    (false, 'zava_own_store', false, '{zava_manager}', '(%s = ( SELECT zava.my_store() AS my_store))'),
    (false, 'zava_own_region', false, '{zava_regional}', '(%s = ANY (ARRAY( SELECT unnest(zava.my_region()) AS unnest)))'),
    (true, 'zava_read', true, '{zava_head_office,zava_manager,zava_regional}', 'true'),
    (true, 'zava_own_all', false, '{zava_head_office}', (SELECT shows FROM head_office)),
    (true, 'zava_own_store', false, '{zava_manager}', NULL),
    (true, 'zava_own_region', false, '{zava_regional}', NULL)
), wanted AS (
  -- shows: exactly this; shape: or this, after db protect, where customers may also be those who ordered
  SELECT g.oid, g.name AS in_table, e.name, e.permissive, e.roles, by_protect,
    format(e.shows, quote_ident(g.store_column)) AS shows, h.earlier,
    format('^(%1$s|\(%1$s OR \(EXISTS \( SELECT FROM [\w".]+\.orders o WHERE \(o\.[\w"]+ = [\w"]+\.[\w"]+\)\)\)\))$', n.shape)
      AS shape
  FROM guarded AS g
  CROSS JOIN mapped
  JOIN expected AS e ON e.after_protect = by_protect
  LEFT JOIN pin AS n ON by_protect AND n.of = e.name
  LEFT JOIN head_office AS h ON h.shows = e.shows
), asked (name, source) AS (
  -- SHA-256 of the functions' source without white space
  VALUES
    ('is_head_office', 'b20d033a1de810ed9b22a4483d5d7b9cc960f3fd8b868cafc06043790ce4025a'),
    ('my_store', '1219042b5302c88d54817b4ea91476bcd87604171f24b0f0819e8cd34257514a'),
    ('my_region', '47638653113430eacc68631345f545a47c9e962b59c4be98f28ac83ea83d7b38')
)
SELECT 'stores_pinned' AS name, 'refuse' AS severity,
  format('policy %s is missing or changed on %s', w.name, w.in_table) AS detail,
  CASE WHEN m.by_protect THEN 'zava-mcp db protect' ELSE format(
    'DROP POLICY IF EXISTS %1$I ON %2$s; CREATE POLICY %1$I ON %2$s AS %3$s FOR SELECT TO %4$s USING (%5$s)', w.name,
    w.in_table, CASE WHEN w.permissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, array_to_string(w.roles, ', '), w.shows)
    END AS remedy
FROM wanted AS w CROSS JOIN mapped AS m
WHERE by_login AND NOT EXISTS (
  SELECT FROM policy AS p
  WHERE p.polrelid = w.oid AND p.polpermissive = w.permissive AND p.roles = w.roles
    AND (p.shows IN (w.shows, w.earlier) OR p.shows ~ w.shape))
UNION ALL
SELECT 'other_policies', 'warn', format('policy %s on %s opens it to %s too', p.polname, g.name,
    CASE WHEN 0 = ANY (p.polroles) THEN 'everybody' ELSE array_to_string(p.roles, ', ') END),
  format('DROP POLICY %I ON %s', p.polname, g.name)
FROM policy AS p
JOIN guarded AS g ON g.oid = p.polrelid
CROSS JOIN mapped
WHERE by_login AND NOT by_protect AND p.polpermissive
  AND (0 = ANY (p.polroles) OR EXISTS (
    SELECT FROM unnest(p.polroles) AS held WHERE held <> 0 AND pg_has_role(session_user, held, 'MEMBER')))
  AND NOT EXISTS (
    SELECT FROM wanted AS w
    WHERE w.oid = p.polrelid AND w.permissive AND w.roles = p.roles AND p.shows IN (w.shows, w.earlier))
UNION ALL
SELECT 'stores_pinned', 'refuse', format('policy %s on %s shows every row', p.polname, g.name),
  format('DROP POLICY %I ON %s', p.polname, g.name)
FROM policy AS p
JOIN guarded AS g ON g.oid = p.polrelid
CROSS JOIN mapped
WHERE NOT by_login AND p.polpermissive AND p.shows = 'true' AND g.relname <> 'stores'
UNION ALL
SELECT 'stores_pinned', 'ok', 'the policies are not ours: they go by a setting', '' FROM mapped WHERE NOT by_login
UNION ALL
SELECT 'identity_functions', 'refuse', format('zava.%s() is not the function that zava-mcp made', a.name),
  CASE WHEN by_protect THEN 'zava-mcp db protect'
    ELSE 'put it back as in sql/schema/005_identity.sql, with CREATE OR REPLACE FUNCTION' END
FROM asked AS a CROSS JOIN mapped
WHERE by_login AND NOT EXISTS (
  SELECT
  FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_roles AS o ON o.oid = p.proowner
  WHERE n.nspname = 'zava' AND p.proname = a.name AND p.pronargs = 0 AND p.prosecdef AND p.provolatile = 's'
    AND p.proconfig = '{"search_path=pg_catalog, pg_temp"}' AND o.rolname = 'zava_owner'
    AND encode(sha256(convert_to(regexp_replace(p.prosrc, '\s', '', 'g'), 'UTF8')), 'hex') = a.source)
UNION ALL
SELECT 'mapping_private', 'refuse', format('%s shows the mapping of other people', c.relname),
  CASE WHEN by_protect THEN 'zava-mcp db protect' ELSE format(
    'ALTER TABLE zava.%1$I ENABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS %2$I ON zava.%1$I', c.relname,
    coalesce(p.polname, 'none')) END
FROM mapped CROSS JOIN pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'zava'
LEFT JOIN policy AS p ON p.polrelid = c.oid AND p.polpermissive AND p.shows <> '(login = SESSION_USER)'
WHERE c.relname IN ('principal', 'principal_store') AND (NOT c.relrowsecurity OR p.polname IS NOT NULL)
