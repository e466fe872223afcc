//! Logs: lines on stderr, and with `--log-dir` the same lines in a file a day.
//!
//! A client that does not read stderr loses lines and is served all the same: they are written off the calling thread.
//! stdout is never written to: it belongs to MCP. At `info` no line holds SQL, values or secrets. The library that
//! speaks MCP logs whole answers at `debug`, so `rmcp=debug` puts customers' rows into the log.

mod background;

use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::Context as _;
use tracing_appender::rolling::{Builder, RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use self::background::{Flush, background};
use crate::settings::LogArgs;

/// Days of log files that are kept.
const KEPT_LOG_FILES: usize = 14;

/// Starts logging, panics included. Keep what it returns: dropping it writes the last lines.
///
/// # Errors
///
/// When the filter cannot be read or the log directory cannot be written.
pub fn init(args: &LogArgs) -> anyhow::Result<Vec<Flush>> {
    let filter = EnvFilter::try_new(&args.log)
        .with_context(|| format!("VALIDATION_ERROR (log_filter_malformed): --log `{}`", args.log))?;
    let (stderr, flush) = background(std::io::stderr())?;
    let mut flushes = vec![flush];
    let stderr = fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(stderr);
    let mut file = None;
    if let Some(dir) = &args.log_dir {
        let (writer, flush) = background(daily_file(dir)?)?;
        file = Some(fmt::layer().with_ansi(false).with_writer(writer));
        flushes.push(flush);
    }
    tracing_subscriber::registry().with(filter).with(stderr).with(file).init();
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(flushes)
}

fn daily_file(dir: &Path) -> anyhow::Result<RollingFileAppender> {
    Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("zava-mcp")
        .filename_suffix("log")
        .max_log_files(KEPT_LOG_FILES)
        .build(dir)
        .with_context(|| {
            format!(
                "VALIDATION_ERROR (log_dir_unusable): cannot write log files in {}; give another --log-dir",
                dir.display()
            )
        })
}
