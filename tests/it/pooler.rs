//! PgBouncer in transaction mode: from 1.21 on it serves everything; before, a clear error says why it cannot.
//!
//! `scripts/test-pgbouncer` installs one. Without it there is nothing to check, and that is said.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::faults::wait_until;
use crate::support::mcp::Client;
use crate::support::shop::{self, REDMOND, SEATTLE};

/// A PgBouncer before the test server, with one connection to it for each login.
struct Pooler {
    process: Child,
    dir: tempfile::TempDir,
}

fn program() -> Option<PathBuf> {
    let named = std::env::var_os("ZAVA_PGBOUNCER").map(PathBuf::from);
    let usual = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.exists())
}

/// `(1, 25)` of `PgBouncer 1.25.2`.
fn version(program: &Path) -> (u32, u32) {
    let said = Command::new(program).arg("--version").output().expect("it runs").stdout;
    let said = String::from_utf8(said).expect("UTF-8");
    let numbers = said.split([' ', '.', '\n']).filter_map(|word| word.parse().ok()).collect::<Vec<u32>>();
    (numbers[0], numbers[1])
}

/// A value of a key=value connection string.
fn part(url: &str, key: &str) -> String {
    let (_, rest) = url.split_once(&format!("{key}=")).expect("the key");
    rest.split(' ').next().expect("a value").to_owned()
}

impl Pooler {
    fn start(program: &Path, prepared: bool) -> Self {
        let dir = tempfile::Builder::new().prefix("zvb").tempdir_in("/tmp").expect("a directory");
        let at = dir.path().display();
        let shop = shop::shared();
        let users: String = [SEATTLE, REDMOND]
            .map(|identity| shop.url(identity))
            .map(|url| format!("\"{}\" \"{}\"\n", part(&url, "user"), part(&url, "password")))
            .concat();
        let prepared = if prepared { "max_prepared_statements = 100\n" } else { "" };
        let socket = shop::server().socket_dir();
        let settings = format!(
            "[databases]\nzava = host={} port=5432 dbname=zava\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n\
             unix_socket_dir = {at}\nauth_type = scram-sha-256\nauth_file = {at}/users\nlogfile = {at}/log\n\
             pool_mode = transaction\ndefault_pool_size = 1\n{prepared}",
            socket.display()
        );
        std::fs::write(dir.path().join("users"), users).expect("written");
        std::fs::write(dir.path().join("ini"), settings).expect("written");
        // It will not run as root, and must reach the server's private socket.
        let owner = std::fs::metadata(&socket).expect("a socket directory");
        for file in [dir.path().to_owned(), dir.path().join("users"), dir.path().join("ini")] {
            let _ = chown(&file, Some(owner.uid()), Some(owner.gid()));
        }
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).expect("open");
        let mut command = Command::new(program);
        command.arg("-q").arg(dir.path().join("ini")).stdout(Stdio::null()).stderr(Stdio::null());
        if rustix::process::getuid().is_root() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let process = command.spawn().expect("it starts");
        let pooler = Self { process, dir };
        wait_until(|| pooler.dir.path().join(".s.PGSQL.6432").exists());
        pooler
    }

    fn serve(&self, identity: &str) -> Client {
        let url = shop::shared().url(identity);
        let direct = part(&url, "host");
        let through = format!("'{}' port=6432", self.dir.path().display());
        Client::spawn(&["--rls-user", identity], &[("DATABASE_URL", &url.replace(&direct, &through))])
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Ordinary answers, a type of the owner's, a long value, a cut answer, and refusals, each again and again.
fn everything_is_served(client: &mut Client, store: &str) {
    for round in 0..10 {
        assert_eq!(client.value("SELECT string_agg(name, ',') FROM retail.stores"), store);
        assert_eq!(client.value("SELECT '[1,2,3]'::vector"), "[1,2,3]");
        assert_eq!(client.query("SELECT repeat('x', 3000) FROM generate_series(1, 200)")["truncated"], true);
        let long = client.value("SELECT repeat('x', 2000000)");
        assert!(long.as_str().expect("text").ends_with("[2000000 characters]"), "round {round}");
        assert!(client.refused("SELECT 1; SELECT 2").contains("several_statements"));
        assert!(client.refused("SELECT nme FROM retail.stores").contains("unknown_name"));
        assert_eq!(client.value("SELECT 7; -- x"), 7);
        let found = client.call("semantic_search_products", json!({"query_description": "hammer"}));
        assert!(!found.is_error, "{found:?}");
    }
}

#[test]
fn pgbouncer_in_transaction_mode_serves_everything_or_says_why_it_cannot() {
    let Some(program) = program() else {
        eprintln!("NOTE: no PgBouncer here, so nothing was checked; scripts/test-pgbouncer installs one.");
        return;
    };
    let fit = version(&program) >= (1, 21);
    let pooler = Pooler::start(&program, fit);
    if fit {
        std::thread::scope(|scope| {
            for (identity, store) in [
                (SEATTLE, "Zava Retail Seattle"),
                (SEATTLE, "Zava Retail Seattle"),
                (REDMOND, "Zava Retail Redmond"),
            ] {
                let pooler = &pooler;
                scope.spawn(move || everything_is_served(&mut pooler.serve(identity), store));
            }
        });
    }
    // What an old one does, and a new one that is told to keep no statements.
    let pooler = if fit { Pooler::start(&program, false) } else { pooler };
    let unfit = !fit || version(&program) < (1, 24);
    if unfit {
        let mut first = pooler.serve(SEATTLE);
        assert_eq!(first.value("SELECT '[1,2,3]'::vector"), "[1,2,3]");
        let mut second = pooler.serve(SEATTLE);
        let ask = json!({"postgresql_query": "SELECT string_agg(name, ',') FROM retail.stores"});
        let answers: Vec<_> = (0..20).map(|_| second.call("execute_sales_query", ask.clone())).collect();
        let (failed, right): (Vec<_>, Vec<_>) = answers.iter().partition(|called| called.is_error);
        assert!(!failed.is_empty(), "two processes use the same names of statements");
        for called in failed {
            assert!(called.text.starts_with("DATABASE_ERROR (pooler_unsupported)"), "{}", called.text);
            assert!(called.text.contains("PgBouncer 1.21"), "{}", called.text);
        }
        for called in right {
            assert!(called.text.contains("[[\"Zava Retail Seattle\"]]"), "{}", called.text);
        }
    }
}
