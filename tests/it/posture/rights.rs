//! Rights beyond reading.

use super::{AsNamed, ByHand, Refused, Warned, run};

#[test]
fn a_login_that_can_write_is_refused() {
    run(&[
        ("GRANT UPDATE ON retail.products TO zava_manager", "nothing_writable", Refused("writable"), AsNamed),
        (
            "GRANT UPDATE (stock_level), REFERENCES (store_id) ON retail.inventory TO PUBLIC",
            "nothing_writable",
            Refused("writable"),
            AsNamed,
        ),
        (
            "GRANT TRUNCATE, TRIGGER ON retail.orders TO {me}",
            "nothing_writable",
            Refused("writable"),
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_clerks; GRANT INSERT ON zava.principal TO {me}_clerks;
             GRANT {me}_clerks TO {me}",
            "nothing_writable",
            Refused("writable"),
            AsNamed,
        ),
        (
            "CREATE SEQUENCE retail.receipt; GRANT USAGE ON SEQUENCE retail.receipt TO zava_manager",
            "sequences",
            Refused("writable"),
            AsNamed,
        ),
        (
            "CREATE SEQUENCE retail.receipt; GRANT SELECT ON SEQUENCE retail.receipt TO zava_manager",
            "sequences",
            Warned,
            AsNamed,
        ),
    ]);
}

#[test]
fn large_objects_in_reach_are_refused_and_without_their_functions_told() {
    run(&[
        (
            "SELECT lo_create(4242); GRANT SELECT ON LARGE OBJECT 4242 TO zava_manager",
            "large_objects",
            Warned,
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_team; GRANT {me}_team TO {me}; SELECT lo_create(4243);
             GRANT SELECT, UPDATE ON LARGE OBJECT 4243 TO PUBLIC, {me}_team;
             GRANT EXECUTE ON FUNCTION pg_catalog.lo_get(oid) TO PUBLIC",
            "large_objects",
            Refused("unprotected_data"),
            AsNamed,
        ),
        (
            "SELECT lo_create(4244); ALTER LARGE OBJECT 4244 OWNER TO {me}",
            "login_owns_nothing",
            Refused("unsafe_login"),
            AsNamed,
        ),
        (
            "ALTER DATABASE {db} SET lo_compat_privileges = on;
             GRANT EXECUTE ON FUNCTION pg_catalog.lo_open(oid, integer) TO PUBLIC",
            "large_objects",
            Refused("weakening_setting"),
            ByHand,
        ),
    ]);
}

#[test]
fn a_login_that_can_create_is_refused() {
    run(&[
        (
            "GRANT TEMPORARY ON DATABASE {db} TO zava_manager",
            "nothing_created",
            Refused("can_create"),
            AsNamed,
        ),
        ("GRANT TEMPORARY ON DATABASE {db} TO PUBLIC", "nothing_created", Refused("can_create"), AsNamed),
        ("GRANT CREATE ON DATABASE {db} TO {me}", "nothing_created", Refused("can_create"), AsNamed),
        ("GRANT CREATE ON SCHEMA retail TO zava_manager", "nothing_created", Refused("can_create"), AsNamed),
        (
            "CREATE SCHEMA more; GRANT CREATE ON SCHEMA more TO PUBLIC",
            "nothing_created",
            Refused("can_create"),
            AsNamed,
        ),
    ]);
}

#[test]
fn a_search_path_on_which_others_put_names_is_refused() {
    run(&[
        (
            "CREATE ROLE {me}_app; GRANT CREATE ON SCHEMA public TO {me}_app",
            "search_path",
            Refused("open_search_path"),
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_app;
             CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
             ALTER FUNCTION public.lower(varchar) OWNER TO {me}_app",
            "search_path",
            Refused("open_search_path"),
            AsNamed,
        ),
        (
            "CREATE FUNCTION retail.upper(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$",
            "search_path",
            Warned,
            AsNamed,
        ),
        (
            "CREATE FUNCTION public.same(varchar, uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
             CREATE OPERATOR public.= (FUNCTION = public.same, LEFTARG = varchar, RIGHTARG = uuid)",
            "search_path",
            Warned,
            AsNamed,
        ),
    ]);
}
