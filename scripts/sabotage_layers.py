"""The layers that scripts/sabotage takes away, and the tests that it runs."""

POLICIES = "sql/schema/006_row_security.sql"
HEAD_OFFICE = "sql/schema/011_head_office.sql"
IDENTITY = "sql/schema/005_identity.sql"
STRICT = "sql/admin/strict_profile.sql"
DATABASE = "sql/admin/database_rights.sql"
PROTECT = "sql/protect/policies.sql"

# name: file, what stands there, what stands there without the layer. Short texts, so that changes around them do no harm.
LAYERS = {
    # who sees which rows
    "store managers' pin": (POLICIES, "USING (store_id = (SELECT zava.my_store()))", "USING (true)"),
    "regional managers' pin": (POLICIES, "USING (store_id = ANY (ARRAY(SELECT unnest(zava.my_region()))))", "USING (true)"),
    "head office by mapping": (HEAD_OFFICE, "USING ((SELECT nullif(zava.is_head_office(), false)) IS NOT NULL)", "USING (true)"),
    "store managers' pin is restrictive": (POLICIES, "zava_own_store ON retail.%I AS RESTRICTIVE", "zava_own_store ON retail.%I AS PERMISSIVE"),
    "regional managers' pin is restrictive": (POLICIES, "zava_own_region ON retail.%I AS RESTRICTIVE", "zava_own_region ON retail.%I AS PERMISSIVE"),
    "row security enabled": (POLICIES, "EXECUTE format('ALTER TABLE retail.%I ENABLE ROW LEVEL SECURITY', store_table);", ""),
    "forced row security": (POLICIES, "EXECUTE format('ALTER TABLE retail.%I FORCE ROW LEVEL SECURITY', store_table);", ""),
    "own line of the mapping": (IDENTITY, "USING (login = session_user)", "USING (true)"),
    "one login for an RLS user id": (IDENTITY, "rls_user_id uuid NOT NULL UNIQUE", "rls_user_id uuid NOT NULL"),
    "known kinds of people": (IDENTITY, "text NOT NULL CHECK (kind IN ('head_office', 'regional', 'store'))", "text NOT NULL"),
    "the kind counts, not the stores alone": (IDENTITY, "p.login = session_user AND p.kind = 'store'", "p.login = session_user"),
    "session user in the functions of the policies": (IDENTITY, "WHERE p.login = session_user AND p.kind", "WHERE p.login = coalesce(nullif(current_setting('zava.login', true), ''), session_user) AND p.kind"),
    "search path of the functions of the policies": (IDENTITY, "SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS", "SECURITY DEFINER AS"),
    "functions of the policies closed to PUBLIC": (IDENTITY, "REVOKE ALL ON FUNCTION zava.is_head_office(), zava.my_store(), zava.my_region() FROM PUBLIC;", ""),
    # what may be done
    "database closed to PUBLIC": (DATABASE, "EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());", ""),
    "schema public closed to PUBLIC": (DATABASE, "REVOKE CREATE ON SCHEMA public FROM PUBLIC;", ""),
    "nothing writable": (POLICIES, "GRANT SELECT ON\n", "GRANT SELECT, UPDATE ON\n"),
    "default privileges": (POLICIES, "ALTER DEFAULT PRIVILEGES FOR ROLE zava_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;", ""),
    "strict profile: functions": (STRICT, "EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found.signature);", ""),
    "strict profile: statistics functions": (STRICT, "p.proname ~ '^pg_stat_get_'", "false"),
    "strict profile: SQL given as text": (STRICT, "p.proname ~ '_to_xml'", "false"),
    "strict profile: what tells of others": (STRICT, "p.proname = ANY (telling)", "false"),
    "strict profile: views": (STRICT, "EXECUTE format('REVOKE SELECT ON pg_catalog.%I FROM PUBLIC', found.relname);", ""),
    "strict profile: settings": (STRICT, "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC;", ""),
    "strict profile: sampling": (STRICT, "EXECUTE format('ALTER FUNCTION pg_catalog.%I(internal) SET SCHEMA zava_closed', found.proname);", ""),
    "strict profile: counts of rows": (STRICT, "REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC;", ""),
    "strict profile: columns instead of tables": ("sql/admin/column_rights.sql", "EXECUTE format('REVOKE SELECT ON %s FROM %s', found.shop_table, found.group_role);", ""),
    "logins without attributes": ("src/admin/identity/add.rs", "NOREPLICATION NOBYPASSRLS", "NOREPLICATION BYPASSRLS"),
    "temporary files bounded": ("src/admin/identity/add.rs", "SET temp_file_limit = '1GB'", "SET temp_file_limit = '-1'"),
    # how a query runs
    "read-only transaction": ("src/database/view.rs", "BEGIN READ ONLY;", "BEGIN READ WRITE;"),
    "rolled back at the end": ("src/database/query.rs", 'client.batch_execute("ROLLBACK")', 'client.batch_execute("COMMIT")'),
    "parsed alone": ("src/database/view.rs", "client.prepare(sql)", 'client.prepare(if sql.contains("zava_never") { sql } else { "SELECT 1" })'),
    "query as a sub-select": ("src/database/query.rs", "Wrapped::around(sql, &parsed, cap, lengths);", "Wrapped { sql: sql.to_owned(), ..Wrapped::around(sql, &parsed, cap, lengths) };"),
    "no parameters": ("src/database/query.rs", "if !parsed.params().is_empty() {", "if false {"),
    "statement timeout": ("src/database/view.rs", "SET LOCAL statement_timeout = '{}s'", "SET LOCAL zava.nothing = '{}s'"),
    "lock timeout": ("src/database/view.rs", "SET LOCAL lock_timeout = '5s'", "SET LOCAL lock_timeout = 0"),
    "search path of a call": ("src/database/view.rs", "SET LOCAL search_path = retail, public, pg_temp;", ""),
    "cap on rows": ("src/database/rows.rs", "collected.rows.len() == cap.rows as usize", "collected.rows.len() == usize::MAX"),
    "cap on rows pushed down": ("src/database/wrap.rs", "u64::from(cap.rows) + 1", "u64::from(cap.rows) + 1_000_000"),
    "cap on bytes": ("src/database/rows.rs", "bytes > cap.bytes as usize", "bytes > usize::MAX - 1"),
    "doubtful connection thrown away: after a cut": ("src/database/query.rs", "rolled_back.is_ok() && !cancelled", "rolled_back.is_ok()"),
    "long values cut inside PostgreSQL": ("src/database/wrap.rs", "::varchar({cut})", "::text"),
    "doubtful connection thrown away: lease": ("src/database/lease.rs", "let Some(object) = self.object.take() else { return };\n        let client", "return;\n        #[allow(unreachable_code)]\n        let Some(object) = self.object.take() else { return };\n        let client"),
    # who is served
    "identity held against the login": ("src/database/identity.rs", "Some(id) if id == served =>", "Some(id) if id == served || true =>"),
    "no default identity": ("src/settings/serve.rs", "self.rls_user.ok_or(SettingsError::NoIdentity)", "Ok(self.rls_user.unwrap_or_default())"),
    "further connections checked": ("src/database/vet.rs", "known.still(identity?)?;", "let _ = (identity, known);"),
    "superusers refused, by their login": ("src/database/identity.rs", 'if row.try_get("is_superuser")? {', "if false {"),
    "asserted identities refused": ("src/database/posture.rs", "&& forgeable && !allow_asserted", "&& forgeable && !allow_asserted && false"),
    "asserted identity sent with each call": ("src/database/view.rs", "SET LOCAL app.current_rls_user_id", "SET LOCAL app.zava_nothing"),
    "unsafe databases refused": ("src/database/finding.rs", "self.severity == Severity::Refuse", "self.severity == Severity::Refuse && false"),
    "row security on while checking": ("src/database/identity.rs", '"SET LOCAL row_security = on"', '"SELECT 1"'),
    # db protect
    "db protect: store managers' pin": (PROTECT, "(%s = (SELECT zava.my_store())%s)", "(true OR %s = (SELECT zava.my_store())%s)"),
    "db protect: regional managers' pin": (PROTECT, "(%s = ANY (ARRAY(SELECT unnest(zava.my_region())))%s)", "(true OR %s = ANY (ARRAY(SELECT unnest(zava.my_region())))%s)"),
    "db protect: restrictive": (PROTECT, "'AS RESTRICTIVE FOR SELECT TO zava_manager", "'AS PERMISSIVE FOR SELECT TO zava_manager"),
    "db protect: head office by mapping": (PROTECT, "TO zava_head_office USING ((SELECT nullif(zava.is_head_office(), false)) IS NOT NULL)", "TO zava_head_office USING (true)"),
    "db protect: forced row security": (PROTECT, "ALTER TABLE %1$s FORCE ROW LEVEL SECURITY", "SELECT 1"),
    # db create --partitioned
    "partitioned: row security of partitions": ("sql/partition/months.sql", "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part", "NO FORCE ROW LEVEL SECURITY', part"),
    "partitioned: row security of the tables": ("sql/partition/finish.sql", "ALTER TABLE retail.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;", "ALTER TABLE retail.orders ENABLE ROW LEVEL SECURITY;"),
    "partitioned: policies": ("sql/partition/keep.sql", "WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END", "WHEN true THEN 'PERMISSIVE' END"),
    # the local server
    "local server: passwords": ("src/database/local/create.rs", "local all all scram-sha-256", "local all all trust"),
}

# Tests that touch the protection, cheapest first; for a layer that no test missed so far the next lot is run.
LOTS = [
    ["row_security::", "bad_input::", "identities::", "schema::", "statements::", "tools::", "local_privacy::"],
    ["posture::", "original::", "protect::", "protect_changes::", "protect_foreign::"],
    ["attacks::", "twin::"],
]
# Where to look first, by how the layer's name begins.
NEAREST = {
    "strict profile": ["schema::", "posture::strict"],
    "unsafe databases": ["posture::rights"],
    "asserted": ["posture::asserted", "original::"],
    "db protect": ["protect::", "protect_foreign::"],
    "cap on": ["limits::"],
    "long values": ["limits::", "fidelity::"],
    "statement timeout": ["limits::"],
    "lock timeout": ["limits::"],
    "doubtful connection": ["edge::cancel", "faults::", "limits::"],
    "rolled back": ["row_security::"],
    "partitioned": ["partitioned::"],
    "parsed alone": ["bad_input::", "attacks::"],
    "further connections": ["failover::", "faults::", "identities::"],
}
CHECK = "posture: "
# What of the project the program and its tests are made of.
PARTS = ("src/", "sql/", "tests/", "Cargo", "scripts/", "examples/", "README", ".")
