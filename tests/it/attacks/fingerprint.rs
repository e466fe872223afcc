//! Data, catalog, roles, locks and sequences of a database as one value of each, to be compared before and after.

use serde_json::Value;

use crate::support::shop::Database;

/// A query of the rows of every table: sums of hashes need no sort.
const TABLES: &str = "
    SELECT string_agg(format('SELECT %L, (SELECT concat(count(*), %L, sum(hashtextextended(t::text, 0)::numeric)) FROM %s AS t)',
        c.oid::regclass, ' ', c.oid::regclass), ' UNION ALL ')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE relkind = 'r' AND (nspname !~ '^(pg_|information_schema)' OR c.oid::regclass::text = ANY (ARRAY['pg_proc',
      'pg_policy', 'pg_attribute', 'pg_namespace', 'pg_type', 'pg_constraint', 'pg_trigger', 'pg_rewrite', 'pg_depend',
      'pg_default_acl', 'pg_extension', 'pg_description', 'pg_statistic_ext', 'pg_event_trigger', 'pg_publication',
      'pg_language', 'pg_largeobject', 'pg_largeobject_metadata', 'pg_seclabel', 'pg_foreign_server', 'pg_operator',
      'pg_cast', 'pg_collation', 'pg_init_privs', 'pg_attrdef', 'pg_index', 'pg_inherits', 'pg_conversion',
      'pg_user_mapping', 'pg_transform', 'pg_replication_origin', 'pg_sequence']))";

/// Everything else. Left out is only what maintenance changes by itself.
const FINGERPRINT: &str = "
    SELECT jsonb_object_agg(part, value)::text FROM ((tables)
      UNION ALL SELECT 'pg_class', sum(hashtextextended((to_jsonb(t) - ARRAY['relpages', 'reltuples', 'relallvisible',
          'relallfrozen', 'relfrozenxid', 'relminmxid'])::text, 0)::numeric)::text FROM pg_class AS t
      UNION ALL SELECT 'roles', string_agg(to_jsonb(a)::text, ',' ORDER BY rolname) FROM pg_authid AS a
        WHERE rolname IN ('postgres', 'zava_owner', 'zava_head_office', 'zava_regional', 'zava_manager', '(login)')
      UNION ALL SELECT 'members', string_agg(m::text, ',' ORDER BY m::text) FROM pg_auth_members AS m
        WHERE member = '(login)'::regrole
      UNION ALL SELECT 'database', (to_jsonb(d) - ARRAY['datfrozenxid', 'datminmxid'])::text FROM pg_database AS d
        WHERE datname = current_database()
      UNION ALL SELECT 'settings of roles', string_agg(s::text, ',' ORDER BY s::text) FROM pg_db_role_setting AS s
        WHERE setrole = '(login)'::regrole
          OR setrole = 0 AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      UNION ALL SELECT 'sequences', string_agg(s::text, ',' ORDER BY s::text) FROM pg_sequences AS s
      UNION ALL SELECT 'prepared', count(*)::text FROM pg_prepared_xacts WHERE database = current_database()
      UNION ALL SELECT 'slots', count(*)::text FROM pg_replication_slots WHERE database = current_database()
      UNION ALL SELECT 'advisory locks', count(*)::text FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      UNION ALL SELECT 'locks', count(*)::text FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE usename = '(login)' AND datname = current_database()
      UNION ALL SELECT 'open transactions', count(*)::text FROM pg_stat_activity
        WHERE usename = '(login)' AND datname = current_database() AND state <> 'idle'
    ) AS f(part, value)";

/// All parts, by name, and the statement that asks for them.
pub(super) struct Fingerprint {
    parts: Value,
    statement: String,
}

impl Fingerprint {
    /// Of a database as it is now; locks and transactions are those of a login.
    pub(super) fn of(database: &Database, login: &str) -> Self {
        let tables = database.value(TABLES);
        let statement = FINGERPRINT.replace("(login)", login).replace("(tables)", &tables);
        let parts = parts(database, &statement);
        assert!(parts.as_object().is_some_and(|parts| parts.len() > 30), "{parts}");
        Self { parts, statement }
    }

    /// The parts that are not the same now. A cancelled query may need a moment to let go of its locks.
    pub(super) fn changed(&self, database: &Database) -> Vec<String> {
        let mut changed = Vec::new();
        for _ in 0..30 {
            let now = parts(database, &self.statement);
            let before = self.parts.as_object().expect("an object");
            changed = before.keys().filter(|part| before[*part] != now[*part]).cloned().collect();
            if changed.is_empty() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        changed
    }
}

fn parts(database: &Database, statement: &str) -> Value {
    serde_json::from_str(&database.value(statement)).expect("JSON")
}

#[test]
fn a_fingerprint_notices_a_changed_row_a_right_and_a_lock() {
    let database = Database::copy();
    let before = Fingerprint::of(&database, "zava_seattle");
    assert!(before.changed(&database).is_empty());
    database.script("UPDATE retail.inventory SET stock_level = stock_level + 1 WHERE store_id = (SELECT store_id FROM retail.stores LIMIT 1)");
    database.script("GRANT DELETE ON retail.orders TO zava_manager; SELECT lo_create(4242)");
    let changed = before.changed(&database);
    for part in ["retail.inventory", "pg_class", "pg_largeobject_metadata"] {
        assert!(changed.contains(&part.to_owned()), "{part} in {changed:?}");
    }
    assert!(!changed.contains(&"retail.orders".to_owned()), "{changed:?}");
}
