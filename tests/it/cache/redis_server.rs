//! A Redis of one test, on a socket of its own, and a neighbour who may write anything into it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub(super) struct Redis {
    dir: tempfile::TempDir,
    server: Child,
}

impl Redis {
    /// `scripts/with-test-server` names the program, which it gets where there is none.
    pub(super) fn start() -> Self {
        let program =
            std::env::var_os("ZAVA_REDIS_SERVER").expect("scripts/with-test-server sets ZAVA_REDIS_SERVER");
        let dir = tempfile::Builder::new().prefix("zvr").tempdir_in("/tmp").expect("a directory");
        let mut command = Command::new(program);
        command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]).arg(socket(&dir));
        command.current_dir(dir.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = command.spawn().expect("redis-server starts");
        let redis = Self { dir, server };
        for _ in 0..200 {
            if redis::Client::open(redis.url()).expect("an address").get_connection().is_ok() {
                return redis;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("redis-server does not answer");
    }

    pub(super) fn url(&self) -> String {
        format!("redis+unix://{}", socket(&self.dir).display())
    }

    /// Kills it.
    pub(super) fn kill(&mut self) {
        self.server.kill().expect("killed");
        self.server.wait().expect("gone");
    }

    /// Makes it fall silent with all connections open.
    pub(super) fn stall(&self) {
        let pid = self.server.id().to_string();
        assert!(Command::new("kill").args(["-STOP", &pid]).status().expect("kill").success());
    }

    fn neighbour(&self) -> redis::Connection {
        redis::Client::open(self.url()).expect("an address").get_connection().expect("connected")
    }

    /// Everything that lies in it.
    pub(super) fn entries(&self) -> Vec<(String, Vec<u8>)> {
        let mut connection = self.neighbour();
        let mut names: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut connection).expect("names");
        names.sort();
        names
            .into_iter()
            .map(|name| {
                let value = redis::cmd("GET").arg(&name).query(&mut connection).expect("a value");
                (name, value)
            })
            .collect()
    }

    pub(super) fn plant(&self, name: &str, value: &[u8]) {
        redis::cmd("SET").arg(name).arg(value).exec(&mut self.neighbour()).expect("planted");
    }

    pub(super) fn plant_list(&self, name: &str) {
        let mut connection = self.neighbour();
        redis::cmd("DEL").arg(name).exec(&mut connection).expect("deleted");
        redis::cmd("LPUSH").arg(name).arg("x").exec(&mut connection).expect("planted");
    }
}

fn socket(dir: &tempfile::TempDir) -> PathBuf {
    dir.path().join("redis.sock")
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
