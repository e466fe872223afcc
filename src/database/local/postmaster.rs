//! The server process of a cluster: is it there, start it, stop it.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use super::LocalError;
use super::binaries::Binaries;
use super::layout::Layout;
use super::run_as::RunAs;
use super::{layout, log, processes};

/// How often we look again.
const TICK: Duration = Duration::from_millis(10);

/// How long a server may take to answer one byte.
const ANSWER: Duration = Duration::from_secs(2);

/// PostgreSQL's `SSLRequest`: its length, and 1234 and 5679 where a version would be.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// How long a server may take to become ready, or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the last processes of a killed server get to end by themselves.
const ORPHANS: Duration = Duration::from_secs(2);

/// Free megabytes below which a failed start is put down to the disk, too.
const LITTLE_SPACE_MB: u64 = 32;

/// The pid of the server when it takes connections. Starts no process and needs no password.
pub(super) async fn answering(layout: &Layout) -> Option<Pid> {
    let (pid, ready) = pid_file(layout)?;
    if !ready {
        return None;
    }
    // The file outlives a killed server, and the socket of a dying one still takes connections; only a living one
    // answers.
    let answer = tokio::time::timeout(ANSWER, ask(layout)).await;
    matches!(answer, Ok(Ok(_))).then_some(pid)
}

/// Asks whether the server does TLS, which it must answer before any password, with one byte.
async fn ask(layout: &Layout) -> std::io::Result<u8> {
    let mut socket = UnixStream::connect(layout.socket()).await?;
    socket.write_all(&SSL_REQUEST).await?;
    socket.read_u8().await
}

/// The first line (pid) and the eighth (status) of `postmaster.pid`.
fn pid_file(layout: &Layout) -> Option<(Pid, bool)> {
    let text = std::fs::read_to_string(layout.pid_file()).ok()?;
    let mut lines = text.lines();
    let pid = Pid::from_raw(lines.next()?.trim().parse().ok()?)?;
    Some((pid, lines.nth(6).is_some_and(|status| status.trim() == "ready")))
}

/// The name by which the cluster's processes are known.
fn name(layout: &Layout) -> Result<String, LocalError> {
    processes::cluster_name(&layout.cluster()).map_err(LocalError::file("look at", &layout.cluster()))
}

/// The pid of the postmaster, if the pid file names a process of this cluster.
async fn living(layout: &Layout, name: &str) -> Option<Pid> {
    let (pid, _) = pid_file(layout)?;
    processes::of(name).await.contains(&pid).then_some(pid)
}

/// Waits until the server either answers (`true`) or is gone with everything it started (`false`).
///
/// Processes that outlive their killed postmaster hold its shared memory and would keep a new one from starting; they
/// can do nothing more for anybody, so after a while they are killed.
///
/// # Errors
///
/// [`LocalError::NotReady`] when neither comes about.
pub(super) async fn settle(layout: &Layout) -> Result<bool, LocalError> {
    let name = name(layout)?;
    let begun = Instant::now();
    let mut orphans_since = None;
    while begun.elapsed() < PATIENCE {
        if answering(layout).await.is_some() {
            return Ok(true);
        }
        let all = processes::of(&name).await;
        if all.is_empty() {
            return Ok(false);
        }
        if pid_file(layout).is_some_and(|(pid, _)| all.contains(&pid)) {
            orphans_since = None;
        } else if orphans_since.get_or_insert_with(Instant::now).elapsed() > ORPHANS {
            for pid in all {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        sleep(TICK).await;
    }
    Err(not_ready("starting or stopping", layout, 0))
}

/// Starts the server of a settled cluster and waits until it answers. Call it under the lock.
///
/// # Errors
///
/// [`LocalError::Start`] with PostgreSQL's reason, [`LocalError::NotReady`], [`LocalError::File`].
pub(super) async fn start(layout: &Layout, binaries: &Binaries, run_as: &RunAs) -> Result<(), LocalError> {
    clear(layout)?;
    let socket_dir = layout.socket_dir();
    private_dir(&socket_dir, run_as)?;
    let (output, before) = log::open(&layout.log())?;
    run_as.own(&layout.log())?;
    let errors = output.try_clone().map_err(LocalError::file("open", &layout.log()))?;
    let name = name(layout)?;
    let mut command = run_as.command(&binaries.program("postgres"), layout.data());
    command.stdout(output).stderr(errors);
    let failed = |error| run_as.not_started(&binaries.program("postgres"), layout.data(), &error);
    wait_ready(launch(command, &name, layout).map_err(failed)?, &name, layout, before).await
}

/// A process group of its own keeps the terminal's Ctrl-C away from the server.
fn launch(mut command: Command, name: &str, layout: &Layout) -> std::io::Result<Child> {
    command.arg("-D").arg(layout.cluster()).arg("-c").arg(format!("cluster_name={name}"));
    command.process_group(0).spawn()
}

async fn wait_ready(mut child: Child, name: &str, layout: &Layout, before: u64) -> Result<(), LocalError> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if answering(layout).await.is_some() {
            return Ok(());
        }
        let ended = matches!(child.try_wait(), Ok(Some(_)) | Err(_));
        // One that a killed zava-mcp started a moment ago may have won; then it is that one we wait for.
        if ended && living(layout, name).await.is_none() {
            return Err(not_started(layout, before));
        }
        sleep(TICK).await;
    }
    Err(not_ready("starting", layout, before))
}

/// Stops the server and waits until all of it is gone: `true` if there was one. Call it under the lock.
///
/// # Errors
///
/// [`LocalError::NotOurs`] when it answers but is no process we know, [`LocalError::NotReady`].
pub(super) async fn stop(layout: &Layout) -> Result<bool, LocalError> {
    let name = name(layout)?;
    if living(layout, &name).await.is_none() && answering(layout).await.is_none() && !settle(layout).await? {
        return Ok(false);
    }
    let Some(pid) = living(layout, &name).await else { return Err(LocalError::NotOurs(layout.cluster())) };
    // SIGINT is PostgreSQL's fast shutdown: transactions are rolled back, everything is written.
    let _ = kill_process(pid, Signal::INT);
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if processes::of(&name).await.is_empty() {
            return Ok(true);
        }
        sleep(TICK).await;
    }
    Err(not_ready("stopping", layout, 0))
}

/// Removes what a killed server left behind and PostgreSQL might take for signs of life.
fn clear(layout: &Layout) -> Result<(), LocalError> {
    // PostgreSQL believes any living process behind these numbers to be a server; `settle` has proved there is none.
    [layout.pid_file(), layout.socket(), layout.socket_lock()]
        .iter()
        .try_for_each(|path| layout::remove(path))
}

/// A directory that only the server's user may enter; root may anyway.
fn private_dir(path: &Path, run_as: &RunAs) -> Result<(), LocalError> {
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(LocalError::file("make", path)(error))
        }
        _ => run_as.own(path),
    }
}

fn not_started(layout: &Layout, before: u64) -> LocalError {
    let mut said = log::since(&layout.log(), before);
    // On a full disk the server could not even log why.
    if let Some(free) = log::free_mb(layout.data()).filter(|free| *free < LITTLE_SPACE_MB) {
        said = format!("{said} (only {free} MB are free in {})", layout.data().display());
    }
    LocalError::Start { said, log: layout.log() }
}

fn not_ready(doing: &'static str, layout: &Layout, before: u64) -> LocalError {
    let said = log::since(&layout.log(), before);
    LocalError::NotReady { doing, seconds: PATIENCE.as_secs(), said, log: layout.log() }
}
