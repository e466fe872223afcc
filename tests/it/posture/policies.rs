//! Policies, and what they ask, that are not the ones of this version.

use super::{AsNamed, ByHand, Refused, Warned, run};

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
    ]);
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
