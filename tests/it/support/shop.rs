//! The test server and its databases.
//!
//! `scripts/test` starts a throw-away server and names its data directory in `ZAVA_TEST_DATA_DIR`. Two databases are on
//! it: `zava`, a small seeded shop that tests only read, and `zava_test_template`, which nobody connects to and from
//! which tests that write take copies.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use zava_mcp::database::Owner;
use zava_mcp::database::local::LocalServer;
use zava_mcp::settings::LocalArgs;

use crate::throw_away::{Answer, block_on};

pub(crate) const HEAD_OFFICE: &str = "00000000-0000-0000-0000-000000000000";
pub(crate) const PUGET_SOUND: &str = "cda65840-8bc2-5dbd-9f06-b1807d58329a";
pub(crate) const SEATTLE: &str = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
pub(crate) const REDMOND: &str = "e7f8a9b0-c1d2-3e4f-5678-90abcdef1234";

/// The tables of schema retail whose rows belong to a store.
pub(crate) const STORE_TABLES: [&str; 5] = ["stores", "customers", "orders", "order_items", "inventory"];

/// The data directory of the test server.
pub(crate) fn data_dir() -> PathBuf {
    let dir = std::env::var_os("ZAVA_TEST_DATA_DIR");
    dir.expect("ZAVA_TEST_DATA_DIR is not set: run scripts/test, which starts a server for the tests").into()
}

/// The test server.
pub(crate) fn server() -> LocalServer {
    let args = LocalArgs { data_dir: Some(data_dir()), ..LocalArgs::default() };
    LocalServer::at(&args).expect("a short path")
}

/// A database of the test server.
pub(crate) struct Database {
    pub(crate) name: String,
    ours: bool,
}

/// The shared shop. Only read from it.
pub(crate) fn shared() -> Database {
    Database { name: "zava".to_owned(), ours: false }
}

impl Database {
    /// A copy of the seeded shop, to write to; dropped with the value.
    pub(crate) fn copy() -> Self {
        let copy = Self::make("TEMPLATE zava_test_template");
        // A copy comes without the rights on the database itself.
        let created = copy.admin(&["db", "create"]).output().expect("it runs");
        assert!(created.status.success(), "{created:?}");
        copy
    }

    /// A copy of any database that nobody is connected to.
    pub(crate) fn copy_of(template: &Self) -> Self {
        Self::make(&format!("TEMPLATE {}", template.name))
    }

    /// A database with nothing in it.
    pub(crate) fn empty() -> Self {
        Self::make("TEMPLATE template0")
    }

    fn make(template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("zava_test_{}_{number:04}", std::process::id());
        let owner = connect("postgres");
        let statement = format!("CREATE DATABASE {name} {template} STRATEGY file_copy");
        block_on(async { owner.await.script("make a test database", &statement).await }).expect("made");
        Self { name, ours: true }
    }

    /// Runs statements as the superuser.
    pub(crate) fn script(&self, sql: &str) {
        let owner = connect(&self.name);
        block_on(async { owner.await.script("test", sql).await }).expect("the script runs");
    }

    /// Whether all that a query names exists here; the superuser lacks no right. It does not run.
    pub(crate) fn knows_names_of(&self, sql: &str) -> bool {
        let prepare = format!("PREPARE q AS {sql}");
        let prepared = block_on(async { connect(&self.name).await.script("test", &prepare).await });
        let unknown = ["42703", "42883", "42P01", "42704", "3F000"]; // column, function, table, type, schema
        !prepared.is_err_and(|error| error.sqlstate().is_some_and(|state| unknown.contains(&state)))
    }

    /// The only row of a query of the superuser, which no row security binds; its first column, cast to text.
    pub(crate) fn value(&self, sql: &str) -> String {
        let owner = connect(&self.name);
        let row = block_on(async { owner.await.query_one("test", sql, &[]).await });
        row.expect("one row").try_get(0).expect("a text column")
    }

    /// How PostgreSQL would run a query as the superuser, or with `ANALYZE` among the options has run it.
    pub(crate) fn plan(&self, options: &str, sql: &str) -> String {
        self.script(&format!(
            "CREATE OR REPLACE FUNCTION zava_test_plan(q text) RETURNS SETOF text LANGUAGE plpgsql AS
             $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ({options}) ' || q; END $$"
        ));
        self.value(&format!("SELECT string_agg(line, E'\\n') FROM zava_test_plan($q${sql}$q$) AS line"))
    }

    /// The connection string of an identity's own login.
    pub(crate) fn url(&self, identity: &str) -> String {
        let text = std::fs::read_to_string(server().credentials_file()).expect("credentials");
        let credentials: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let login = &credentials["logins"][identity];
        let field = |name: &str| {
            login[name].as_str().unwrap_or_else(|| panic!("no {name} for {identity}")).to_owned()
        };
        self.url_as(&field("login"), &field("password"))
    }

    /// The connection string of any login.
    pub(crate) fn url_as(&self, login: &str, password: &str) -> String {
        let socket = server().socket_dir();
        format!("host='{}' dbname={} user={login} password={password}", socket.display(), self.name)
    }

    /// The connection string of the superuser, for admin commands.
    pub(crate) fn owner_url(&self) -> String {
        let text = std::fs::read_to_string(server().credentials_file()).expect("credentials");
        let credentials: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        self.url_as("postgres", credentials["superuser"]["password"].as_str().expect("a password"))
    }

    /// The built binary with an admin command on this database of the test server.
    pub(crate) fn admin(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
        command.args(args).env_clear().env("PATH", "/usr/bin:/bin").stdin(std::process::Stdio::null());
        command.env("ZAVA_DATA_DIR", data_dir()).env("ZAVA_LOCAL_DATABASE", &self.name);
        command
    }

    /// What `doctor` answers an identity.
    pub(crate) fn doctor(&self, identity: &str, url: &str) -> Answer {
        let mut command = self.admin(&["doctor", "--rls-user", identity]);
        Answer::from(command.env("DATABASE_URL", url).output().expect("it runs"))
    }
}

pub(crate) async fn connect(database: &str) -> Owner {
    let config = server().owner_config(database).expect("credentials");
    Owner::connect(&config).await.expect("the test server runs: scripts/test starts it")
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.ours {
            let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
            let _ = block_on(async {
                connect("postgres").await.script("drop a test database", &statement).await
            });
        }
    }
}
