//! What there is of the managed server, without changing any of it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{LocalError, LocalServer, binaries, postmaster};
use crate::database::Owner;

/// How far the managed server has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No binaries, and nothing runs.
    NotInstalled,
    /// Binaries, but no cluster.
    NoCluster,
    /// A cluster that is not running, or not ready yet.
    Stopped,
    /// It takes connections.
    Running,
}

/// What there is of the managed server.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// How far it has come.
    pub state: State,
    /// The data directory.
    pub data_dir: PathBuf,
    /// The directory of its socket: the host to connect to.
    pub socket_dir: PathBuf,
    /// The bin directory.
    pub bin_dir: PathBuf,
    /// Pid of the postmaster, while it runs.
    pub pid: Option<i32>,
    /// `18.4` while it runs and lets us in, `18` otherwise; absent without a cluster.
    pub version: Option<String>,
    /// Bytes of the cluster on disk; absent without a cluster.
    pub bytes: Option<u64>,
}

/// Looks.
pub(super) async fn look(server: &LocalServer) -> Result<Status, LocalError> {
    let layout = &server.layout;
    let has_cluster = layout.has_cluster()?;
    let pid = if has_cluster { postmaster::answering(layout).await } else { None };
    let state = match pid {
        Some(_) => State::Running,
        None if !binaries::present(&server.bin_dir()) => State::NotInstalled,
        None if has_cluster => State::Stopped,
        None => State::NoCluster,
    };
    let running = if pid.is_some() { running_version(server).await } else { None };
    Ok(Status {
        state,
        data_dir: layout.data().to_owned(),
        socket_dir: layout.socket_dir(),
        bin_dir: server.bin_dir(),
        pid: pid.map(|pid| pid.as_raw_nonzero().get()),
        version: running.or_else(|| server.cluster_version()),
        bytes: has_cluster.then(|| bytes_below(&layout.cluster())),
    })
}

/// The server's own word; `None` when it does not let us in.
async fn running_version(server: &LocalServer) -> Option<String> {
    let owner = Owner::connect(&server.owner_config("postgres").ok()?).await.ok()?;
    let row = owner.query_one("ask for the version", "SHOW server_version", &[]).await.ok()?;
    row.try_get::<_, String>(0).ok()?.split(' ').next().map(str::to_owned)
}

/// Bytes that a directory takes on disk. Files that vanish meanwhile count nothing.
fn bytes_below(dir: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let sizes = entries.flatten().filter_map(|entry| Some((entry.metadata().ok()?, entry.path())));
    sizes.map(|(found, path)| if found.is_dir() { bytes_below(&path) } else { found.blocks() * 512 }).sum()
}
