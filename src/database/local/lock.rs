//! One process at a time changes the managed server.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::LocalError;

/// Longer than anything the holder does.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes the lock, waiting up to [`PATIENCE`]; dropping the file gives it back.
///
/// The operating system gives it back too when a process dies, so a file that was left behind locks nobody out.
///
/// # Errors
///
/// [`LocalError::Busy`] after the wait; [`LocalError::File`] when there can be no lock.
pub(super) async fn take(path: &Path) -> Result<File, LocalError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(LocalError::file("open", path))?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(LocalError::Busy { lock: path.to_owned(), seconds: PATIENCE.as_secs() });
            }
            Err(TryLockError::Error(error)) => return Err(LocalError::file("lock", path)(error)),
        }
    }
}
