//! The ways to ask one question.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use futures_util::future::join_all;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};
use zava_mcp::database::{Cap, Database};
use zava_mcp::settings::{
    AuditArgs, CacheArgs, ConnectionArgs, EmbeddingArgs, LimitArgs, LocalArgs, ProtocolArgs, ServeArgs,
    TelemetryArgs,
};

use crate::cases::Case;
use crate::cpu;
use crate::psql::Psql;
use crate::shop::{SEATTLE, Shop, connect};
use crate::tool::{APPLICATION, Tool};

const CAP: Cap = Cap { rows: 10_000, bytes: 8_000_000 };

enum Means {
    Drain(Vec<Client>),
    Path(Database),
    Tool(Tool),
    Psql(Psql),
}

pub(crate) struct Way {
    means: Means,
    sql: String,
    client: u32,
    backend: u32,
}

impl Way {
    pub(crate) async fn by_hand(shop: &Shop, case: &Case) -> Self {
        let (client, backend) = connect(&shop.owner()).await;
        let means = Means::Drain(vec![client]);
        Self { means, sql: case.by_hand.clone(), client: std::process::id(), backend }
    }

    pub(crate) fn psql(shop: &Shop, case: &Case) -> Self {
        let psql = Psql::start(&shop.database);
        let client = psql.pid();
        // its backend is not looked for: nothing is reported of it but the time until the answer is there
        Self { means: Means::Psql(psql), sql: case.by_hand.clone(), client, backend: client }
    }

    pub(crate) async fn policies(shop: &Shop, case: &Case, connections: u32) -> Self {
        let mut clients = Vec::new();
        let mut backend = 0;
        for _ in 0..connections {
            let (client, pid) = connect(&shop.seattle()).await;
            clients.push(client);
            backend = pid;
        }
        Self { means: Means::Drain(clients), sql: case.sql.clone(), client: std::process::id(), backend }
    }

    pub(crate) async fn path(shop: &Shop, case: &Case, connections: u32) -> Self {
        let application = format!("zava-bench-path-{connections}-{}", case.name);
        let limits = LimitArgs {
            statement_timeout: 300,
            connect_timeout: 30,
            pool_max: connections,
            pool_idle: 600,
            max_bytes: CAP.bytes,
            slow_query_seconds: 3600.0,
        };
        let connection = ConnectionArgs {
            database_url: Some(shop.url().into()),
            application_name: application.clone(),
            ..ConnectionArgs::default()
        };
        let args = ServeArgs {
            rls_user: Some(SEATTLE.parse().expect("a UUID")),
            allow_asserted_identity: false,
            connection,
            embedding: EmbeddingArgs::default(),
            limits,
            audit: AuditArgs::default(),
            telemetry: TelemetryArgs::default(),
            cache: CacheArgs { cache_ttl: 0, cache_bytes: 0, cache_queries: false, cache_url: None },
            local: LocalArgs::default(),
            protocol: ProtocolArgs { max_calls: 8, max_message_bytes: 8 << 20 },
        };
        let database = Database::new(&args).expect("an identity");
        database.run_query(&case.sql, CAP).await.expect("an answer");
        let backend = shop.backend(&application).await;
        Self { means: Means::Path(database), sql: case.sql.clone(), client: std::process::id(), backend }
    }

    pub(crate) async fn tool(shop: &Shop, case: &Case) -> Self {
        let mut tool = Tool::start(shop);
        let sql = Tool::request(&case.sql);
        tool.call(&sql);
        tool.receive();
        let (client, backend) = (tool.pid(), shop.backend(APPLICATION).await);
        Self { means: Means::Tool(tool), sql, client, backend }
    }

    pub(crate) async fn call(&mut self) {
        match &mut self.means {
            Means::Drain(clients) => drain(&clients[0], &self.sql).await,
            Means::Path(database) => answer(database, &self.sql).await,
            Means::Tool(tool) => {
                tool.call(&self.sql);
                tool.receive();
            }
            Means::Psql(psql) => psql.call(&self.sql),
        }
    }

    /// As many callers as that, each with its calls one after the other.
    pub(crate) async fn calls_at_once(&mut self, callers: usize, calls: usize) {
        let sql = &self.sql;
        match &mut self.means {
            Means::Drain(clients) => {
                let caller = async |client: &Client| {
                    for _ in 0..calls {
                        drain(client, sql).await;
                    }
                };
                join_all(clients.iter().map(caller)).await;
            }
            Means::Path(database) => {
                let caller = async |_| {
                    for _ in 0..calls {
                        answer(database, sql).await;
                    }
                };
                join_all((0..callers).map(caller)).await;
            }
            Means::Tool(tool) => {
                for _ in 0..callers {
                    tool.call(sql);
                }
                for _ in 0..callers * (calls - 1) {
                    tool.receive();
                    tool.call(sql);
                }
                for _ in 0..callers {
                    tool.receive();
                }
            }
            Means::Psql(psql) => (0..callers * calls).for_each(|_| psql.call(sql)),
        }
    }

    pub(crate) fn client_cpu(&self) -> f64 {
        cpu::of(self.client)
    }

    pub(crate) fn backend_cpu(&self) -> f64 {
        cpu::of(self.backend)
    }

    pub(crate) fn peak_megabytes(&self) -> f64 {
        cpu::peak_megabytes(self.client)
    }
}

/// Reads every row and throws it away.
async fn drain(client: &Client, sql: &str) {
    let no_params: [(&(dyn ToSql + Sync), Type); 0] = [];
    let mut rows = pin!(client.query_typed_raw(sql, no_params).await.expect("an answer"));
    let mut count = 0;
    while rows.try_next().await.expect("a row").is_some() {
        count += 1;
    }
    assert!(count > 0, "{sql}");
}

async fn answer(database: &Database, sql: &str) {
    let answer = database.run_query(sql, CAP).await.expect("an answer");
    assert!(!answer.rows.is_empty() && answer.cut.is_none(), "{sql}");
}
