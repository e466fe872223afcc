//! Policies, and what they ask, that are not the ones of this version.

use super::harness::Broken;
use super::{AsNamed, ByHand, Refused, Warned, command, run};
use crate::support::shop::{HEAD_OFFICE, STORE_TABLES};

#[test]
fn a_policy_that_is_missing_or_replaced_is_refused() {
    run(&[
        ("DROP POLICY zava_own_store ON retail.orders", "stores_pinned", Refused("policy_changed"), AsNamed),
        (
            "DROP POLICY zava_own_store ON retail.customers; DROP POLICY zava_own_region ON retail.customers",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "ALTER POLICY zava_own_store ON retail.order_items USING (true)",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "ALTER POLICY zava_own_store ON retail.inventory
             USING (store_id = (SELECT zava.my_store()) OR current_setting('app.all', true) = 'yes')",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "ALTER POLICY zava_own_store ON retail.stores TO zava_head_office",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "DROP POLICY zava_own_region ON retail.orders; CREATE POLICY zava_own_region ON retail.orders FOR SELECT
             TO zava_regional USING (store_id = ANY (ARRAY(SELECT unnest(zava.my_region()))))",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "ALTER POLICY zava_all ON retail.orders USING (true)",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "ALTER POLICY zava_all ON retail.stores USING ((SELECT zava.is_head_office()) IS NOT NULL)",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
        (
            "ALTER POLICY zava_all ON retail.customers
             USING ((SELECT nullif(zava.is_head_office(), true)) IS NOT NULL)",
            "stores_pinned",
            Refused("policy_changed"),
            AsNamed,
        ),
    ]);
}

/// As it was before `sql/schema/011_head_office.sql`; `db create` brings it up to date.
#[test]
fn head_offices_policy_of_an_earlier_version_is_as_good() {
    let policies = "SELECT string_agg(DISTINCT pg_get_expr(polqual, polrelid), ';') FROM pg_policy WHERE polname = 'zava_all'";
    let broken = Broken::copy();
    let now = broken.database().value(policies);
    for table in STORE_TABLES {
        broken
            .harm(&format!("ALTER POLICY zava_all ON retail.{table} USING ((SELECT zava.is_head_office()))"));
    }
    broken.harm("DELETE FROM zava_admin.applied_step WHERE number = 11");
    assert_ne!(broken.database().value(policies), now);
    let report = broken.doctor(&[]);
    assert_eq!((report.code, report.grade(), report.bad().count()), (Some(0), "A", 0), "{report:?}");
    let doctor = broken.database().doctor(HEAD_OFFICE, &broken.database().url(HEAD_OFFICE));
    for line in ["ok    grade                A", "ok    stores_pinned", "ok    other_policies"] {
        assert!(doctor.code == Some(0) && doctor.stdout.contains(line), "{line}: {doctor:?}");
    }

    let create = command(broken.database(), &["db", "create"]);
    assert!(create.code == Some(0) && create.stdout.contains("applied 011_head_office"), "{create:?}");
    assert_eq!(broken.database().value(policies), now);
}

#[test]
fn one_more_permissive_policy_is_told() {
    run(&[
        (
            "CREATE POLICY everybody ON retail.orders FOR SELECT TO PUBLIC USING (true)",
            "other_policies",
            Warned,
            AsNamed,
        ),
        (
            "CREATE POLICY mine ON retail.stores FOR SELECT TO {me} USING (true)",
            "other_policies",
            Warned,
            AsNamed,
        ),
    ]);
}

#[test]
fn what_tells_logins_apart_must_be_untouched() {
    run(&[
        (
            "CREATE OR REPLACE FUNCTION zava.my_store() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
             SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN current_setting('app.store')::uuid; END $$",
            "identity_functions",
            Refused("identity_changed"),
            ByHand,
        ),
        (
            "ALTER FUNCTION zava.my_region() RESET search_path",
            "identity_functions",
            Refused("identity_changed"),
            ByHand,
        ),
        (
            "ALTER TABLE zava.principal DISABLE ROW LEVEL SECURITY",
            "mapping_private",
            Refused("identity_changed"),
            AsNamed,
        ),
        (
            "CREATE POLICY all_lines ON zava.principal_store USING (true)",
            "mapping_private",
            Refused("identity_changed"),
            AsNamed,
        ),
    ]);
}
