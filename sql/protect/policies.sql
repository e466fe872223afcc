-- What may be seen, as statements: row security, pins and grants of each table.
--
-- As sql/schema/006_row_security.sql and 011_head_office.sql, with one more pin, zava_own_all: there may be permissive
-- policies of others here, and a login in the group of head office that this database does not know must not profit from
-- them.
-- $1 text[]: tables, quoted.  $2 text[]: their store columns, quoted; NULL for a shared one.  $3 text[]: a condition
-- under which other stores' rows are shown too, or NULL.  $4 text[]: who keeps all rows, quoted, or NULL.  $5 bool[]:
-- whether to grant.  $6 bool[]: whether row security is on.
-- Columns: as identity.sql.
WITH given AS (
  SELECT *
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::bool[])
    WITH ORDINALITY AS t (relation, store_column, also, keep_for, readable, secured, place)
), policy (relation, table_place, place, name, definition) AS (
  SELECT relation, place, 1, 'zava_keep', format('AS PERMISSIVE FOR ALL TO %s USING (true) WITH CHECK (true)', keep_for)
  FROM given WHERE keep_for IS NOT NULL AND store_column IS NOT NULL
  UNION ALL
  SELECT relation, place, 2, 'zava_read',
    'AS PERMISSIVE FOR SELECT TO zava_head_office, zava_regional, zava_manager USING (true)'
  FROM given WHERE store_column IS NOT NULL OR secured
  UNION ALL
  SELECT relation, place, 3, 'zava_own_store', format(
    'AS RESTRICTIVE FOR SELECT TO zava_manager USING (%s = (SELECT zava.my_store())%s)', store_column, ' OR ' || also)
  FROM given WHERE store_column IS NOT NULL
  UNION ALL
  SELECT relation, place, 3, 'zava_own_region', format(
    'AS RESTRICTIVE FOR SELECT TO zava_regional USING (%s = ANY (ARRAY(SELECT unnest(zava.my_region())))%s)',
    store_column, ' OR ' || also)
  FROM given WHERE store_column IS NOT NULL
  UNION ALL
  SELECT relation, place, 3, 'zava_own_all',
    'AS RESTRICTIVE FOR SELECT TO zava_head_office USING ((SELECT nullif(zava.is_head_office(), false)) IS NOT NULL)'
  FROM given WHERE store_column IS NOT NULL
), planned (table_place, place, object, statement, expected, repair) AS (
  SELECT table_place, place, 'policy ' || name || ' on ' || relation,
    format('CREATE POLICY %s ON %s %s', name, relation, definition), NULL,
    format('DROP POLICY %s ON %s', name, relation)
  FROM policy
  UNION ALL
  -- after the policies, so that nobody finds the table closed for a moment
  SELECT place, 4, 'row security of ' || relation,
    format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY; ALTER TABLE %1$s FORCE ROW LEVEL SECURITY', relation), 'forced', ''
  FROM given WHERE store_column IS NOT NULL
  UNION ALL
  SELECT place, 5, 'reading of ' || relation,
    format('GRANT SELECT ON %s TO zava_head_office, zava_regional, zava_manager', relation),
    'zava_head_office, zava_manager, zava_regional', ''
  FROM given WHERE readable
)
SELECT object, statement, expected, repair FROM planned ORDER BY table_place, place, object
