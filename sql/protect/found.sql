-- Everything of ours that is in the database, each with a text that changes when it does.
--
-- $1 text: schema.
-- Columns: object text (named as in identity.sql and policies.sql), found text.
WITH groups AS (
  SELECT oid, rolname::text AS name FROM pg_roles WHERE rolname IN ('zava_head_office', 'zava_regional', 'zava_manager')
), rel AS (
  SELECT c.oid, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname) AS relation, c.relacl, c.relowner,
    c.relrowsecurity, c.relforcerowsecurity
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname IN ($1::text, 'zava', 'zava_search') AND c.relkind IN ('r', 'p')
)
SELECT 'role ' || rolname AS object,
  CASE WHEN rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
    THEN 'too strong' ELSE 'bound' END AS found
FROM pg_roles WHERE rolname IN ('zava_owner', 'zava_head_office', 'zava_regional', 'zava_manager')
UNION ALL
SELECT 'reach of zava_owner', 'in reach'
FROM pg_roles WHERE rolname = 'zava_owner' AND pg_has_role(oid, 'SET')
UNION ALL
SELECT 'schema ' || nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'zava'
UNION ALL
SELECT 'use of schema ' || quote_ident(n.nspname), string_agg(g.name, ', ' ORDER BY g.name)
FROM pg_namespace AS n
CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
JOIN groups AS g ON g.oid = a.grantee
WHERE n.nspname IN ($1::text, 'zava', 'zava_search') AND a.privilege_type = 'USAGE'
GROUP BY n.nspname
UNION ALL
SELECT 'table ' || r.relation,
  concat_ws(' ', pg_get_userbyid(r.relowner), r.relrowsecurity, (
    SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
    FROM pg_attribute AS a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped), (
    SELECT string_agg(pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname)
    FROM pg_constraint AS k WHERE k.conrelid = r.oid AND k.contype <> 'n'))
FROM rel AS r WHERE r.nspname = 'zava'
UNION ALL
SELECT 'function zava.' || p.proname || '()', concat_ws(' ', pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid), p.proacl)
FROM pg_proc AS p
WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'zava') AND p.prokind = 'f' AND p.pronargs = 0
UNION ALL
SELECT 'policy ' || p.polname || ' on ' || r.relation,
  concat_ws(' ', p.polpermissive, p.polcmd, (
    SELECT string_agg(r.name, ', ' ORDER BY r.name)
    FROM (SELECT coalesce(pg_get_userbyid(nullif(o, 0))::text, 'PUBLIC') AS name FROM unnest(p.polroles) AS o) AS r),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy AS p
JOIN rel AS r ON r.oid = p.polrelid
UNION ALL
SELECT 'row security of ' || relation, CASE WHEN relrowsecurity AND relforcerowsecurity THEN 'forced' ELSE 'not forced' END
FROM rel
UNION ALL
-- the whole table, or each of its columns
SELECT 'reading of ' || r.relation, string_agg(g.name, ', ' ORDER BY g.name)
FROM rel AS r
CROSS JOIN groups AS g
WHERE EXISTS (SELECT FROM aclexplode(r.relacl) AS a WHERE a.grantee = g.oid AND a.privilege_type = 'SELECT')
  OR NOT EXISTS (
    SELECT FROM pg_attribute AS t
    WHERE t.attrelid = r.oid AND t.attnum > 0 AND NOT t.attisdropped AND NOT EXISTS (
      SELECT FROM aclexplode(t.attacl) AS a WHERE a.grantee = g.oid AND a.privilege_type = 'SELECT'))
GROUP BY r.relation
