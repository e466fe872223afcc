//! What `db protect` changes in the original sample's database: exactly what it says, once, and nothing when it refuses.

use crate::protect::{PROTECT, copy, run};
use crate::support::shop::{Database, SEATTLE};

/// What is in the catalogue that `db protect` might change: one line for each thing, without object ids, what
/// owners may do with their own, and what PostgreSQL 18 lists and older ones do not.
pub(crate) const CATALOG: &str = "SELECT string_agg(line, E'\\n' ORDER BY line COLLATE \"C\") FROM (
  SELECT concat_ws(' ', 'table', c.oid::regclass, c.relkind, pg_get_userbyid(c.relowner),
    CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'secured' END) AS line
    FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('retail', 'zava', 'zava_admin', 'public') AND c.relkind <> 'c'
  UNION ALL SELECT concat_ws(' ', 'right', c.oid::regclass, coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC'),
      string_agg(lower(a.privilege_type), ',' ORDER BY a.privilege_type))
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace::regnamespace::text IN ('retail', 'zava', 'zava_admin')
      AND a.grantee <> c.relowner
    GROUP BY c.oid, a.grantee
  UNION ALL SELECT concat_ws(' ', 'right', c.oid::regclass, 'columns', pg_get_userbyid(a.grantee), lower(a.privilege_type),
      CASE WHEN count(*) = (SELECT count(*) FROM pg_attribute u WHERE u.attrelid = c.oid AND u.attnum > 0 AND NOT u.attisdropped)
        THEN 'each' ELSE string_agg(t.attname, ',' ORDER BY t.attnum) END)
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
    WHERE c.relnamespace::regnamespace::text IN ('retail', 'zava', 'zava_admin') GROUP BY c.oid, a.grantee, a.privilege_type
  UNION ALL SELECT concat_ws(' ', 'right', d, coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC'),
      string_agg(lower(a.privilege_type), ',' ORDER BY a.privilege_type))
    FROM (SELECT 'schema ' || nspname, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace WHERE nspname !~ '^(pg|inf)'
      UNION ALL SELECT 'database', coalesce(datacl, acldefault('d', datdba)) FROM pg_database WHERE datname = current_database()
      UNION ALL SELECT 'function ' || oid::regprocedure, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc
        WHERE pronamespace::regnamespace::text IN ('retail', 'zava')) AS s (d, acl), aclexplode(acl) a GROUP BY d, a.grantee
  UNION ALL SELECT concat_ws(' ', 'policy', polname, polrelid::regclass, CASE WHEN polpermissive THEN 'may' ELSE 'must' END, polcmd,
      (SELECT string_agg(coalesce(pg_get_userbyid(nullif(r, 0)), 'PUBLIC'), ',') FROM unnest(polroles) r),
      regexp_replace(pg_get_expr(polqual, polrelid), '\\s+', ' ', 'g')) FROM pg_policy
  UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace::regnamespace::text IN ('retail', 'zava', 'zava_admin') AND contype <> 'n'
  UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', 'default', defaclrole::regrole, defaclobjtype, defaclacl) FROM pg_default_acl
  UNION ALL SELECT concat_ws(' ', 'membership', roleid::regrole, member::regrole) FROM pg_auth_members
    WHERE member::regrole::text = 'store_manager' OR roleid::regrole::text = 'store_manager'
) AS t";

const DATA: &str = "SELECT md5(concat_ws(',',
  (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.stores t), (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.customers t),
  (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.orders t), (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.order_items t),
  (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.inventory t), (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.categories t),
  (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.product_types t), (SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM retail.products t),
  (SELECT md5(string_agg(t::text, '' ORDER BY product_id)) FROM retail.product_description_embeddings t),
  (SELECT md5(string_agg(t::text, '' ORDER BY product_id)) FROM retail.product_image_embeddings t)))";

