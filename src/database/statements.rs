//! Every statement of ours, one constant per file in `sql/queries/`.
//!
//! To add one: write the file with its contract on top, list it here, and accept the new line in the test that pins
//! the signatures (`tests/it/statements.rs`).

macro_rules! statements {
    ($($name:ident = $file:literal;)*) => {
        $(
            #[doc = concat!("`sql/queries/", $file, ".sql`")]
            pub const $name: &str = include_str!(concat!("../../sql/queries/", $file, ".sql"));
        )*
        /// All of them with their file names, for the tests and `doctor`.
        pub const ALL: &[(&str, &str)] = &[$(($file, $name),)*];
    };
}

statements! {
    CACHE_SCOPE = "cache_scope";
    CALLABLE_FUNCTIONS = "callable_functions";
    CHANGING_WORDS = "changing_words";
    DESCRIBE_TABLES = "describe_tables";
    MY_RLS_USER_ID = "my_rls_user_id";
    PERFORMANCE_CLOCK = "performance_clock";
    PERFORMANCE_DAYS = "performance_days";
    PERFORMANCE_LINES = "performance_lines";
    PERFORMANCE_NEWEST = "performance_newest";
    PERFORMANCE_PROMOTIONS = "performance_promotions";
    PERFORMANCE_RETURNS = "performance_returns";
    PERFORMANCE_STOCK = "performance_stock";
    PERFORMANCE_STORES = "performance_stores";
    PERFORMANCE_TOTALS = "performance_totals";
    POSTURE_FUNCTIONS = "posture_functions";
    POSTURE_IDENTITY = "posture_identity";
    POSTURE_LOGIN = "posture_login";
    POSTURE_MANAGER = "posture_manager";
    POSTURE_POLICIES = "posture_policies";
    POSTURE_RIGHTS = "posture_rights";
    POSTURE_STRICT = "posture_strict";
    POSTURE_TABLES = "posture_tables";
    PRODUCT_TYPES = "product_types";
    READABLE_CONSTRAINTS = "readable_constraints";
    READABLE_INDEXES = "readable_indexes";
    ROW_SECURITY = "row_security";
    SEARCH_PRODUCTS = "search_products";
    SEARCH_SETUP = "search_setup";
    SERVER_VERSION = "server_version";
    SHOP_SIZE = "shop_size";
    STATUS = "status";
    STORES = "stores";
    WHICH_SERVER = "which_server";
    WHO_AM_I = "who_am_i";
}

/// The checks that any database answers.
pub(super) const POSTURE: &[&str] =
    &[POSTURE_LOGIN, POSTURE_TABLES, POSTURE_POLICIES, POSTURE_RIGHTS, POSTURE_FUNCTIONS, POSTURE_STRICT];

/// Statements of `get_store_performance`, which need the schema that `zava-mcp db create` makes. The original sample's names
/// its columns otherwise.
pub const OF_THE_SHOP: &[&str] = &[
    PERFORMANCE_DAYS,
    PERFORMANCE_LINES,
    PERFORMANCE_NEWEST,
    PERFORMANCE_PROMOTIONS,
    PERFORMANCE_RETURNS,
    PERFORMANCE_STOCK,
    PERFORMANCE_STORES,
    PERFORMANCE_TOTALS,
];

/// Statements that need the mapping of logins, which a database with the original sample's policies has not.
pub const OF_THE_MAPPING: &[&str] = &[MY_RLS_USER_ID, POSTURE_IDENTITY, POSTURE_MANAGER];
