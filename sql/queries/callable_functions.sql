-- Functions on the search path that the caller may call and whose names begin with the same two letters as $1.
--
-- $1: a name. Columns: name text, signature text (name and types of arguments), ordered by both.
SELECT
  p.proname::text AS name,
  p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS signature
FROM pg_catalog.pg_proc AS p
WHERE p.prokind IN ('f', 'a', 'w')
  AND pg_catalog.left(p.proname::text, 2) = pg_catalog.left(pg_catalog.lower($1), 2)
  AND pg_catalog.pg_function_is_visible(p.oid)
  AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
  AND p.prorettype <> ALL ('{internal,trigger,event_trigger}'::pg_catalog.regtype[])
  AND NOT ('internal'::pg_catalog.regtype = ANY (p.proargtypes))
ORDER BY p.proname, signature
LIMIT 400
