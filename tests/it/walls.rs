//! The arrows between the rooms, read from the source: what clippy's lists cannot say.

use std::path::{Path, PathBuf};

/// For each room: what its files may name of this crate and of the guarded crates.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "mcp",
        &[
            "crate::mcp",
            "crate::services",
            "crate::cache",
            "crate::call",
            "crate::database",
            "crate::error",
            "rmcp",
            "schemars",
        ],
    ),
    (
        "services",
        &[
            "crate::services",
            "crate::cache",
            "crate::call",
            "crate::charts",
            "crate::database",
            "crate::embeddings",
            "crate::error",
        ],
    ),
    ("charts", &["crate::charts", "plotters", "plotters_backend", "tiny_skia", "ttf_parser"]),
    ("cache", &["crate::cache", "crate::settings", "redis"]),
    (
        "database",
        &["crate::call", "crate::database", "crate::settings", "tokio_postgres", "deadpool_postgres"],
    ),
    (
        "embeddings",
        &[
            "crate::embeddings",
            "crate::settings",
            "reqwest",
            "candle_core",
            "candle_nn",
            "candle_transformers",
            "tokenizers",
        ],
    ),
    (
        "admin",
        &[
            "crate::admin",
            "crate::audit",
            "crate::cache",
            "crate::database",
            "crate::embeddings",
            "crate::entra",
            "crate::error",
            "crate::settings",
            "crate::cli",
            "tokio_postgres",
            "clap",
        ],
    ),
    ("entra.rs", &["crate::database", "crate::embeddings", "crate::settings"]),
    ("settings", &["crate::settings", "clap"]),
    (
        "cli.rs",
        &[
            "crate::admin",
            "crate::audit",
            "crate::cache",
            "crate::call",
            "crate::cli",
            "crate::database",
            "crate::embeddings",
            "crate::entra",
            "crate::mcp",
            "crate::settings",
            "crate::telemetry",
            "clap",
        ],
    ),
    ("audit", &["crate::audit", "crate::call", "crate::error", "crate::settings"]),
    ("call", &["crate::call", "crate::error"]),
    ("error.rs", &["crate::error"]),
    (
        "telemetry",
        &[
            "crate::call",
            "crate::error",
            "crate::settings",
            "crate::telemetry",
            "reqwest",
            "opentelemetry",
            "opentelemetry_sdk",
        ],
    ),
];

/// Crates that belong to one room or two.
const GUARDED: &[&str] = &[
    "rmcp",
    "schemars",
    "tokio_postgres",
    "deadpool_postgres",
    "reqwest",
    "candle_core",
    "candle_nn",
    "candle_transformers",
    "tokenizers",
    "clap",
    "opentelemetry",
    "opentelemetry_sdk",
    "pgvector",
    "redis",
    "plotters",
    "plotters_backend",
    "tiny_skia",
    "ttf_parser",
];

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).expect("a room");
    entries
        .flat_map(|entry| sources(&entry.expect("an entry").path()))
        .filter(|file| file.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// The rooms and guarded crates that a file names outside comments and tests.
fn named(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut found = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let module: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push(format!("crate::{module}"));
        }
        if let Some(list) = line.trim().strip_prefix("use crate::{") {
            found.extend(list.trim_end_matches("};").split(", ").map(|name| format!("crate::{name}")));
        }
        for name in GUARDED {
            let word = line.match_indices(name).any(|(at, _)| {
                let before = line[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '"');
                before && line[at + name.len()..].starts_with("::")
            });
            if word {
                found.push((*name).to_owned());
            }
        }
    }
    found.retain(|name| name != "crate::");
    found
}

#[test]
fn every_arrow_between_the_rooms_points_the_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut read = 0;
    let mut wrong = Vec::new();
    for (room, allowed) in ALLOWED {
        for file in sources(&src.join(room)) {
            read += 1;
            let text = std::fs::read_to_string(&file).expect("UTF-8");
            let bad = named(&text).into_iter().filter(|name| !allowed.contains(&name.as_str()));
            wrong.extend(
                bad.map(|name| {
                    format!("{} names {name}", file.strip_prefix(&src).expect("inside").display())
                }),
            );
        }
    }
    assert!(read > 50, "{read} files were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_on_the_list() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(src).expect("src") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let listed =
            ALLOWED.iter().any(|(room, _)| *room == name) || ["main.rs", "lib.rs"].contains(&name.as_str());
        assert!(listed, "{name} has no walls");
    }
}

#[test]
fn no_file_has_outgrown_one_job() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&src);
    assert!(files.len() > 50);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        assert!(text.starts_with("//! "), "{} does not say what it is for", file.display());
        let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count();
        assert!(lines <= 260, "{} has {lines} lines", file.display());
    }
}

#[test]
fn the_reading_of_arrows_sees_what_it_should() {
    let text = "use crate::{admin, mcp};\n// crate::cli in a comment\nlet x = rmcp::ErrorData::new(); my_rmcp::y();\n";
    assert_eq!(named(text), ["crate::admin", "crate::mcp", "rmcp"]);
}
