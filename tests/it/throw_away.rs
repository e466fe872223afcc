//! A managed server in a directory of its own, which is gone when the test is over, also when it failed.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use zava_mcp::database::Owner;
use zava_mcp::database::local::LocalServer;
use zava_mcp::settings::LocalArgs;

/// The data directory of one test.
pub(crate) struct ThrowAway {
    data: PathBuf,
    bin: PathBuf,
    outer: tempfile::TempDir,
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl ThrowAway {
    /// A data directory that does not exist yet, in a new directory.
    pub(crate) fn new() -> Self {
        Self::named("d")
    }

    /// The same, with a last component of one's own.
    pub(crate) fn named(name: &str) -> Self {
        let outer = tempfile::Builder::new().prefix("zv").tempdir_in("/tmp").expect("a directory in /tmp");
        // The unprivileged user that runs PostgreSQL for root has to pass through.
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(outer.path(), open).expect("open to all");
        Self { data: outer.path().join(name), bin: bin_dir(), outer }
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The directory around the data directory.
    pub(crate) fn outer(&self) -> &Path {
        self.outer.path()
    }

    /// The built binary, set to this data directory, with nobody at the keyboard.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        command.env("ZAVA_DATA_DIR", &self.data).env("ZAVA_PG_BIN_DIR", &self.bin);
        command
    }

    /// Runs it. Returns only when nobody holds its stdout any more, so a server that inherited it would hang here.
    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        Answer::from(self.command(args).output().expect("the binary runs"))
    }

    /// Runs it and expects success.
    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let answer = self.run(args);
        assert_eq!(answer.code, Some(0), "{args:?}: {answer:?}");
        answer.stdout
    }

    /// Runs it and expects one error line, exit code 1 and that reason.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str], reason: &str) -> String {
        self.run(args).refusal(reason)
    }

    /// One value of `db status --json`, as JSON text.
    pub(crate) fn status(&self, key: &str) -> String {
        let answer = self.run(&["db", "status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
        status[key].to_string()
    }

    /// The pid of the running postmaster.
    pub(crate) fn pid(&self) -> i32 {
        self.status("pid").parse().expect("it runs")
    }

    /// The server as the library sees it.
    pub(crate) fn server(&self) -> LocalServer {
        let args = LocalArgs { data_dir: Some(self.data.clone()), ..LocalArgs::default() };
        LocalServer::at(&args).expect("a short path")
    }

    /// A program of the PostgreSQL that runs it.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Runs statements as the owner.
    pub(crate) fn script(&self, sql: &str) {
        self.script_in("postgres", sql);
    }

    /// Runs statements as the owner in one of its databases.
    pub(crate) fn script_in(&self, database: &str, sql: &str) {
        let config = self.server().owner_config(database).expect("credentials");
        block_on(async { Owner::connect(&config).await?.script("test", sql).await })
            .expect("the script runs");
    }

    /// The first column of a query's only row, as text.
    pub(crate) fn value(&self, sql: &str) -> String {
        let config = self.server().owner_config("postgres").expect("credentials");
        let row = block_on(async { Owner::connect(&config).await?.query_one("test", sql, &[]).await });
        row.expect("one row").get(0)
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        let _ = self.command(&["db", "down"]).output();
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        Self { code: output.status.code(), stdout, stderr }
    }
}

impl Answer {
    /// Checks that this is one clear error, and returns its line.
    #[track_caller]
    pub(crate) fn refusal(&self, reason: &str) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        let errors: Vec<&str> = self.stderr.lines().filter(|line| line.starts_with("zava-mcp: ")).collect();
        let others = self.stderr.lines().filter(|line| !line.contains(" INFO ")).count();
        assert_eq!((errors.len(), others), (1, 1), "one line says it all: {self:?}");
        assert!(errors[0].contains(&format!("({reason})")), "{reason}: {self:?}");
        errors[0].to_owned()
    }
}

/// Runs a future to its end, as the binary does.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

/// The PostgreSQL that the tests run.
#[expect(clippy::disallowed_methods, reason = "tests may run another PostgreSQL than the installed one")]
fn bin_dir() -> PathBuf {
    let named = std::env::var_os("ZAVA_PG_BIN_DIR").map(PathBuf::from);
    let installed = || LocalServer::at(&LocalArgs::default()).expect("a home directory").bin_dir();
    let dir = named.unwrap_or_else(installed);
    let missing = "run scripts/install-postgres, or set ZAVA_PG_BIN_DIR";
    assert!(dir.join("initdb").is_file(), "no PostgreSQL in {}; {missing}", dir.display());
    dir
}
