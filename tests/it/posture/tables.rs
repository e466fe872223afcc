//! Store data that row security does not guard.

use super::{AsNamed, Refused, Warned, run};

#[test]
fn row_security_that_is_off_is_refused() {
    run(&[
        (
            "ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY",
            "row_security_forced",
            Refused("row_security_off"),
            AsNamed,
        ),
        (
            "ALTER TABLE retail.inventory DISABLE ROW LEVEL SECURITY",
            "row_security_forced",
            Refused("row_security_off"),
            AsNamed,
        ),
    ]);
}

#[test]
fn a_new_table_with_store_data_is_refused_until_it_is_guarded() {
    run(&[
        (
            "CREATE TABLE retail.visits (store_id uuid, visitors int);
             GRANT SELECT (store_id, visitors) ON retail.visits TO zava_manager, zava_regional, zava_head_office",
            "row_security_forced",
            Refused("row_security_off"),
            AsNamed,
        ),
        (
            "CREATE SCHEMA more; CREATE TABLE more.visits (primary_store_id uuid); GRANT USAGE ON SCHEMA more TO PUBLIC;
             GRANT SELECT (primary_store_id) ON more.visits TO PUBLIC",
            "row_security_forced",
            Refused("row_security_off"),
            AsNamed,
        ),
        (
            "CREATE TABLE retail.visits (store_id uuid, visitors int) PARTITION BY RANGE (visitors);
             CREATE TABLE retail.few_visits PARTITION OF retail.visits FOR VALUES FROM (0) TO (10);
             GRANT SELECT (store_id, visitors) ON retail.few_visits TO zava_manager, zava_regional, zava_head_office",
            "row_security_forced",
            Refused("row_security_off"),
            AsNamed,
        ),
        (
            "CREATE TABLE retail.payments (of_order uuid, shop uuid, amount numeric,
               FOREIGN KEY (of_order, shop) REFERENCES retail.orders (order_id, store_id));
             GRANT SELECT (of_order, shop, amount) ON retail.payments TO zava_manager",
            "store_data_protected",
            Refused("unprotected_data"),
            AsNamed,
        ),
    ]);
}

#[test]
fn a_view_past_row_security_is_refused() {
    run(&[
        (
            "CREATE MATERIALIZED VIEW retail.totals AS SELECT sum(total_amount) FROM retail.orders;
             GRANT SELECT ON retail.totals TO zava_manager",
            "store_data_protected",
            Refused("unprotected_data"),
            AsNamed,
        ),
        (
            "CREATE VIEW retail.all_orders AS SELECT * FROM retail.orders; GRANT SELECT ON retail.all_orders TO PUBLIC",
            "store_data_protected",
            Refused("unprotected_data"),
            AsNamed,
        ),
        (
            "CREATE VIEW zava.hidden AS SELECT total_amount FROM retail.orders;
             CREATE VIEW public.days AS SELECT sum(total_amount) FROM zava.hidden; GRANT SELECT ON public.days TO {me}",
            "store_data_protected",
            Refused("unprotected_data"),
            AsNamed,
        ),
        (
            "SET ROLE zava_owner; CREATE VIEW retail.nothing AS SELECT * FROM retail.orders;
             GRANT SELECT ON retail.nothing TO zava_manager; RESET ROLE",
            "store_data_protected",
            Warned,
            AsNamed,
        ),
    ]);
}

#[test]
fn foreign_tables_are_beyond_row_security() {
    run(&[
        (
            "CREATE FOREIGN DATA WRAPPER {me}; CREATE SERVER {me} FOREIGN DATA WRAPPER {me};
             CREATE FOREIGN TABLE retail.far_orders (store_id uuid) SERVER {me};
             GRANT SELECT (store_id) ON retail.far_orders TO zava_manager",
            "store_data_protected",
            Refused("unprotected_data"),
            AsNamed,
        ),
        (
            "CREATE FOREIGN DATA WRAPPER {me}; CREATE SERVER {me} FOREIGN DATA WRAPPER {me};
             GRANT USAGE ON FOREIGN SERVER {me} TO zava_manager",
            "foreign_servers",
            Warned,
            AsNamed,
        ),
    ]);
}
