-- Logins that no pin binds and that read store data all the same, each by its own rights as before.
--
-- $1 text[]: tables with store data, quoted.
-- Columns: login text (quoted).
SELECT quote_ident(r.rolname) AS login
FROM pg_roles AS r
WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolbypassrls
  AND NOT EXISTS (
    SELECT FROM pg_roles AS g
    WHERE g.rolname IN ('zava_head_office', 'zava_regional', 'zava_manager') AND pg_has_role(r.oid, g.oid, 'USAGE'))
  AND EXISTS (
    SELECT FROM unnest($1::text[]) AS t (relation)
    WHERE has_table_privilege(r.oid, t.relation::regclass, 'SELECT')
      AND has_schema_privilege(r.oid, (SELECT relnamespace FROM pg_class WHERE oid = t.relation::regclass), 'USAGE'))
ORDER BY 1
