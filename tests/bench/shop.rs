//! The database that is measured, and who asks it.

use tokio_postgres::{Client, Config, NoTls};
use zava_mcp::database::local::LocalServer;
use zava_mcp::settings::LocalArgs;

pub(crate) const SEATTLE: &str = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

/// The seeded shop that `ZAVA_BENCH_DATABASE` names on the managed local server.
pub(crate) struct Shop {
    server: LocalServer,
    pub(crate) database: String,
    pub(crate) store: String,
    pub(crate) order: String,
    pub(crate) lines: String,
    pub(crate) own_lines: String,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let database = std::env::var("ZAVA_BENCH_DATABASE").expect("ZAVA_BENCH_DATABASE: run scripts/bench");
        let args =
            LocalArgs { data_dir: std::env::var_os("ZAVA_DATA_DIR").map(Into::into), ..LocalArgs::default() };
        let server = LocalServer::at(&args).expect("a short path");
        let mut shop = Self {
            server,
            database,
            store: String::new(),
            order: String::new(),
            lines: String::new(),
            own_lines: String::new(),
        };
        let owner = connect(&shop.owner()).await.0;
        let ask = async |sql: String| -> String { owner.query_one(&sql, &[]).await.expect("one row").get(0) };
        shop.store =
            ask("SELECT store_id::text FROM retail.stores WHERE name = 'Zava Retail Seattle'".into()).await;
        let own = format!("WHERE store_id = '{}'", shop.store);
        shop.order = ask(format!(
            "SELECT order_id::text FROM retail.orders {own} ORDER BY order_date OFFSET 1000 LIMIT 1"
        ))
        .await;
        shop.lines = ask("SELECT count(*)::text FROM retail.order_items".into()).await;
        shop.own_lines = ask(format!("SELECT count(*)::text FROM retail.order_items {own}")).await;
        shop
    }

    pub(crate) fn owner(&self) -> Config {
        self.server.owner_config(&self.database).expect("credentials")
    }

    pub(crate) fn seattle(&self) -> Config {
        let id = SEATTLE.parse().expect("a UUID");
        self.server.login_config(id, &self.database).expect("credentials")
    }

    /// Seattle's connection string.
    pub(crate) fn url(&self) -> String {
        let config = self.seattle();
        let password = String::from_utf8(config.get_password().expect("one").to_vec()).expect("UTF-8");
        let user = config.get_user().expect("one");
        let socket = self.server.socket_dir();
        format!("host='{}' dbname={} user={user} password={password}", socket.display(), self.database)
    }

    /// The process of the backend that serves an application's connection, when there is one.
    pub(crate) async fn backend(&self, application: &str) -> u32 {
        let (owner, _) = connect(&self.owner()).await;
        let sql = "SELECT pid FROM pg_stat_activity WHERE application_name = $1 LIMIT 1";
        let pid: i32 = owner.query_one(sql, &[&application]).await.expect("a backend").get(0);
        pid.unsigned_abs()
    }
}

/// A connection with settings as the path has them, and its backend's process.
pub(crate) async fn connect(config: &Config) -> (Client, u32) {
    let (client, connection) = config.connect(NoTls).await.expect("connected");
    tokio::spawn(connection);
    client.batch_execute("SET jit = off; SET TimeZone = 'UTC'").await.expect("set");
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await.expect("one row").get(0);
    (client, pid.unsigned_abs())
}
