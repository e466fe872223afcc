//! Metrics in a file for the textfile collector of Prometheus' node exporter: whole at any moment, by a rename.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use super::words;
use crate::call::{Ended, Witness};
use crate::error::ToolError;

/// How often the file is written.
const EVERY: Duration = Duration::from_secs(15);

/// Counts calls and writes the file. Clones share it.
#[derive(Clone)]
pub(super) struct TextFile(Arc<Inner>);

struct Inner {
    path: PathBuf,
    identity: String,
    since: SystemTime,
    counts: Mutex<Counts>,
    thread: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

#[derive(Default)]
struct Counts {
    queries: BTreeMap<(String, &'static str), u64>,
    durations: BTreeMap<String, Durations>,
}

#[derive(Clone, Default)]
struct Durations {
    /// Calls that took at most so long, bound by bound.
    within: [u64; words::BOUNDS.len()],
    count: u64,
    sum: f64,
}

impl TextFile {
    /// Begins: the file is there, without counts, before the first call.
    pub(super) fn open(path: &Path, identity: String) -> std::io::Result<Self> {
        let text = path.to_string_lossy();
        let path = text.replace("{identity}", &identity).replace("{pid}", &std::process::id().to_string());
        let inner = Arc::new(Inner {
            path: path.into(),
            identity,
            since: SystemTime::now(),
            counts: Mutex::default(),
            thread: Mutex::default(),
        });
        let (end, ended) = channel();
        let writes = Arc::clone(&inner);
        let write = move || {
            let mut failed = false;
            loop {
                failed = writes.write_or_tell(failed);
                if !matches!(ended.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
                    writes.write_or_tell(failed);
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("metrics".to_owned()).spawn(write)?;
        *inner.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some((end, thread));
        Ok(Self(inner))
    }

    /// Writes the last counts.
    pub(super) fn end(&self) {
        let thread = self.0.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((end, thread)) = thread {
            drop(end);
            // A file is written at once, or its disk hangs: then the process ends without it, by its own watch.
            let _ = thread.join();
        }
    }
}

impl Witness for TextFile {
    fn saw(&self, call: &Ended) -> Result<(), ToolError> {
        if let Some((kind, status)) = words::of(call) {
            let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
            *counts.queries.entry((kind.to_owned(), status)).or_default() += 1;
            counts.durations.entry(kind.to_owned()).or_default().add(call.took.as_secs_f64());
        }
        Ok(())
    }

    fn state(&self) -> (&'static str, String) {
        ("metrics_file", format!("written every {} s", EVERY.as_secs()))
    }
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        for (within, bound) in self.within.iter_mut().zip(words::BOUNDS) {
            *within += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

impl Inner {
    /// Whether it failed; told once until it works again.
    fn write_or_tell(&self, failed: bool) -> bool {
        match self.write() {
            Ok(()) => false,
            Err(error) => {
                if !failed {
                    tracing::warn!("the metrics file cannot be written, calls go on without: {error}");
                }
                true
            }
        }
    }

    fn write(&self) -> std::io::Result<()> {
        let mut beside = self.path.clone().into_os_string();
        // The collector reads what ends in .prom.
        beside.push(format!(".{}.tmp", std::process::id()));
        let written = std::fs::File::create(&beside)
            .and_then(|mut file| file.write_all(self.text().as_bytes()))
            .and_then(|()| std::fs::rename(&beside, &self.path));
        if written.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
        written
    }

    fn text(&self) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let who = format!("identity=\"{}\"", escaped(&self.identity));
        let mut text = String::new();
        let since = self.since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        header(&mut text, "zava_mcp_start_time_seconds", "When the process began, in Unix time", "gauge");
        let _ = writeln!(text, "zava_mcp_start_time_seconds{{{who}}} {since}");
        header(&mut text, words::QUERIES, words::QUERIES_HELP, "counter");
        for ((kind, status), count) in &counts.queries {
            let kind = escaped(kind);
            let _ = writeln!(
                text,
                "{}{{{who},query_type=\"{kind}\",status=\"{status}\"}} {count}",
                words::QUERIES
            );
        }
        header(&mut text, words::DURATION, words::DURATION_HELP, "histogram");
        for (kind, durations) in &counts.durations {
            let labels = format!("{who},query_type=\"{}\"", escaped(kind));
            durations.write(&mut text, &labels);
        }
        text
    }
}

impl Durations {
    fn write(&self, text: &mut String, labels: &str) {
        let name = words::DURATION;
        for (within, bound) in self.within.iter().zip(words::BOUNDS) {
            let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{bound}\"}} {within}");
        }
        let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", self.count);
        let _ = writeln!(text, "{name}_sum{{{labels}}} {}", self.sum);
        let _ = writeln!(text, "{name}_count{{{labels}}} {}", self.count);
    }
}

fn header(text: &mut String, name: &str, help: &str, kind: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// A label's value as the format wants it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::{Durations, escaped};

    #[test]
    fn buckets_hold_all_that_is_within_them() {
        let mut durations = Durations::default();
        for seconds in [0.0001, 0.02, 99.0] {
            durations.add(seconds);
        }
        assert_eq!((durations.within.first(), durations.within.last()), (Some(&1), Some(&2)));
        let mut text = String::new();
        durations.write(&mut text, "a=\"b\"");
        assert!(
            text.contains("_bucket{a=\"b\",le=\"0.025\"} 2\n") && text.contains("le=\"+Inf\"} 3\n"),
            "{text}"
        );
        assert!(text.contains("_sum{a=\"b\"} 99.0201\n"), "{text}");
    }

    #[test]
    fn label_values_cannot_leave_their_quotes() {
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
    }
}
