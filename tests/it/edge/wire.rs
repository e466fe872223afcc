//! A client that says exactly what a test tells it to, also what no client should say.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// Longest wait for anything that must come. Nothing here measures time; it only tells late from never.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long nothing has to come for a test to believe that nothing will.
const SILENCE: Duration = Duration::from_millis(400);

/// The two ways to open a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    /// `initialize`, 2025-11-25.
    Legacy,
    /// `_meta` in every request, 2026-07-28.
    Modern,
}

/// A server and its pipes.
pub(super) struct Wire {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    lines: Option<Receiver<String>>,
    stderr: Option<std::thread::JoinHandle<String>>,
    era: Era,
}

/// How a server ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) code: Option<i32>,
    pub(super) took: Duration,
    pub(super) stderr: String,
    /// What it still said.
    pub(super) rest: Vec<Value>,
}

/// The fixture, built from `tests/fixture`. cargo tells tests where binaries are, not examples.
pub(super) fn fixture() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--example", "fixture"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo runs").success(), "the fixture builds");
        Path::new(env!("CARGO_BIN_EXE_zava-mcp")).with_file_name("examples").join("fixture")
    })
}

/// Runs a case in each era, on the fixture, after the handshake.
pub(super) fn in_both_eras(case: impl Fn(&mut Wire)) {
    for era in [Era::Legacy, Era::Modern] {
        let mut wire = Wire::fixture(&[]);
        wire.open(era);
        case(&mut wire);
        let end = wire.end();
        assert_eq!(end.code, Some(0), "{era:?}: {end:?}");
    }
}

impl Wire {
    /// The fixture, before any message.
    pub(super) fn fixture(args: &[&str]) -> Self {
        let mut command = Command::new(fixture());
        command.args(args);
        Self::start(command)
    }

    /// The real server, before any message, with nothing in its environment but these.
    pub(super) fn zava(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
        command.args(args).env_clear().envs(environment.iter().copied());
        Self::start(command)
    }

