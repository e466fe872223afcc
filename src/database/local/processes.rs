//! Which running processes belong to a cluster.
//!
//! A pid in a file proves nothing: the process may be gone and its number reused, after a reboot even by a daemon. So
//! every server is started with a `cluster_name` that only this directory can have, PostgreSQL repeats that name in
//! the titles of all its processes, and titles can be read without privileges everywhere.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Stdio;

use rustix::process::Pid;
use tokio::process::Command;

/// The `cluster_name` of a cluster: of its inode, so that renamed and linked paths mean the same one.
pub(super) fn cluster_name(cluster: &Path) -> std::io::Result<String> {
    let metadata = std::fs::metadata(cluster)?;
    Ok(format!("zava-{:x}-{:x}", metadata.dev(), metadata.ino()))
}

/// The living processes of the cluster with that name: its postmaster and everything that one started.
pub(super) async fn of(cluster_name: &str) -> Vec<Pid> {
    let titles = match titles_in_proc() {
        Some(titles) => titles,
        None => titles_from_ps().await,
    };
    titles.into_iter().filter(|(_, title)| belongs(title, cluster_name)).map(|(pid, _)| pid).collect()
}

/// `/usr/bin/postgres -D … -c cluster_name=zava-1-2`, or `postgres: zava-1-2: checkpointer`.
fn belongs(title: &str, cluster_name: &str) -> bool {
    let postmaster =
        title.contains("postgres -D ") && title.ends_with(&format!(" -c cluster_name={cluster_name}"));
    postmaster || title.starts_with(&format!("postgres: {cluster_name}: "))
}

/// Every process's pid and title, where there is a Linux `/proc`.
fn titles_in_proc() -> Option<Vec<(Pid, String)>> {
    std::fs::metadata("/proc/self/cmdline").ok()?;
    let entries = std::fs::read_dir("/proc").ok()?;
    Some(entries.flatten().filter_map(|entry| title_in_proc(&entry)).collect())
}

fn title_in_proc(entry: &std::fs::DirEntry) -> Option<(Pid, String)> {
    let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
    let bytes = std::fs::read(entry.path().join("cmdline")).ok()?;
    let title = String::from_utf8_lossy(&bytes).replace('\0', " ");
    Some((pid, title.trim().to_owned()))
}

/// The same from `ps`, for macOS.
async fn titles_from_ps() -> Vec<(Pid, String)> {
    let mut ps = Command::new("ps");
    ps.args(["-axww", "-o", "pid=,command="]).stdin(Stdio::null()).stderr(Stdio::null());
    let Ok(output) = ps.output().await else { return Vec::new() };
    String::from_utf8_lossy(&output.stdout).lines().filter_map(title_from_ps).collect()
}

fn title_from_ps(line: &str) -> Option<(Pid, String)> {
    let (pid, title) = line.trim().split_once(' ')?;
    Some((Pid::from_raw(pid.parse().ok()?)?, title.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{belongs, title_from_ps};

    #[test]
    fn only_postgres_processes_with_that_very_name_belong() {
        assert!(belongs("/a b/bin/postgres -D /d/cluster -c cluster_name=zava-1-2", "zava-1-2"));
        assert!(belongs("postgres: zava-1-2: checkpointer", "zava-1-2"));
        assert!(!belongs("postgres: zava-1-23: checkpointer", "zava-1-2"));
        assert!(!belongs("/bin/postgres -D /d/cluster -c cluster_name=zava-1-23", "zava-1-2"));
        assert!(!belongs("grep cluster_name=zava-1-2", "zava-1-2"));
        assert!(!belongs("", "zava-1-2"));
    }

    #[test]
    fn a_line_of_ps_is_a_pid_and_a_title() {
        let (pid, title) = title_from_ps("  12 postgres: zava-1-2: walwriter ").expect("a line");
        assert_eq!((pid.as_raw_nonzero().get(), title.as_str()), (12, "postgres: zava-1-2: walwriter"));
    }
}
