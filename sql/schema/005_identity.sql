-- Who you are: the login that PostgreSQL authenticated (session_user). Nothing that SQL says can change it.
--
-- zava.principal maps a login to its RLS user id and kind; zava.principal_store says which stores it may see.
-- Each login can read its own rows of both, and write none. `zava-mcp identity add` fills them.
CREATE SCHEMA zava;
COMMENT ON SCHEMA zava IS 'Which login acts as which RLS user, for which stores';

CREATE TABLE zava.principal (
  login       name PRIMARY KEY,
  rls_user_id uuid NOT NULL UNIQUE,
  kind        text NOT NULL CHECK (kind IN ('head_office', 'regional', 'store')),
  title       text NOT NULL
);
COMMENT ON TABLE zava.principal IS 'One row for each identity: its login, RLS user id and kind';

CREATE TABLE zava.principal_store (
  login    name NOT NULL REFERENCES zava.principal ON DELETE CASCADE,
  store_id uuid NOT NULL REFERENCES retail.stores,
  PRIMARY KEY (login, store_id)
);
COMMENT ON TABLE zava.principal_store IS 'The stores of regional managers (several) and store managers (one)';

ALTER TABLE zava.principal ENABLE ROW LEVEL SECURITY;
ALTER TABLE zava.principal_store ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_row ON zava.principal FOR SELECT
  TO zava_head_office, zava_regional, zava_manager USING (login = session_user);
CREATE POLICY own_row ON zava.principal_store FOR SELECT
  TO zava_head_office, zava_regional, zava_manager USING (login = session_user);

-- The three questions that the row policies ask. Each is evaluated once per statement, as a scalar sub-select, and so
-- serves as an index condition. SECURITY DEFINER: they read the mapping as its owner, whatever search_path or role a
-- query has; session_user stays the login. PARALLEL SAFE: else no policy would allow a parallel plan.
CREATE FUNCTION zava.is_head_office() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM zava.principal WHERE login = session_user AND kind = 'head_office');
END $$;
COMMENT ON FUNCTION zava.is_head_office() IS 'True when the login is head office';

-- A store manager with no store, or with two, gets NULL or an error: no rows either way.
CREATE FUNCTION zava.my_store() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT s.store_id
          FROM zava.principal AS p
          JOIN zava.principal_store AS s USING (login)
          WHERE p.login = session_user AND p.kind = 'store');
END $$;
COMMENT ON FUNCTION zava.my_store() IS 'The one store of the store manager that is logged in; NULL for everybody else';

CREATE FUNCTION zava.my_region() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN ARRAY(SELECT s.store_id
               FROM zava.principal AS p
               JOIN zava.principal_store AS s USING (login)
               WHERE p.login = session_user AND p.kind = 'regional');
END $$;
COMMENT ON FUNCTION zava.my_region() IS 'The stores of the regional manager that is logged in; empty for everybody else';

REVOKE ALL ON FUNCTION zava.is_head_office(), zava.my_store(), zava.my_region() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION zava.is_head_office(), zava.my_store(), zava.my_region()
  TO zava_head_office, zava_regional, zava_manager;
GRANT USAGE ON SCHEMA zava, retail TO zava_head_office, zava_regional, zava_manager;
GRANT SELECT ON zava.principal, zava.principal_store TO zava_head_office, zava_regional, zava_manager;