    /// A prepared command. What it says is read at once.
    pub(super) fn start(command: Command) -> Self {
        let mut wire = Self::unread(command);
        wire.read();
        let mut pipe = wire.child.stderr.take().expect("piped");
        wire.stderr = Some(std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = pipe.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        }));
        wire
    }

    /// A prepared command of which neither stdout nor stderr is read.
    pub(super) fn unread(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        Self { child, stdin, stdout, lines: None, stderr: None, era: Era::Legacy }
    }

    /// The fixture, of which neither stdout nor stderr is read.
    pub(super) fn unread_fixture() -> Self {
        Self::unread(Command::new(fixture()))
    }

    /// Begins to read stdout.
    pub(super) fn read(&mut self) {
        let stdout = BufReader::new(self.stdout.take().expect("not read yet"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        self.lines = Some(lines);
    }

    /// Closes our end of stdout.
    pub(super) fn close_stdout(&mut self) {
        self.stdout = None;
    }

    /// Shakes hands.
    pub(super) fn open(&mut self, era: Era) {
        self.era = era;
        match era {
            Era::Legacy => {
                assert_eq!(self.initialize("2025-11-25")["result"]["protocolVersion"], "2025-11-25");
                self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
            }
            Era::Modern => {
                let found = self.ask("hello", "server/discover", json!({}));
                assert!(found["result"]["supportedVersions"].is_array(), "{found}");
            }
        }
    }

    /// The handshake of the old protocol; its answer.
    pub(super) fn initialize(&mut self, version: &str) -> Value {
        let hello = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "edge", "version": "0"}});
        self.send(&json!({"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": hello}));
        self.answer("hello")
    }

    /// From now on requests are those of that era.
    pub(super) fn speak(&mut self, era: Era) {
        self.era = era;
    }

    /// Writes bytes as they are.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().expect("open").write_all(bytes).expect("the server reads");
    }

    /// Writes a message and a newline.
    pub(super) fn send(&mut self, message: &Value) {
        self.raw(format!("{message}\n").as_bytes());
    }

    /// A request of this session's era.
    pub(super) fn request(&self, id: impl Into<Value>, method: &str, mut params: Value) -> Value {
        if self.era == Era::Modern && params.is_object() {
            let meta = &mut params["_meta"];
            meta["io.modelcontextprotocol/protocolVersion"] = json!("2026-07-28");
            meta["io.modelcontextprotocol/clientCapabilities"] = json!({});
        }
        json!({"jsonrpc": "2.0", "id": id.into(), "method": method, "params": params})
    }

    /// Sends a request and waits for its answer.
    pub(super) fn ask(&mut self, id: impl Into<Value>, method: &str, params: Value) -> Value {
        let id = id.into();
        let request = self.request(id.clone(), method, params);
        self.send(&request);
        self.answer(id)
    }

    /// Sends a call.
    pub(super) fn call(&mut self, id: impl Into<Value>, tool: &str, arguments: Value) {
        let call = self.request(id, "tools/call", json!({"name": tool, "arguments": arguments}));
        self.send(&call);
    }

    /// Sends a call with a progress token.
    pub(super) fn call_with_token(&mut self, id: u64, token: &str, tool: &str, arguments: Value) {
        let params = json!({"name": tool, "arguments": arguments, "_meta": {"progressToken": token}});
        let call = self.request(id, "tools/call", params);
        self.send(&call);
    }

    /// Cancels a request.
    pub(super) fn cancel(&mut self, id: impl Into<Value>) {
        let params = json!({"requestId": id.into(), "reason": "test"});
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}));
    }

    /// The next message of the server.
    pub(super) fn next(&mut self) -> Value {
        let line = self.lines.as_ref().expect("read").recv_timeout(PATIENCE).expect("a message in time");
        message(&line)
    }

    /// The next message, which must be the answer with that id.
    #[track_caller]
    pub(super) fn answer(&mut self, id: impl Into<Value>) -> Value {
        let (id, message) = (id.into(), self.next());
        assert_eq!(message["id"], id, "{message}");
        message
    }

    /// The next message, which must be an error: its id (null: none), code and text.
    #[track_caller]
    pub(super) fn error(&mut self) -> (Value, i64, String) {
        let message = self.next();
        let error = &message["error"];
        let text = error["message"].as_str().unwrap_or_else(|| panic!("no error: {message}")).to_owned();
        (message["id"].clone(), error["code"].as_i64().expect("a code"), text)
    }

    /// Nothing comes.
    #[track_caller]
    pub(super) fn silence(&mut self) {
        let line = self.lines.as_ref().expect("read").recv_timeout(SILENCE);
        assert!(line.is_err(), "{line:?}");
    }

    /// The server answers a call, and nothing else comes before.
    #[track_caller]
    pub(super) fn still_serves(&mut self) {
        self.call("still", "echo", json!({"text": "here"}));
        let answer = self.answer("still");
        assert_eq!(answer["result"]["content"][0]["text"], "here", "{answer}");
    }

    /// Sends a signal.
    pub(super) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it runs");
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).expect("a pid")).expect("a pid")
    }

    /// A line of the kernel's status of the process, in KiB: `VmRSS`, `VmHWM` (its peak).
    pub(super) fn memory(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find(|line| line.starts_with(field)).expect("the field");
        line.split_whitespace().nth(1).expect("a value").parse().expect("a number")
    }

    /// Hangs up and waits.
    pub(super) fn end(mut self) -> End {
        self.hang_up();
        self.wait()
    }

    /// stdin, for another thread.
    pub(super) fn take_stdin(&mut self) -> ChildStdin {
        self.stdin.take().expect("open")
    }

    /// Closes stdin.
    pub(super) fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("our child").is_some()
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub(super) fn wait(mut self) -> End {
        let began = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("our child") {
                break status.code();
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = began.elapsed();
        let rest = self.lines.take().map(|lines| lines.iter().map(|line| message(&line)).collect());
        let stderr = self.stderr.take().map(|reader| reader.join().expect("read"));
        End { code, took, stderr: stderr.unwrap_or_default(), rest: rest.unwrap_or_default() }
    }
}

/// A line of stdout, which must be a JSON-RPC message.
#[track_caller]
fn message(line: &str) -> Value {
    let message: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    assert_eq!(message["jsonrpc"], "2.0", "{line}");
    message
}

impl Drop for Wire {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
