//! Databases for the tests of `db seed`: copies of a prepared, empty one.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use tokio::sync::OnceCell;
use tokio_postgres::Config;
use tokio_postgres::config::Host;
use zava_mcp::database::Owner;

use crate::support::shop;

const TABLES: [&str; 7] =
    ["categories", "product_types", "products", "customers", "orders", "order_items", "inventory"];

/// A database of its own.
#[derive(Clone)]
pub(crate) struct Shop {
    config: Config,
}

/// A shop of the default sizes up to 2026-05-17, seeded once for all tests that only read.
pub(crate) async fn sample() -> Shop {
    static SAMPLE: OnceCell<Shop> = OnceCell::const_new();
    let made = SAMPLE.get_or_init(|| async {
        let shop = Shop::empty("seed_sample").await;
        shop.seeded(&["--until", "2026-05-17"]);
        shop
    });
    made.await.clone()
}

/// Where the prepared database is: all schema steps applied, no rows but the stores, no session connected.
fn prepared() -> Config {
    shop::server().owner_config("zava_test_empty").expect("scripts/test makes it")
}

impl Shop {
    /// An empty shop in a new database.
    pub(crate) async fn empty(name: &str) -> Self {
        let mut config = prepared();
        let template = config.get_dbname().expect("the URL names a database").to_owned();
        let server = Owner::connect(&*config.clone().dbname("postgres")).await.expect("the test server runs");
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        server.script("drop the database of an earlier run", &drop).await.expect("dropped");
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        server.script("copy the prepared database", &create).await.expect("copied");
        config.dbname(name);
        Self { config }
    }

    /// The same database for another login.
    pub(crate) fn as_login(&self, login: &str, password: &str) -> Self {
        let mut config = self.config.clone();
        config.user(login).password(password);
        Self { config }
    }

    pub(crate) async fn owner(&self) -> Owner {
        Owner::connect(&self.config).await.expect("the database is there")
    }

    /// Runs statements.
    pub(crate) async fn run(&self, sql: &str) {
        self.owner().await.script("prepare a test", sql).await.expect(sql);
    }

    /// The one number that a query answers.
    pub(crate) async fn number(&self, sql: &str) -> f64 {
        let sql = format!("SELECT ({sql})::float8");
        self.owner().await.query_one("measure", &sql, &[]).await.expect(&sql).get(0)
    }

    /// The one whole number that a query answers.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        let sql = format!("SELECT ({sql})::bigint");
        self.owner().await.query_one("count", &sql, &[]).await.expect(&sql).get(0)
    }

    /// The one text that a query answers.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let sql = format!("SELECT ({sql})::text");
        self.owner().await.query_one("look", &sql, &[]).await.expect(&sql).get(0)
    }

    /// A hash of each table's rows in the order in which they lie.
    pub(crate) async fn fingerprints(&self) -> BTreeMap<&'static str, String> {
        let mut found = BTreeMap::new();
        for table in TABLES {
            let sql =
                format!("SELECT md5(string_agg(t::text, chr(10) ORDER BY ctid)) FROM retail.{table} AS t");
            found.insert(table, self.text(&sql).await);
        }
        found
    }

    /// Seeds; returns the summary.
    pub(crate) fn seeded(&self, options: &[&str]) -> String {
        let output = self.seed(options);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Seeds in vain; returns why.
    pub(crate) fn refused(&self, options: &[&str]) -> String {
        let output = self.seed(options);
        assert!(!output.status.success(), "should have been refused: {options:?}");
        assert!(output.stdout.is_empty(), "no result on stdout");
        String::from_utf8(output.stderr).expect("text")
    }

    fn seed(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_zava-mcp"))
            .args(["db", "seed"])
            .args(options)
            .env("ZAVA_ADMIN_DATABASE_URL", self.key_values())
            .stdin(std::process::Stdio::null())
            .output()
            .expect("the program starts")
    }

    fn key_values(&self) -> String {
        let host = match self.config.get_hosts() {
            [Host::Tcp(name)] => name.clone(),
            [Host::Unix(path)] => path.display().to_string(),
            other => panic!("the test server has one host, not {other:?}"),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let password = String::from_utf8_lossy(self.config.get_password().unwrap_or(b"none"));
        let (user, name) =
            (self.config.get_user().expect("a login"), self.config.get_dbname().expect("a name"));
        format!("host={host} port={port} user={user} password='{password}' dbname={name}")
    }
}
