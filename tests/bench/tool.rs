//! The built binary over pipes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::json;

use crate::shop::{SEATTLE, Shop};

/// Name of its connection in the database.
pub(crate) const APPLICATION: &str = "zava-bench-tool";

pub(crate) struct Tool {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    line: Vec<u8>,
    calls: u64,
}

impl Tool {
    pub(crate) fn start(shop: &Shop) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_zava-mcp"))
            .args(["--rls-user", SEATTLE, "--max-bytes", "8000000", "--application-name", APPLICATION])
            // Eight callers share four connections, and ten million lines take longer than the default wait for one.
            .args(["--connect-timeout", "60"])
            .env("DATABASE_URL", shop.url())
            .env("ZAVA_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let stdin = child.stdin.take().expect("piped");
        let stdout = BufReader::with_capacity(1 << 20, child.stdout.take().expect("piped"));
        let mut tool = Self { child, stdin, stdout, line: Vec::new(), calls: 0 };
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "b", "version": "0"}});
        tool.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}).to_string());
        tool.receive();
        tool.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
        tool
    }

    /// A call's line, up to its id, which is last.
    pub(crate) fn request(sql: &str) -> String {
        let arguments = json!({"postgresql_query": sql, "max_rows": 10_000});
        let params = json!({"name": "execute_sales_query", "arguments": arguments});
        let params = json!({"jsonrpc": "2.0", "method": "tools/call", "params": params}).to_string();
        let open = params.strip_suffix('}').expect("an object");
        format!("{open},\"id\":")
    }

    /// Sends a request under the next id.
    pub(crate) fn call(&mut self, request: &str) {
        self.calls += 1;
        let line = format!("{request}{}}}", self.calls);
        self.send(&line);
    }

    pub(crate) fn send(&mut self, line: &str) {
        self.stdin.write_all(format!("{line}\n").as_bytes()).expect("it reads");
    }

    pub(crate) fn receive(&mut self) {
        self.line.clear();
        self.stdout.read_until(b'\n', &mut self.line).expect("an answer");
        assert!(!self.line.is_empty(), "the server ended");
        let start = String::from_utf8_lossy(&self.line[..self.line.len().min(300)]).into_owned();
        assert!(start.contains("\"result\"") && !start.contains("_ERROR ("), "{start}");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
