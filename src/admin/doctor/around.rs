//! What stands around the database: the shared cache, the clock, the directories of logs.

use std::path::Path;

use jiff::Timestamp;

use super::finding::Finding;
use crate::cache::{Cache, SharedState};
use crate::database::local::free_mb;
use crate::settings::{CacheArgs, LogArgs, ServeArgs, SettingsError};

/// Seconds by which two clocks may differ before periods such as `today` are in doubt.
const SKEW: i64 = 5;
/// Free megabytes below which logs will soon stop.
const LITTLE: u64 = 100;

/// Whether answers are kept, and whether the Redis that processes share answers.
pub(super) async fn cache(args: &CacheArgs) -> Result<Finding, SettingsError> {
    const NAME: &str = "cache";
    let cache = Cache::new(args)?;
    if !cache.is_on() {
        return Ok(Finding::ok(NAME, "off: nothing is kept"));
    }
    let kept = format!("answers are kept for {} s in memory", args.cache_ttl);
    Ok(match cache.knock().await {
        None => Finding::ok(NAME, kept),
        Some(SharedState::Down(why)) => Finding::warn(
            NAME,
            format!(
                "{kept}; the Redis of --cache-url does not answer ({why}), so every process keeps its own"
            ),
            "start Redis, or correct --cache-url or ZAVA_CACHE_URL",
        ),
        Some(_) => Finding::ok(NAME, format!("{kept} and in a Redis, which answers")),
    })
}

/// Whether PostgreSQL's clock and this machine's agree.
pub(super) fn clock(theirs: Timestamp) -> Finding {
    const NAME: &str = "clock";
    let ahead = theirs.as_second() - Timestamp::now().as_second();
    if ahead.abs() <= SKEW {
        return Finding::ok(NAME, "this machine and PostgreSQL have the same time");
    }
    let word = if ahead > 0 { "ahead of" } else { "behind" };
    Finding::warn(
        NAME,
        format!(
            "PostgreSQL is {} s {word} this machine: `today` is PostgreSQL's, log lines and cached answers this machine's",
            ahead.abs()
        ),
        "let NTP set both clocks",
    )
}

/// Whether each directory that logs go to takes files, and has room for more. Nothing is named, nothing is found.
pub(super) fn logs(log: &LogArgs, args: &ServeArgs) -> Vec<Finding> {
    let named = [("log_dir", "--log-dir", &log.log_dir), ("audit_log", "--audit-log", &args.audit.audit_log)];
    let dirs = named.into_iter().filter_map(|(name, flag, dir)| Some((name, flag, dir.as_deref()?)));
    dirs.map(|(name, flag, dir)| directory(name, flag, dir)).collect()
}

fn directory(name: &str, flag: &str, dir: &Path) -> Finding {
    let shown = dir.display();
    if let Err(error) = takes_files(dir) {
        return Finding::fail(
            name,
            format!("no file can be written in {shown}: {error}"),
            format!("make {shown} a directory that this user may write to, or name another by {flag}"),
        );
    }
    match free_mb(dir) {
        Some(free) if free < LITTLE => Finding::warn(
            name,
            format!("{shown} has {free} MB left"),
            format!("make room there, or name another directory by {flag}"),
        ),
        Some(free) => Finding::ok(name, format!("{shown} takes files and has {free} MB left")),
        None => Finding::ok(name, format!("{shown} takes files")),
    }
}

/// A directory that is not there yet is made by the server, in the nearest one that is.
fn takes_files(dir: &Path) -> std::io::Result<()> {
    let place = dir.ancestors().find(|place| place.exists()).unwrap_or(dir);
    let probe = place.join(format!(".zava-doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, "x");
    let _ = std::fs::remove_file(&probe);
    written
}
