//! Logs, and with [`Accounts`] traces and metrics.
//!
//! Logs are lines on stderr, and with `--log-dir` the same lines in a file a day.
//!
//! A client that does not read stderr loses lines and is served all the same: they are written off the calling thread.
//! stdout is never written to: it belongs to MCP. At `info` no line holds SQL, values or secrets. The library that
//! speaks MCP logs whole answers at `debug`, so `rmcp=debug` puts customers' rows into the log.

mod accounts;
mod background;
#[cfg(feature = "telemetry")]
mod export;
#[cfg(not(feature = "telemetry"))]
#[path = "no_export.rs"]
mod export;
mod textfile;
mod words;

use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::Context as _;
use tracing_appender::rolling::{Builder, RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

pub use self::accounts::Accounts;
use self::background::{Flush, background};
use crate::settings::LogArgs;

/// Starts logging, panics included. Keep what it returns: dropping it writes the last lines.
///
/// # Errors
///
/// When the filter cannot be read or the log directory cannot be written.
pub fn init(args: &LogArgs) -> anyhow::Result<Vec<Flush>> {
    // Its libraries say with every batch what `export/courier.rs` says once; `--log` may still ask for them.
    let filter = EnvFilter::try_new(format!("opentelemetry=off,{}", args.log))
        .with_context(|| format!("VALIDATION_ERROR (log_filter_malformed): --log `{}`", args.log))?;
    let (stderr, flush) = background(std::io::stderr());
    let mut flushes = vec![flush];
    let stderr = fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(stderr);
    let mut file = None;
    let mut full = None;
    if let Some(dir) = &args.log_dir {
        match daily_file(dir, args.log_keep_days.into()) {
            Ok(to) => {
                let (writer, flush) = background(to);
                file = Some(fmt::layer().with_ansi(false).with_writer(writer));
                flushes.push(flush);
            }
            Err(error) if is_full(&error) => full = Some(error),
            Err(error) => return Err(error),
        }
    }
    tracing_subscriber::registry().with(filter).with(stderr).with(file).init();
    if let Some(error) = full {
        tracing::warn!("no log file is written: {error:#}");
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(flushes)
}

/// A wrong directory is refused at once; a full disk must not stop anybody.
fn is_full(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| [QuotaExceeded, StorageFull].contains(&cause.kind()))
}

fn daily_file(dir: &Path, days: usize) -> anyhow::Result<RollingFileAppender> {
    Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("zava-mcp")
        .filename_suffix("log")
        .max_log_files(days)
        .build(dir)
        .with_context(|| {
            format!(
                "VALIDATION_ERROR (log_dir_unusable): cannot write log files in {}; give another --log-dir",
                dir.display()
            )
        })
}
