//! Waits for the lock of all writers, and writes a text whole or not at all.

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::time::{Duration, Instant};

use super::AuditError;

/// How long another process may hold the lock; each does for some microseconds.
const PATIENCE: Duration = Duration::from_millis(250);
const AGAIN: Duration = Duration::from_millis(1);

/// Writes all, or leaves the file as it was.
pub(super) fn write_whole(file: &mut File, text: &[u8], before: u64) -> Result<(), AuditError> {
    file.write_all(text).map_err(|error| {
        if let Err(error) = file.set_len(before) {
            tracing::warn!("half a line stays in the audit log: {error}");
        }
        AuditError::io("write the line", error)
    })
}

/// Waits for the lock, not for ever: the calls of this process wait with it.
pub(super) fn lock(file: &File) -> Result<(), AuditError> {
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => std::thread::sleep(AGAIN),
            Err(TryLockError::WouldBlock) => return Err(AuditError::Locked),
            Err(TryLockError::Error(error)) => return Err(AuditError::io("lock audit.head", error)),
        }
    }
}
