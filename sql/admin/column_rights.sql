-- Columns instead of tables: SELECT * works as before, and ctid, xmin, tableoid and the like, whose gaps tell of rows
-- that one may not see, cannot be read.
--
-- Turns every grant of SELECT on a whole table to one of the groups into a grant on each of its columns. It is no schema
-- step, so that a later grant is turned too: every `zava-mcp db create` and `db protect` runs it. A column that is added
-- later is closed until it is granted; `zava-mcp doctor` names such columns. Needs: ownership of the tables. Changes
-- nothing when no group has a whole table.
DO $columns$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.oid::regclass AS shop_table, granted.grantee::regrole AS group_role, named.columns
    FROM pg_class AS c
    CROSS JOIN LATERAL aclexplode(c.relacl) AS granted
    CROSS JOIN LATERAL (
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
      FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS named
    WHERE c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')
      AND c.relkind IN ('r', 'p', 'm', 'f')
      AND granted.privilege_type = 'SELECT'
      AND granted.grantee IN (
        SELECT oid FROM pg_roles WHERE rolname IN ('zava_head_office', 'zava_regional', 'zava_manager'))
      AND pg_has_role(current_user, c.relowner, 'USAGE')
    ORDER BY 1, 2
  LOOP
    EXECUTE format('REVOKE SELECT ON %s FROM %s', found.shop_table, found.group_role);
    EXECUTE format('GRANT SELECT (%s) ON %s TO %s', found.columns, found.shop_table, found.group_role);
  END LOOP;
END
$columns$;
