//! A new cluster: all of it, or nothing.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use secrecy::ExposeSecret as _;

use super::LocalError;
use super::binaries::Binaries;
use super::credentials::Credentials;
use super::layout::Layout;
use super::run_as::RunAs;

/// Megabytes of an empty cluster (40) and of what PostgreSQL writes into it before the first row.
const NEEDED_MB: u64 = 100;

/// The first major version with a locale provider of its own.
const BUILTIN_LOCALES: u32 = 17;

/// Who may connect: whoever reaches the socket and knows a password.
const HBA: &str = "# Written by zava-mcp. TYPE DATABASE USER METHOD\nlocal all all scram-sha-256\n";

/// Our settings, which `postgresql.conf` includes. `ALTER SYSTEM` goes before them.
const SETTINGS: &str = "\
# Written by zava-mcp when it made this cluster.
listen_addresses = ''
# seen from this directory, so that the data directory can be moved
unix_socket_directories = '../socket'
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 100
shared_buffers = 128MB
# the questions are short, and compiling one costs more than it saves
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
# statements hold customers' data and new passwords, the log must not
log_min_error_statement = panic
";

/// Makes the cluster and its credentials. Call it under the lock, when there is no cluster.
///
/// # Errors
///
/// [`LocalError::DiskFull`], [`LocalError::Init`], or [`LocalError::File`]; nothing half made stays.
pub(super) async fn create(layout: &Layout, binaries: &Binaries, run_as: &RunAs) -> Result<(), LocalError> {
    tracing::info!("making a new PostgreSQL cluster in {}", layout.cluster().display());
    enough_space(layout.data())?;
    let scratch = Scratch(layout.scratch());
    DirBuilder::new().mode(0o700).create(&scratch.0).map_err(LocalError::file("make", &scratch.0))?;
    run_as.own(&scratch.0)?;

    let credentials = Credentials::new()?;
    let password = scratch.0.join("password");
    private_file(&password, credentials.superuser.password.expose_secret(), run_as)?;
    let cluster = scratch.0.join("cluster");
    initdb(&cluster, &password, binaries, run_as, layout).await?;
    configure(&cluster, run_as)?;

    // Credentials first: a cluster whose password nobody knows would be worth nothing.
    credentials.save(&layout.credentials())?;
    std::fs::rename(&cluster, layout.cluster()).map_err(LocalError::file("make", &layout.cluster()))?;
    File::open(layout.data()).and_then(|dir| dir.sync_all()).map_err(LocalError::file("write", layout.data()))
}

/// A directory that is gone when the value is, also when the caller lost interest half way.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn enough_space(data: &Path) -> Result<(), LocalError> {
    match super::log::free_mb(data) {
        Some(free) if free < NEEDED_MB => {
            Err(LocalError::DiskFull { dir: data.to_owned(), free, needed: NEEDED_MB })
        }
        _ => Ok(()),
    }
}

async fn initdb(
    cluster: &Path,
    password: &Path,
    binaries: &Binaries,
    run_as: &RunAs,
    layout: &Layout,
) -> Result<(), LocalError> {
    let mut command = run_as.command(&binaries.program("initdb"), layout.data());
    command.arg("-D").arg(cluster).arg("--pwfile").arg(password);
    command.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]);
    command.args(["--data-checksums", "--no-instructions"]);
    if binaries.major() >= BUILTIN_LOCALES {
        command.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let output = command
        .output()
        .await
        .map_err(|error| run_as.not_started(&binaries.program("initdb"), layout.data(), &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = super::log::last_lines(&String::from_utf8_lossy(&output.stderr));
    Err(LocalError::Init { dir: layout.data().to_owned(), said })
}

/// Puts our settings into a fresh cluster.
fn configure(cluster: &Path, run_as: &RunAs) -> Result<(), LocalError> {
    private_file(&cluster.join("zava.conf"), SETTINGS, run_as)?;
    let hba = cluster.join("pg_hba.conf");
    std::fs::write(&hba, HBA).map_err(LocalError::file("write", &hba))?;
    let main = cluster.join("postgresql.conf");
    OpenOptions::new()
        .append(true)
        .open(&main)
        .and_then(|mut file| file.write_all(b"\ninclude 'zava.conf'\n"))
        .map_err(LocalError::file("write", &main))
}

/// A new file that only the server's user may read.
fn private_file(path: &Path, text: &str, run_as: &RunAs) -> Result<(), LocalError> {
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(LocalError::file("write", path))?;
    run_as.own(path)
}