/// Lines that are only in one of two catalogues.
fn difference(before: &str, after: &str) -> String {
    let only = |one: &str, other: &str, sign: char| -> Vec<String> {
        one.lines()
            .filter(|line| !other.lines().any(|known| known == *line))
            .map(|line| format!("{sign} {line}"))
            .collect()
    };
    [only(before, after, '-'), only(after, before, '+')].concat().join("\n")
}

#[test]
fn what_it_adds_is_exactly_this_and_no_data_changes() {
    let Some(database) = copy() else { return };
    let (catalog, data) = (database.value(CATALOG), database.value(DATA));
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    assert_eq!(database.value(DATA), data);
    insta::assert_snapshot!(difference(&catalog, &database.value(CATALOG)));
}

/// With object ids and times: what a second run must leave alone.
const EXACTLY: &str = "SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
  SELECT oid::text || relname || relowner || coalesce(relacl::text, '') || relrowsecurity || relforcerowsecurity AS line FROM pg_class
  UNION ALL SELECT oid::text || polname || coalesce(pg_get_expr(polqual, polrelid), '') FROM pg_policy
  UNION ALL SELECT oid::text || proname || coalesce(proacl::text, '') FROM pg_proc
  UNION ALL SELECT oid::text || nspname || coalesce(nspacl::text, '') FROM pg_namespace
  UNION ALL SELECT datacl::text FROM pg_database WHERE datname = current_database()
  UNION ALL SELECT p::text FROM zava.principal AS p UNION ALL SELECT p::text FROM zava.principal_store AS p
  UNION ALL SELECT p::text FROM zava_admin.protection AS p) AS t";

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let Some(database) = copy() else { return };
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    let before = database.value(EXACTLY);
    let again = run(&database, &PROTECT);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(
        again.stdout.contains("nothing was changed") && !again.stdout.contains("protected  "),
        "{again:?}"
    );
    assert_eq!(database.value(EXACTLY), before);
}

#[test]
fn a_dry_run_prints_the_sql_and_changes_nothing() {
    let Some(database) = copy() else { return };
    let before = database.value(CATALOG);
    let answer = run(&database, &[&PROTECT[..], &["--dry-run"]].concat());
    assert_eq!(answer.code, Some(0), "{answer:?}");
    for line in [
        "CREATE POLICY zava_own_store ON retail.orders AS RESTRICTIVE FOR SELECT TO zava_manager USING (store_id = (SELECT zava.my_store()));",
        "ALTER TABLE retail.orders ENABLE ROW LEVEL SECURITY; ALTER TABLE retail.orders FORCE ROW LEVEL SECURITY;",
        "COMMIT;",
        "-- login zava_seattle for f47ac10b-58cc-4372-a567-0e02b2c3d479 (Zava Retail Seattle)",
    ] {
        assert!(answer.stdout.lines().any(|printed| printed == line), "{line}: {}", answer.stdout);
    }
    // its own copies of sampling methods are all that the strict profile would drop
    assert!(!answer.stdout.contains("\nDROP"), "{}", answer.stdout);
    assert_eq!(difference(&before, &database.value(CATALOG)), "");
    // what was printed is what PostgreSQL takes
    database.script(&answer.stdout);
    assert_eq!(database.value("SELECT count(*)::text FROM pg_policy WHERE polname = 'zava_own_store'"), "5");
}

#[test]
fn what_was_weakened_since_is_mended_and_nothing_else_is_touched() {
    let Some(database) = copy() else { return };
    assert_eq!(run(&database, &PROTECT).code, Some(0));
    let sound = database.value(CATALOG);
    for harm in [
        "ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY",
        "DROP POLICY zava_own_store ON retail.orders",
        "ALTER POLICY zava_own_store ON retail.orders USING (true)",
        "ALTER POLICY zava_own_store ON retail.orders TO store_manager",
        "REVOKE SELECT ON retail.orders FROM zava_manager",
        "ALTER POLICY own_row ON zava.principal USING (true)",
        "CREATE OR REPLACE FUNCTION zava.my_store() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
        "GRANT EXECUTE ON FUNCTION zava.my_store() TO PUBLIC",
    ] {
        database.script(harm);
        let mended = run(&database, &PROTECT);
        assert_eq!(mended.code, Some(0), "{harm}: {mended:?}");
        assert!(!mended.stdout.contains("nothing was changed"), "{harm}: {mended:?}");
        assert_eq!(
            mended.stdout.contains("protected  retail.orders"),
            harm.contains("orders"),
            "{harm}: {mended:?}"
        );
        assert_eq!(
            mended.stdout.matches("protected  ").count(),
            usize::from(harm.contains("orders")),
            "{harm}"
        );
        assert_eq!(difference(&sound, &database.value(CATALOG)), "", "{harm}");
    }
}

