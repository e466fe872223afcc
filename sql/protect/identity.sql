-- What says who is who, as statements: groups, mapping, and the three questions that policies ask.
--
-- The same as sql/schema/005_identity.sql, but for the database's own kind of store key.
-- $1 text: schema.  $2 text: stores table, quoted.  $3 text: its key, quoted.  $4 text: the key's type.
-- Columns: object text, statement text, expected text or NULL (what found.sql says when it is as it should be; NULL: what
-- it said when it was made), repair text or NULL (what runs before `statement` when it is there and differs; NULL: nobody
-- may mend it unasked).
WITH groups (name) AS (
  VALUES ('zava_owner'), ('zava_head_office'), ('zava_regional'), ('zava_manager')
), planned (place, object, statement, expected, repair) AS (
  SELECT 1, 'role ' || name,
    format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION', name), 'bound', NULL
  FROM groups
  UNION ALL
  -- whoever runs this gives objects to the owner role; a superuser may without
  SELECT 2, 'reach of zava_owner', format('GRANT zava_owner TO %I', current_user), 'in reach', ''
  FROM pg_roles WHERE rolname = current_user AND NOT rolsuper
  UNION ALL
  SELECT 3, 'schema zava', $t$CREATE SCHEMA zava AUTHORIZATION zava_owner;
COMMENT ON SCHEMA zava IS 'Which login acts as which RLS user, for which stores'$t$, NULL, NULL
  UNION ALL
  SELECT 4, 'table zava.principal', $t$CREATE TABLE zava.principal (
  login       name PRIMARY KEY,
  rls_user_id uuid NOT NULL UNIQUE,
  kind        text NOT NULL CHECK (kind IN ('head_office', 'regional', 'store')),
  title       text NOT NULL
);
COMMENT ON TABLE zava.principal IS 'One row for each identity: its login, RLS user id and kind';
ALTER TABLE zava.principal ENABLE ROW LEVEL SECURITY;
ALTER TABLE zava.principal OWNER TO zava_owner$t$, NULL, NULL
  UNION ALL
  -- a store that goes takes nobody's rights to another with it, and the mapping never stands in its way
  SELECT 5, 'table zava.principal_store', format($t$CREATE TABLE zava.principal_store (
  login    name NOT NULL REFERENCES zava.principal ON DELETE CASCADE,
  store_id %s NOT NULL REFERENCES %s (%s) ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (login, store_id)
);
COMMENT ON TABLE zava.principal_store IS 'The stores of regional managers (several) and store managers (one)';
ALTER TABLE zava.principal_store ENABLE ROW LEVEL SECURITY;
ALTER TABLE zava.principal_store OWNER TO zava_owner$t$, $4::text, $2::text, $3::text), NULL, NULL
  UNION ALL
  SELECT 6, 'function zava.' || name || '()', format($t$CREATE OR REPLACE FUNCTION zava.%s() RETURNS %s
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  RETURN %s;
END $f$;
ALTER FUNCTION zava.%1$s() OWNER TO zava_owner;
REVOKE ALL ON FUNCTION zava.%1$s() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION zava.%1$s() TO zava_head_office, zava_regional, zava_manager;
COMMENT ON FUNCTION zava.%1$s() IS %4$L$t$, name, type, body, comment), NULL, ''
  FROM (VALUES
    ('is_head_office', 'boolean', 'True when the login is head office',
      $b$EXISTS (SELECT FROM zava.principal WHERE login = session_user AND kind = 'head_office')$b$),
    ('my_store', $4::text, 'The one store of the store manager that is logged in; NULL for everybody else',
      $b$(SELECT s.store_id
          FROM zava.principal AS p
          JOIN zava.principal_store AS s USING (login)
          WHERE p.login = session_user AND p.kind = 'store')$b$),
    ('my_region', $4::text || '[]', 'The stores of the regional manager that is logged in; empty for everybody else',
      $b$ARRAY(SELECT s.store_id
               FROM zava.principal AS p
               JOIN zava.principal_store AS s USING (login)
               WHERE p.login = session_user AND p.kind = 'regional')$b$)
  ) AS f (name, type, comment, body)
  UNION ALL
  SELECT 7, 'use of schema zava', 'GRANT USAGE ON SCHEMA zava TO zava_head_office, zava_regional, zava_manager',
    'zava_head_office, zava_manager, zava_regional', ''
  UNION ALL
  SELECT 7, 'use of schema ' || quote_ident($1::text),
    format('GRANT USAGE ON SCHEMA %I TO zava_head_office, zava_regional, zava_manager', $1::text),
    'zava_head_office, zava_manager, zava_regional', ''
  UNION ALL
  SELECT 6, 'policy own_row on ' || name,
    format('CREATE POLICY own_row ON %s FOR SELECT
  TO zava_head_office, zava_regional, zava_manager USING (login = session_user)', name), NULL,
    format('DROP POLICY own_row ON %s', name)
  FROM unnest(ARRAY['zava.principal', 'zava.principal_store']) AS t (name)
  UNION ALL
  SELECT 7, 'reading of ' || name,
    format('GRANT SELECT ON %s TO zava_head_office, zava_regional, zava_manager', name),
    'zava_head_office, zava_manager, zava_regional', ''
  FROM unnest(ARRAY['zava.principal', 'zava.principal_store']) AS t (name)
  UNION ALL
  -- the vectors that `zava-mcp embed` has made here before; after this it lets the groups read them itself
  SELECT 7, object, statement, 'zava_head_office, zava_manager, zava_regional', ''
  FROM pg_class AS v
  CROSS JOIN (VALUES
    ('use of schema zava_search', 'GRANT USAGE ON SCHEMA zava_search TO zava_head_office, zava_regional, zava_manager'),
    ('reading of zava_search.product_vectors',
      'GRANT SELECT ON zava_search.product_vectors TO zava_head_office, zava_regional, zava_manager')
  ) AS t (object, statement)
  WHERE v.oid = to_regclass('zava_search.product_vectors') AND pg_has_role(v.relowner, 'USAGE')
)
SELECT object, statement, expected, repair FROM planned ORDER BY place, object
