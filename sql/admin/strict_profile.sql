-- The strict profile: what a read query does not need is taken from PUBLIC.
--
-- Functions with side effects, functions that run SQL given as text, clocks, transaction numbers, statistics and sizes;
-- UPDATE on pg_settings; the row and page counts in pg_class; views of statistics and activity; TABLESAMPLE. All of it is
-- given to pg_database_owner, and statistics to pg_monitor too, so that the owner's tools go on working: pg_dump,
-- migrations, every command of zava-mcp. Other applications in a database that `db create` made lose it: GRANT it to their
-- role where one needs it. In a database that `db protect` found, every role that has something there and is no identity
-- gets it by name, so that its programs go on.
--
-- TABLESAMPLE shows in which block a row lies, and no right guards it: PostgreSQL runs a sampling method without asking for
-- EXECUTE, so a REVOKE would change nothing. What it does ask for is USAGE on the schema that the method is named with.
-- Hence its two methods move to zava_closed, where only those above may look: TABLESAMPLE zava_closed.system (1). To give them
-- back: ALTER FUNCTION zava_closed.system(internal) SET SCHEMA pg_catalog, and bernoulli alike. A dump that is restored
-- elsewhere makes copies of them there, beside the ones in pg_catalog; those copies are replaced.
--
-- Needs: a superuser. On servers where nobody is one, zava-mcp skips this and says what stays open. It is no schema step,
-- because dumps, copies and major upgrades do not carry it reliably: every `zava-mcp db create` and `db protect` runs it.
-- Changes nothing when all is as it should be. sql/queries/posture_strict.sql looks for the same things.
DO $strict$
DECLARE
  -- Volatile, but without effect on anything, or behind a right of their own (sequences).
  kept CONSTANT name[] := '{random,random_normal,gen_random_uuid,uuidv4,array_sample,array_shuffle,nextval,currval,
    lastval,setval,pg_is_in_recovery,pg_partition_ancestors,pg_partition_tree,pg_jit_available}';
  -- Not volatile, and they tell of other sessions or of rows that nobody may see here.
  telling CONSTANT name[] := '{txid_current,txid_current_if_assigned,txid_current_snapshot,pg_current_xact_id,
    pg_current_xact_id_if_assigned,pg_current_snapshot,mxid_age,pg_get_replication_slots,pg_column_toast_chunk_id}';
  -- Functions that SQL cannot call.
  internal CONSTANT regtype[] := '{internal,trigger,event_trigger,language_handler,fdw_handler,index_am_handler,
    tsm_handler,table_am_handler}';
  counts CONSTANT name[] := '{reltuples,relpages,relallvisible,relallfrozen,relfrozenxid,relminmxid}';
  keepers text := 'pg_database_owner';
  found record;
  visible_columns text;
