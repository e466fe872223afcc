-- What belongs to orders and their lines beside their columns, as statements that make it again: policies, rights, indexes
-- and references. Names stay as they are.
--
-- Columns: step int4 (1 before there are rows, 2 after), make_it text. In the order in which they have to run.
WITH split AS (
  SELECT c.oid, c.oid::regclass::text AS name, c.relacl, c.relowner
  FROM pg_class AS c
  WHERE c.oid IN ('retail.orders'::regclass, 'retail.order_items'::regclass)
), granted AS (
  SELECT s.name, '' AS in_columns, a.grantee, a.privilege_type
  FROM split AS s CROSS JOIN LATERAL aclexplode(s.relacl) AS a
  WHERE a.grantee <> s.relowner
  UNION ALL
  SELECT s.name, format(' (%s)', string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum)), a.grantee, a.privilege_type
  FROM split AS s
  JOIN pg_attribute AS t ON t.attrelid = s.oid AND t.attnum > 0 AND NOT t.attisdropped
  CROSS JOIN LATERAL aclexplode(t.attacl) AS a
  WHERE a.grantee <> s.relowner
  GROUP BY s.name, a.grantee, a.privilege_type
)
SELECT 1 AS step, 1 AS place, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, s.name,
    CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE WHEN held = 0 THEN 'PUBLIC' ELSE held::regrole::text END, ', ') FROM unnest(p.polroles) AS held),
    ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS make_it
FROM pg_policy AS p
JOIN split AS s ON s.oid = p.polrelid
UNION ALL
SELECT 1, 2, format('GRANT %s%s ON %s TO %s', g.privilege_type, g.in_columns, g.name,
    CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
FROM granted AS g
UNION ALL
SELECT 2, 1, pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
JOIN split AS s ON s.oid = i.indrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
UNION ALL
-- lines refer to orders by the date too, which is part of the key now
SELECT 2, 2, format('ALTER TABLE %s ADD CONSTRAINT %I %s', s.name, k.conname,
    CASE WHEN k.confrelid = 'retail.orders'::regclass
      THEN replace(pg_get_constraintdef(k.oid), '(order_id, store_id)', '(order_id, store_id, order_date)')
      ELSE pg_get_constraintdef(k.oid) END)
FROM pg_constraint AS k
JOIN split AS s ON s.oid = k.conrelid
WHERE k.contype = 'f'
ORDER BY step, place, make_it