#[test]
fn what_stands_in_the_way_is_refused_and_nothing_is_changed() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("ALTER SCHEMA retail RENAME TO shop", &[], "schema_missing"),
        ("ALTER TABLE retail.stores RENAME TO shops", &[], "stores_missing"),
        ("ALTER TABLE retail.stores DROP CONSTRAINT stores_pkey CASCADE", &[], "store_key"),
        (
            "DROP POLICY store_manager_inventory ON retail.inventory; \
             ALTER TABLE retail.inventory DROP CONSTRAINT inventory_store_id_fkey; \
             ALTER TABLE retail.inventory ALTER store_id TYPE text",
            &[],
            "store_key",
        ),
        ("CREATE POLICY zava_own_store ON retail.orders USING (true)", &[], "not_ours"),
        ("CREATE SCHEMA zava", &[], "not_ours"),
        ("GRANT INSERT ON retail.orders TO PUBLIC", &[], "open_to_all"),
        ("GRANT UPDATE (stock_level) ON retail.inventory TO zava_manager", &[], "open_to_all"),
        ("GRANT USAGE ON SEQUENCE retail.orders_order_id_seq TO PUBLIC", &[], "open_to_all"),
        (
            "CREATE VIEW public.totals AS SELECT * FROM retail.orders; GRANT SELECT ON public.totals TO PUBLIC",
            &[],
            "open_to_all",
        ),
        (
            "CREATE FUNCTION public.totals() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM retail.orders'",
            &[],
            "open_to_all",
        ),
        ("SELECT 1", &["--store-column", "orders=shop"], "store_column"),
        ("SELECT 1", &["--store-column", "nowhere=store_id"], "table_unknown"),
        ("SELECT 1", &["--shared", "orders"], "store_column"),
        ("SELECT 1", &["--from-stores", "manager"], "from_stores"),
        (
            "UPDATE retail.stores SET rls_user_id = '00000000-0000-0000-0000-000000000000' WHERE store_id = 1",
            &[],
            "from_stores",
        ),
        ("SELECT 1", &["--head-office", SEATTLE], "identity_taken"),
    ];
    for (obstacle, args, reason) in cases {
        let Some(database) = copy() else { return };
        database.script(obstacle);
        let before = database.value(CATALOG);
        let answer = run(&database, &[&["db", "protect"], *args].concat());
        assert_eq!(answer.code, Some(1), "{obstacle} {args:?}: {answer:?}");
        assert!(answer.stderr.contains(&format!("({reason})")), "{obstacle} {args:?}: {}", answer.stderr);
        assert_eq!(difference(&before, &database.value(CATALOG)), "", "{obstacle} {args:?}");
    }
}

#[test]
fn a_login_that_owns_nothing_is_refused() {
    let Some(database) = copy() else { return };
    let url = database.url_as("store_manager", "hunter2");
    let answer = run(&database, &["db", "protect", "--admin-url", &url]);
    assert!(
        answer.code == Some(1) && answer.stderr.contains("AUTHORIZATION_ERROR (not_owner)"),
        "{answer:?}"
    );
}

#[test]
fn our_own_database_needs_no_protection() {
    let answer = run(&Database::copy(), &["db", "protect"]);
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(answer.stdout.contains("nothing was changed"), "{answer:?}");
}
