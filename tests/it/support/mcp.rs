//! A client that drives the built binary over pipes and insists that stdout is pure MCP.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::shop::Database;

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server and its pipes.
pub(crate) struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    waiting: HashMap<u64, Value>,
    next_id: u64,
}

/// What a tool answered.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) text: String,
    pub(crate) structured: Option<Value>,
    pub(crate) is_error: bool,
}

impl Client {
    /// Serves an identity from a database, and shakes hands.
    pub(crate) fn serve(database: &Database, identity: &str) -> Self {
        Self::spawn(&["--rls-user", identity], &[("DATABASE_URL", &database.url(identity))])
    }

    /// Starts the binary with arguments and nothing in its environment but these, and shakes hands. There is no model unless
    /// the environment names one: whether this machine has one must not matter.
    pub(crate) fn spawn(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
        command.args(args).env_clear().env("EMBEDDING_PROVIDER", "none").envs(environment.iter().copied());
        let mut client = Self::start(command);
        client.initialize();
        client
    }

    /// Serves an identity from a database to a client that does not shake hands.
    pub(crate) fn serve_modern(database: &Database, identity: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
        command.args(["--rls-user", identity]).env_clear();
        command.env("EMBEDDING_PROVIDER", "none").env("DATABASE_URL", database.url(identity));
        Self::start(command)
    }

    /// Starts a prepared command.
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let stdin = child.stdin.take();
        Self { child, stdin, lines, waiting: HashMap::new(), next_id: 1 }
    }

    /// The handshake of the 2025-11-25 protocol; returns its result.
    pub(crate) fn initialize(&mut self) -> Value {
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "it", "version": "0"}});
        let result = self.request("initialize", hello)["result"].clone();
        self.write(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        result
    }

    /// Sends a request and waits for its answer, whatever else comes first.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        self.answer(id)
    }

    /// Sends a request of the 2026-07-28 protocol, which needs no handshake, and waits for its answer.
    pub(crate) fn modern(&mut self, method: &str, mut params: Value) -> Value {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "it", "version": "0"},
        });
        self.request(method, params)
    }

    /// Sends a request and returns its id.
    pub(crate) fn send(&mut self, method: &str, params: Value) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.write(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// Sends a notification.
    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.write(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Waits for the answer with that id. Answers come in any order.
    pub(crate) fn answer(&mut self, id: u64) -> Value {
        loop {
            if let Some(answer) = self.waiting.remove(&id) {
                return answer;
            }
            let line = self.lines.recv_timeout(PATIENCE).expect("an answer in time");
            let message = rpc(&line);
            if let Some(id) = message["id"].as_u64() {
                self.waiting.insert(id, message);
            }
        }
    }

    /// Calls a tool; returns the parameters of all notifications that come before its answer.
    pub(crate) fn notified(&mut self, call: Value) -> Vec<Value> {
        let id = self.send("tools/call", call);
        let mut seen = Vec::new();
        loop {
            let message = rpc(&self.lines.recv_timeout(PATIENCE).expect("an answer in time"));
            if message["id"] == id {
                return seen;
            }
            seen.push(message["params"].clone());
        }
    }

    /// Calls a tool.
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Called {
        let answer = self.request("tools/call", json!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        assert!(result.is_object(), "a tool answers with a result, not a protocol error: {answer}");
        Called {
            text: result["content"][0]["text"].as_str().expect("text").to_owned(),
            structured: result.get("structuredContent").cloned(),
            is_error: result["isError"].as_bool().unwrap_or(false),
        }
    }

    /// Runs SQL that must succeed; returns the answer `{c, r, n, ...}`.
    #[track_caller]
    pub(crate) fn query(&mut self, sql: &str) -> Value {
        let called = self.call("execute_sales_query", json!({"postgresql_query": sql}));
        assert!(!called.is_error, "{sql}: {}", called.text);
        let structured = called.structured.expect("structured content");
        let text: Value = serde_json::from_str(&called.text).expect("JSON text");
        assert_eq!(text, structured, "text and structured content carry the same");
        structured
    }

    /// Runs SQL that must be refused; returns the text.
    #[track_caller]
    pub(crate) fn refused(&mut self, sql: &str) -> String {
        let called = self.call("execute_sales_query", json!({"postgresql_query": sql}));
        assert!(called.is_error, "{sql} was answered: {}", called.text);
        called.text
    }

    /// The single value of a query's single row.
    #[track_caller]
    pub(crate) fn value(&mut self, sql: &str) -> Value {
        let answer = self.query(sql);
        assert_eq!(answer["n"], 1, "{sql}: {answer}");
        answer["r"][0][0].clone()
    }

    /// The most memory that the process ever had, in KiB.
    pub(crate) fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// The names of the process's threads.
    pub(crate) fn threads(&self) -> Vec<String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("Linux");
        let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm")).ok();
        tasks.filter_map(|task| name(task.ok()?)).map(|name| name.trim().to_owned()).collect()
    }

    /// Hangs up; returns the exit code and stderr. Every line that was not read must still be MCP.
    pub(crate) fn hang_up(mut self) -> (Option<i32>, String) {
        drop(self.stdin.take());
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            rpc(&line);
        }
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().expect("piped");
        pipe.read_to_string(&mut stderr).expect("UTF-8");
        (self.child.wait().expect("it ends").code(), stderr)
    }

    fn write(&mut self, message: &Value) {
        let stdin = self.stdin.as_mut().expect("open");
        writeln!(stdin, "{message}").expect("the server reads");
    }
}

/// One line of stdout, which must be a JSON-RPC message.
#[track_caller]
fn rpc(line: &str) -> Value {
    let message: Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("not MCP: {line}: {error}"));
    assert_eq!(message["jsonrpc"], "2.0", "not MCP: {line}");
    message
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
