-- What stands open to everybody, or to our groups by somebody else's hand, and would let a login past the pins.
--
-- Nothing of others is taken away by us, so each line is a reason to refuse.
-- $1 text: schema.  $2 text[]: tables that may be read, quoted.
-- Columns: what text, mend text (the statement that closes it).
WITH everybody (name) AS (
  SELECT 'public'
  UNION ALL
  SELECT rolname FROM pg_roles WHERE rolname IN ('zava_head_office', 'zava_regional', 'zava_manager')
), reachable AS (
  SELECT n.oid, n.nspname
  FROM pg_namespace AS n
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'zava') AND n.nspname !~ '^pg_(toast|temp)'
    AND (n.nspname = $1::text OR EXISTS (SELECT FROM everybody AS e WHERE has_schema_privilege(e.name, n.oid, 'USAGE')))
), thing AS (
  SELECT c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) AS relation,
    c.relkind = 'v' AND coalesce(c.reloptions::text ~ 'security_invoker=(true|on|1)', false) AS asks_as_caller
  FROM pg_class AS c
  JOIN reachable AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT format('%s can be written by %s', t.relation, e.name) AS what,
  format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %s', t.relation, e.name) AS mend
FROM thing AS t, everybody AS e
WHERE t.relkind <> 'S' AND (has_table_privilege(e.name, t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
  OR has_any_column_privilege(e.name, t.oid, 'INSERT, UPDATE, REFERENCES'))
UNION ALL
SELECT format('%s can be moved on by %s', t.relation, e.name), format('REVOKE ALL ON SEQUENCE %s FROM %s', t.relation, e.name)
FROM thing AS t, everybody AS e
WHERE t.relkind = 'S' AND has_sequence_privilege(e.name, t.oid, 'USAGE, UPDATE')
UNION ALL
SELECT format('%s, which is not pinned, can be read by %s', t.relation, e.name),
  format('REVOKE SELECT ON %s FROM %s', t.relation, e.name)
FROM thing AS t, everybody AS e
WHERE t.relkind <> 'S' AND NOT t.asks_as_caller AND t.relation <> ALL ($2::text[])
  AND t.relation <> 'zava_search.product_vectors' -- of `zava-mcp embed`, the same for everybody
  AND has_any_column_privilege(e.name, t.oid, 'SELECT')
UNION ALL
SELECT format('%s runs with its owner''s rights for %s', p.oid::regprocedure, e.name),
  format('REVOKE EXECUTE ON FUNCTION %s FROM %s', p.oid::regprocedure, e.name)
FROM pg_proc AS p
JOIN reachable AS n ON n.oid = p.pronamespace, everybody AS e
WHERE p.prosecdef AND has_function_privilege(e.name, p.oid, 'EXECUTE')
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT format('schema %I lets %s create', n.nspname, e.name), format('REVOKE CREATE ON SCHEMA %I FROM %s', n.nspname, e.name)
FROM reachable AS n, everybody AS e
WHERE n.nspname <> 'public' AND has_schema_privilege(e.name, n.oid, 'CREATE')
ORDER BY 1
