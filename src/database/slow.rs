//! Watches statements: each is noted for the call it runs for, and a slow one gets a line on the log: what it was for,
//! how long it took, a fingerprint of its text. Never the text, which may name customers, and never a value.

use std::time::{Duration, Instant, SystemTime};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::Database;
use crate::call::{self, Statement};

/// Watches one statement until it is dropped, also by an error, a timeout or a cancelled call.
pub(super) struct Watch<'a> {
    operation: &'static str,
    sql: &'a str,
    since: Instant,
    slow: Duration,
    rows: Option<u64>,
}

impl Database {
    pub(super) fn watch<'a>(&self, operation: &'static str, sql: &'a str) -> Watch<'a> {
        Watch { operation, sql, since: Instant::now(), slow: self.limits().slow(), rows: None }
    }
}

impl Watch<'_> {
    /// It ended well, with so many rows.
    pub(super) fn returned(mut self, rows: usize) {
        self.rows = Some(rows as u64);
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        call::statement(|| Statement {
            doing: self.operation,
            at: SystemTime::now() - took,
            took,
            rows: self.rows,
            sha256: Sha256::digest(self.sql).into(),
        });
        if took >= self.slow {
            let (operation, sql) = (self.operation, fingerprint(self.sql));
            tracing::warn!(operation, sql, seconds = took.as_secs_f64(), "slow statement");
        }
    }
}

/// The first sixteen hexadecimal digits of its SHA-256.
fn fingerprint(sql: &str) -> String {
    let mut digits = HEXLOWER.encode(&Sha256::digest(sql));
    digits.truncate(16);
    digits
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_fingerprint_is_what_sha256sum_begins_with() {
        assert_eq!(super::fingerprint("SELECT 1"), "e004ebd5b5532a4b");
    }
}
