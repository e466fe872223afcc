//! The file for Prometheus, and files of logs.

use std::collections::BTreeMap;
use std::path::Path;

use super::serve;
use crate::support::shop::SEATTLE;

/// Reads the text format of Prometheus strictly: every sample has its HELP and TYPE before it, histograms add up.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    let mut helped = Vec::new();
    let mut samples = BTreeMap::new();
    assert!(text.ends_with('\n'), "{text}");
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            helped.push(rest.split_once(' ').expect("a help text").0);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a kind");
            assert!(helped.contains(&name) && ["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(kinds.insert(name, kind).is_none(), "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let (name, labels) = series.split_once('{').expect("labels");
            let labels = labels.strip_suffix('}').expect("the end of labels");
            for label in labels.split("\",") {
                let (key, value) = label.split_once("=\"").expect("a label");
                assert!(key.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
                assert!(!value.trim_end_matches('"').contains('"'), "{line}");
            }
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
                name.strip_suffix(end).filter(|family| kinds.get(family) == Some(&"histogram"))
            });
            assert!(kinds.contains_key(family.unwrap_or(name)), "{line}");
            let value: f64 = value.parse().expect("a number");
            assert!(samples.insert(series.to_owned(), value).is_none(), "{line}");
        }
    }
    samples
}

fn entries(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("the directory");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_metrics_file_has_the_counts_of_the_process_in_the_format_of_prometheus() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("zava-{identity}.prom");
    let mut client = serve(&["--metrics-file", path.to_str().expect("UTF-8")], &[]);
    client.query("SELECT 1");
    client.query("SELECT 2");
    client.refused("SELECT nothing_like_it FROM retail.stores");
    let (code, _) = client.hang_up();
    assert_eq!(code, Some(0));
    let name = format!("zava-{SEATTLE}.prom");
    assert_eq!(entries(dir.path()), [name.as_str()], "and nothing beside it");
    let text = std::fs::read_to_string(dir.path().join(name)).expect("UTF-8");
    let samples = samples(&text);
    let who = format!("identity=\"{SEATTLE}\",query_type=\"execute_sales_query\"");
    let queries =
        |status: &str| samples.get(&format!("mcp_queries_total{{{who},status=\"{status}\"}}")).copied();
    assert_eq!(
        (queries("success"), queries("error"), queries("cancelled")),
        (Some(2.0), Some(1.0), None),
        "{text}"
    );
    let duration = |end: &str| samples[&format!("mcp_query_duration_seconds_{end}")];
    let calls = [format!("count{{{who}}}"), format!("bucket{{{who},le=\"+Inf\"}}")];
    assert_eq!(calls.map(|name| duration(&name).to_string()), ["3", "3"]);
    assert!(duration(&format!("sum{{{who}}}")) > 0.0);
    let mut buckets: Vec<(f64, f64)> = samples
        .iter()
        .filter(|(series, _)| series.starts_with("mcp_query_duration_seconds_bucket"))
        .map(|(series, count)| {
            let bound =
                series.split("le=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a bound");
            (bound.parse().expect("a number"), *count)
        })
        .collect();
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(buckets.len() > 10 && buckets.is_sorted_by(|a, b| a.1 <= b.1), "{buckets:?}");
}

#[test]
fn a_metrics_file_that_cannot_be_written_stops_nothing() {
    let mut client = serve(&["--metrics-file", "/proc/none/zava.prom"], &[]);
    client.query("SELECT 1");
    let (code, log) = client.hang_up();
    assert_eq!(code, Some(0));
    let told = log.lines().filter(|line| line.contains("the metrics file cannot be written")).count();
    assert_eq!(told, 1, "{log}");
}

#[test]
fn log_files_older_than_the_days_they_are_kept_are_removed() {
    let dir = tempfile::tempdir().expect("a directory");
    for day in 1..=9 {
        std::fs::write(dir.path().join(format!("zava-mcp.2026-01-0{day}.log")), "old\n").expect("written");
    }
    std::fs::write(dir.path().join("another.2026-01-01.log"), "not ours\n").expect("written");
    let dir_text = dir.path().to_str().expect("UTF-8");
    let mut client = serve(&["--log-dir", dir_text, "--log-keep-days", "3"], &[]);
    client.query("SELECT 1");
    client.hang_up();
    let mut names = entries(dir.path());
    names.sort();
    assert_eq!(names.len(), 4, "three days of ours, and what is not ours: {names:?}");
    assert_eq!(names[0], "another.2026-01-01.log");
    let today = jiff::Timestamp::now().strftime("zava-mcp.%Y-%m-%d.log").to_string();
    assert!(names.contains(&today), "{names:?}");
    let log = std::fs::read_to_string(dir.path().join(today)).expect("UTF-8");
    assert!(log.contains("connected to") && !log.contains("SELECT"), "{log}");
}

#[test]
fn a_log_directory_whose_disk_is_full_stops_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec \"$0\" --rls-user {SEATTLE} --log-dir \"$1\" --slow-query-seconds 0"
    );
    let mut command = std::process::Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_zava-mcp")]).arg(dir.path()).env_clear();
    command.env("EMBEDDING_PROVIDER", "none");
    command.env("DATABASE_URL", crate::support::shop::shared().url(SEATTLE));
    let mut client = crate::support::mcp::Client::start(command);
    client.initialize();
    for number in 0..40 {
        assert_eq!(client.value(&format!("SELECT {number}")), number);
    }
    let (code, log) = client.hang_up();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.lines().count() > 40, "stderr has them all: {log}");
    let size = |name: &String| std::fs::metadata(dir.path().join(name)).expect("there").len();
    let sizes: Vec<u64> = entries(dir.path()).iter().map(size).collect();
    assert_eq!(sizes, [1024], "the file is as large as it may be");
}

#[test]
fn where_mounts_are_allowed_a_log_directory_without_room_for_a_file_stops_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    // The root of this disk takes its only inode.
    let script = format!(
        "mount -t tmpfs -o nr_inodes=1 tmpfs \"$1\" || exit 99; exec \"$0\" --rls-user {SEATTLE} --log-dir \"$1\""
    );
    let allowed =
        std::process::Command::new("unshare").args(["-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: no mounts are allowed here");
        return;
    }
    let mut command = std::process::Command::new("unshare");
    command.args(["-m", "sh", "-c", &script, env!("CARGO_BIN_EXE_zava-mcp")]).arg(dir.path());
    command.env_clear().env("PATH", "/usr/bin:/bin").env("EMBEDDING_PROVIDER", "none");
    command.env("DATABASE_URL", crate::support::shop::shared().url(SEATTLE));
    let mut client = crate::support::mcp::Client::start(command);
    client.initialize();
    assert_eq!(client.value("SELECT 1"), 1);
    let (code, log) = client.hang_up();
    assert!(code == Some(0) && log.contains("no log file is written"), "{log}");
}
