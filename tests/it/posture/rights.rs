//! Rights beyond reading.

use super::{AsNamed, Refused, Warned, run};

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
             GRANT {me}_clerks TO {me} WITH INHERIT FALSE",
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
