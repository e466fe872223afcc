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
    DESCRIBE_TABLES = "describe_tables";
    MY_RLS_USER_ID = "my_rls_user_id";
    POSTURE = "posture";
    SEARCH_PRODUCTS = "search_products";
    SHOP_SIZE = "shop_size";
    WHO_AM_I = "who_am_i";
}
