//! Logs: lines on stderr, and with `--log-dir` the same lines in a file a day.
//!
//! stdout is never written to: it belongs to MCP. At `info` no line holds SQL, values or secrets. The library that
//! speaks MCP logs whole answers at `debug`, so `rmcp=debug` puts customers' rows into the log.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::settings::LogArgs;

/// Days of log files that are kept.
const KEPT_LOG_FILES: usize = 14;

/// Starts logging. Keep the guard: dropping it writes the last lines to the file.
///
/// # Errors
///
/// When the filter cannot be read or the log directory cannot be written.
pub fn init(args: &LogArgs) -> anyhow::Result<Option<WorkerGuard>> {
    let filter = EnvFilter::try_new(&args.log)
        .with_context(|| format!("VALIDATION_ERROR (log_filter_malformed): --log `{}`", args.log))?;
    let stderr = fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let (file, guard) = match &args.log_dir {
        Some(dir) => {
            let (writer, guard) = daily_file(dir)?;
            (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard))
        }
        None => (None, None),
    };
    tracing_subscriber::registry().with(filter).with(stderr).with(file).init();
    Ok(guard)
}

fn daily_file(
    dir: &std::path::Path,
) -> anyhow::Result<(tracing_appender::non_blocking::NonBlocking, WorkerGuard)> {
    let appender = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("zava-mcp")
        .filename_suffix("log")
        .max_log_files(KEPT_LOG_FILES)
        .build(dir)
        .with_context(|| {
            format!(
                "VALIDATION_ERROR (log_dir_unusable): cannot write log files in {}; give another --log-dir",
                dir.display()
            )
        })?;
    Ok(tracing_appender::non_blocking(appender))
}
