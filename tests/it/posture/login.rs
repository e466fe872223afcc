//! Logins that are more than a person's own.

use super::{AsNamed, ByHand, Refused, Warned, run};

#[test]
fn a_login_with_attributes_is_refused() {
    run(&[
        ("ALTER ROLE {me} SUPERUSER", "login_bound", Refused("unsafe_login"), ByHand),
        ("ALTER ROLE {me} BYPASSRLS", "login_bound", Refused("unsafe_login"), AsNamed),
        ("ALTER ROLE {me} REPLICATION", "login_attributes", Refused("login_attributes"), AsNamed),
        ("ALTER ROLE {me} CREATEROLE", "login_attributes", Refused("login_attributes"), AsNamed),
        ("ALTER ROLE {me} CREATEDB", "login_attributes", Refused("login_attributes"), AsNamed),
    ]);
}

#[test]
fn a_login_in_a_strong_role_is_refused() {
    run(&[
        ("GRANT pg_read_all_data TO {me}", "login_roles", Refused("strong_role"), AsNamed),
        ("GRANT pg_write_all_data TO {me}", "login_roles", Refused("strong_role"), AsNamed),
        ("GRANT pg_monitor TO {me}", "login_roles", Refused("strong_role"), AsNamed),
        ("GRANT pg_signal_backend TO {me}", "login_roles", Refused("strong_role"), AsNamed),
        (
            "GRANT pg_read_server_files, pg_execute_server_program TO {me}",
            "login_roles",
            Refused("strong_role"),
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_strong BYPASSRLS; GRANT {me}_strong TO {me}",
            "login_roles",
            Refused("strong_role"),
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_other LOGIN; GRANT {me}_other TO {me} WITH INHERIT FALSE",
            "login_roles",
            Refused("strong_role"),
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_readers; GRANT {me}_readers TO {me} WITH INHERIT FALSE",
            "login_roles",
            Refused("strong_role"),
            AsNamed,
        ),
        (
            "CREATE ROLE {me}_team; GRANT pg_read_all_stats TO {me}_team; GRANT {me}_team TO {me}",
            "login_roles",
            Refused("strong_role"),
            AsNamed,
        ),
    ]);
}

#[test]
fn an_owner_is_refused() {
    run(&[
        ("GRANT zava_owner TO {me}", "login_owns_nothing", Refused("unsafe_login"), AsNamed),
        (
            "ALTER FUNCTION retail.get_user_store_list() OWNER TO {me}",
            "login_owns_nothing",
            Refused("unsafe_login"),
            AsNamed,
        ),
        (
            "CREATE TABLE retail.notes (note text); ALTER TABLE retail.notes OWNER TO {me}",
            "login_owns_nothing",
            Refused("unsafe_login"),
            AsNamed,
        ),
        (
            "CREATE TYPE retail.mood AS ENUM ('well'); ALTER TYPE retail.mood OWNER TO {me}",
            "login_owns_nothing",
            Refused("unsafe_login"),
            AsNamed,
        ),
        ("ALTER DATABASE {db} OWNER TO {me}", "login_owns_nothing", Refused("unsafe_login"), AsNamed),
        (
            "CREATE PUBLICATION all_rows; ALTER DATABASE {db} OWNER TO {me}; ALTER PUBLICATION all_rows OWNER TO {me}",
            "login_owns_nothing",
            Refused("unsafe_login"),
            ByHand,
        ),
    ]);
}

#[test]
fn an_identity_that_contradicts_itself_is_refused() {
    run(&[
        ("GRANT zava_regional TO {me}", "identity_kind", Refused("identity_kind"), AsNamed),
        (
            "REVOKE zava_manager FROM {me}; GRANT zava_head_office TO {me}",
            "identity_kind",
            Refused("identity_kind"),
            ByHand,
        ),
        (
            "UPDATE zava.principal SET kind = 'head_office' WHERE login = '{me}'",
            "identity_kind",
            Refused("identity_kind"),
            ByHand,
        ),
        ("DELETE FROM zava.principal_store WHERE login = '{me}'", "identity_kind", Warned, ByHand),
        (
            "INSERT INTO zava.principal_store SELECT '{me}', store_id FROM retail.stores WHERE is_online",
            "identity_kind",
            Refused("identity_kind"),
            ByHand,
        ),
        (
            "UPDATE retail.stores SET manager_id = gen_random_uuid() WHERE manager_id = '{id}'",
            "manager_matches",
            Warned,
            ByHand,
        ),
    ]);
}

#[test]
fn a_setting_that_weakens_the_login_is_refused() {
    run(&[
        ("ALTER ROLE {me} SET row_security = off", "login_settings", Refused("weakening_setting"), AsNamed),
        (
            "ALTER DATABASE {db} SET row_security = off",
            "login_settings",
            Refused("weakening_setting"),
            AsNamed,
        ),
        (
            "ALTER ROLE {me} SET role = 'zava_manager'",
            "login_settings",
            Refused("weakening_setting"),
            AsNamed,
        ),
        (
            "ALTER ROLE {me} SET session_preload_libraries = 'plpgsql'",
            "login_settings",
            Refused("weakening_setting"),
            AsNamed,
        ),
        (
            "ALTER ROLE {me} IN DATABASE {db} SET search_path = public, pg_catalog",
            "login_settings",
            Warned,
            AsNamed,
        ),
        ("ALTER ROLE {me} RESET temp_file_limit", "temp_files", Warned, AsNamed),
        ("GRANT SET ON PARAMETER lo_compat_privileges TO {me}", "login_settings", Warned, AsNamed),
    ]);
}
