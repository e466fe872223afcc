//! What the targets share: a shop without a database, a client in memory, a directory for files.

use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll};

use clap::Parser;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use zava_mcp::cache::Cache;
use zava_mcp::database::Database;
use zava_mcp::mcp::{Options, ZavaServer};
use zava_mcp::settings::ServeArgs;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    serve: ServeArgs,
}

/// The eight tools, and one that is none.
pub const TOOLS: [&str; 9] = [
    "chart_sales_query",
    "execute_sales_query",
    "explain_sales_query",
    "get_current_utc_date",
    "get_multiple_table_schemas",
    "get_store_performance",
    "semantic_search_products",
    "server_status",
    "drop_tables",
];

/// Every call that needs the database fails at once: no connection can be made with such a string, and none is tried.
static SHOP: LazyLock<ZavaServer> = LazyLock::new(|| {
    let nil = "00000000-0000-0000-0000-000000000000";
    let settings =
        Settings::parse_from(["fuzz", "--rls-user", nil, "--database-url", "no connection string"]);
    let database = Database::new(&settings.serve).expect("an identity");
    ZavaServer::new(database, Cache::new(&settings.serve.cache).expect("no Redis"), Ok(None))
});

/// What the server writes to a client that sends `input` in pieces of so many bytes and hangs up.
///
/// Panics when a request stays without an answer.
pub fn converse(input: &[u8], piece: usize, max_message_bytes: usize) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let output = Output::default();
    let stdin = Input { rest: input.to_vec(), piece: piece.max(1) };
    let tools = TOOLS[..8].iter().map(|tool| (*tool).to_owned()).collect();
    let options = Options { max_message_bytes, tools, ..Options::default() };
    let served = zava_mcp::mcp::fuzz::serve(SHOP.clone(), stdin, output.clone(), options);
    let answered = runtime.block_on(served).expect("a session that ends well");
    assert!(answered, "a request has no answer");
    let written = output.0.lock().expect("one thread");
    written.clone()
}

struct Input {
    rest: Vec<u8>,
    piece: usize,
}

impl AsyncRead for Input {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let length = self.piece.min(self.rest.len()).min(buffer.remaining());
        let piece: Vec<u8> = self.rest.drain(..length).collect();
        buffer.put_slice(&piece);
        Poll::Ready(Ok(()))
    }
}

#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.0.lock().expect("one thread").extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A directory of this process for files, in memory where there is such a place.
pub static SCRATCH: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let memory = std::path::PathBuf::from("/dev/shm");
    let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let own = parent.join(format!("zava-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&own).expect("a directory");
    own
});

/// A text that a target looks for where it must not be.
pub const SECRET: &str = "hunter2Secret";