BEGIN
  IF to_regclass('zava_admin.protection') IS NOT NULL THEN
    -- owners of something here, grantees, those in such a role (zava_owner owns in each of our databases), and readers of
    -- everything
    SELECT concat_ws(', ', keepers, string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname)) INTO keepers
    FROM pg_roles AS r
    WHERE NOT r.rolsuper AND r.rolname !~ '^pg_'
      AND r.rolname NOT IN ('zava_owner', 'zava_head_office', 'zava_regional', 'zava_manager')
      AND NOT EXISTS (
        SELECT FROM pg_roles AS g
        WHERE g.rolname IN ('zava_head_office', 'zava_regional', 'zava_manager') AND pg_has_role(r.oid, g.oid, 'MEMBER'))
      AND (pg_has_role(r.oid, 'pg_read_all_data', 'MEMBER') OR EXISTS (
        SELECT FROM pg_shdepend AS d
        JOIN pg_database AS here ON here.datname = current_database()
        JOIN pg_roles AS held ON held.oid = d.refobjid
        WHERE d.refclassid = 'pg_authid'::regclass AND held.rolname <> 'zava_owner' AND pg_has_role(r.oid, held.oid, 'MEMBER')
          AND (d.dbid = here.oid OR d.classid = 'pg_database'::regclass AND d.objid = here.oid)));
  END IF;

  FOR found IN
    SELECT p.oid::regprocedure AS signature, p.proname ~ '^pg_(stat|.*_size$|lock_status$)' AS of_statistics
    FROM pg_proc AS p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
      AND p.proname !~ '^binary_upgrade_' -- they refuse to run, and pg_upgrade needs them as they are
      AND p.prorettype <> ALL (internal) AND NOT p.proargtypes::regtype[] && '{internal}'
      AND (p.provolatile = 'v' AND p.proname <> ALL (kept)
        OR p.proname ~ '^pg_stat_get_' OR p.proname ~ '_to_xml' OR p.proname = ANY (telling)
        OR p.oid = 'age(xid)'::regprocedure)
      AND EXISTS (
        SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS granted
        WHERE granted.grantee = 0 AND granted.privilege_type = 'EXECUTE')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', found.signature, keepers);
    IF found.of_statistics THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_monitor', found.signature);
    END IF;
  END LOOP;

  FOR found IN
    SELECT c.relname
    FROM pg_class AS c
    CROSS JOIN LATERAL aclexplode(c.relacl) AS granted
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'v'
      AND (c.relname ~ '^pg_stat(io)?_' OR c.relname IN ('pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs', 'pg_locks',
        'pg_prepared_xacts', 'pg_replication_slots', 'pg_sequences'))
      AND granted.grantee = 0 AND granted.privilege_type = 'SELECT'
  LOOP
    EXECUTE format('REVOKE SELECT ON pg_catalog.%I FROM PUBLIC', found.relname);
    EXECUTE format('GRANT SELECT ON pg_catalog.%I TO pg_monitor, %s', found.relname, keepers);
  END LOOP;

  -- UPDATE on this view calls set_config.
  IF EXISTS (SELECT FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS granted
             WHERE c.oid = 'pg_catalog.pg_settings'::regclass
               AND granted.grantee = 0 AND granted.privilege_type = 'UPDATE') THEN
    REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC;
    EXECUTE format('GRANT UPDATE ON pg_catalog.pg_settings TO %s', keepers);
  END IF;

  IF EXISTS (SELECT FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS granted
             WHERE c.oid = 'pg_catalog.pg_class'::regclass
               AND granted.grantee = 0 AND granted.privilege_type = 'SELECT') THEN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO visible_columns
    FROM pg_attribute
    WHERE attrelid = 'pg_catalog.pg_class'::regclass AND attnum > 0 AND attname <> ALL (counts);
    REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC;
    EXECUTE format('GRANT SELECT (%s) ON pg_catalog.pg_class TO PUBLIC', visible_columns);
    EXECUTE format('GRANT SELECT ON pg_catalog.pg_class TO pg_monitor, %s', keepers);
  END IF;

  IF to_regnamespace('zava_closed') IS NULL THEN
    CREATE SCHEMA zava_closed;
    COMMENT ON SCHEMA zava_closed IS 'Sampling methods, out of reach of identities';
    EXECUTE format('GRANT USAGE ON SCHEMA zava_closed TO %s', keepers);
  END IF;
  REVOKE ALL ON SCHEMA zava_closed FROM PUBLIC;
  FOR found IN
    SELECT p.proname, copy.oid::regprocedure AS copy
    FROM pg_proc AS p
    LEFT JOIN pg_proc AS copy ON copy.proname = p.proname AND copy.pronamespace = 'zava_closed'::regnamespace
      AND copy.proargtypes = p.proargtypes
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('system', 'bernoulli')
      AND p.prorettype = 'tsm_handler'::regtype
  LOOP
    IF found.copy IS NOT NULL THEN
      EXECUTE format('DROP FUNCTION %s', found.copy);
    END IF;
    EXECUTE format('ALTER FUNCTION pg_catalog.%I(internal) SET SCHEMA zava_closed', found.proname);
  END LOOP;
END
$strict$;
