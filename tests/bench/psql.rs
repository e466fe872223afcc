//! One running psql: what a person at the shell waits for.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What it prints behind each answer.
const END: &str = "zava-bench-end";

pub(crate) struct Psql {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Psql {
    /// As the superuser, on the database that is measured; `ZAVA_BENCH_PSQL` names the program.
    pub(crate) fn start(database: &str) -> Self {
        let program = std::env::var_os("ZAVA_BENCH_PSQL").expect("ZAVA_BENCH_PSQL: run scripts/bench");
        let mut child = Command::new(program)
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database])
            .args(["-c", "SET jit = off", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql");
        let stdin = child.stdin.take().expect("piped");
        let stdout = BufReader::with_capacity(1 << 20, child.stdout.take().expect("piped"));
        Self { child, stdin, stdout }
    }

    /// Asks and reads the answer to its end.
    pub(crate) fn call(&mut self, sql: &str) {
        writeln!(self.stdin, "{sql};\n\\echo {END}").expect("asked");
        self.stdin.flush().expect("sent");
        let (mut line, mut lines) = (String::new(), 0);
        loop {
            line.clear();
            assert!(self.stdout.read_line(&mut line).expect("a line") > 0, "psql ended: {sql}");
            if line.trim_end() == END {
                break;
            }
            lines += 1;
        }
        assert!(lines > 0, "{sql}");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Psql {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
