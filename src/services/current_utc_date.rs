//! What time it is.

use jiff::{Timestamp, Unit};

/// The date and time in UTC, ISO 8601 to the second, e.g. `2026-11-20T13:41:21Z`.
#[must_use]
pub fn now() -> String {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now).to_string()
}
