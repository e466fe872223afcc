//! Functions that might show or do more than the login may.

use super::{AsNamed, Refused, Warned, run};

#[test]
fn a_function_that_might_show_more_is_refused() {
    run(&[
        (
            "CREATE FUNCTION public.all_orders() RETURNS bigint LANGUAGE sql SECURITY DEFINER
             AS $$ SELECT count(*) FROM retail.orders $$",
            "definer_functions",
            Refused("definer_function"),
            AsNamed,
        ),
        (
            "CREATE FUNCTION zava.my_store(uuid) RETURNS uuid LANGUAGE sql SECURITY DEFINER AS $$ SELECT $1 $$;
             GRANT EXECUTE ON FUNCTION zava.my_store(uuid) TO zava_manager",
            "definer_functions",
            Refused("definer_function"),
            AsNamed,
        ),
        (
            "CREATE FUNCTION public.peek(numeric) RETURNS boolean LANGUAGE plpgsql LEAKPROOF COST 0.0001
             AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
            "leakproof_functions",
            Refused("leakproof_function"),
            AsNamed,
        ),
        (
            "ALTER FUNCTION pg_catalog.textlike(text, text) LEAKPROOF",
            "leakproof_functions",
            Warned,
            AsNamed,
        ),
        (
            "ALTER FUNCTION pg_catalog.numeric_div(numeric, numeric) LEAKPROOF",
            "leakproof_functions",
            Warned,
            AsNamed,
        ),
        (
            "CREATE LANGUAGE rude HANDLER plpgsql_call_handler;
             CREATE FUNCTION public.shell(text) RETURNS text LANGUAGE rude AS $$ BEGIN RETURN $1; END $$",
            "dangerous_functions",
            Refused("dangerous_function"),
            AsNamed,
        ),
    ]);
}

/// The extensions in question are not installed everywhere: a function in their name will do.
#[test]
fn an_extension_that_reaches_out_is_refused_or_told() {
    run(&[
        (
            "CREATE FUNCTION public.connect(text) RETURNS text LANGUAGE sql AS $$ SELECT $1 $$;
             INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
             VALUES (4242, 'dblink', 10, 2200, false, '1');
             INSERT INTO pg_depend VALUES ('pg_proc'::regclass, 'public.connect(text)'::regprocedure, 0,
               'pg_extension'::regclass, 4242, 0, 'e')",
            "dangerous_functions",
            Refused("dangerous_function"),
            AsNamed,
        ),
        (
            "CREATE FUNCTION public.statements() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
             INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
             VALUES (4242, 'pg_stat_statements', 10, 2200, false, '1');
             INSERT INTO pg_depend VALUES ('pg_proc'::regclass, 'public.statements()'::regprocedure, 0,
               'pg_extension'::regclass, 4242, 0, 'e')",
            "dangerous_functions",
            Warned,
            AsNamed,
        ),
    ]);
}
