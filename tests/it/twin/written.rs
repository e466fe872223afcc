//! The queries that are written down for people: in the README and in `examples/`.

use std::path::{Path, PathBuf};

/// A query, and the file it stands in.
pub(crate) struct Written {
    pub(crate) file: String,
    pub(crate) sql: String,
}

/// The queries of a file and of all files below a directory of the project, but pictures.
pub(crate) fn queries(place: &str) -> Vec<Written> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = files(&root.join(place));
    files.sort();
    let of_file = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let file = path.strip_prefix(root).expect("of the project").display().to_string();
        of_text(&text).into_iter().map(move |sql| Written { file: file.clone(), sql }).collect::<Vec<_>>()
    };
    files.into_iter().flat_map(of_file).collect()
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let inside = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let inside = inside.flat_map(|entry| files(&entry.expect("an entry").path()));
    // The shop of the one is another, which tests/it/guides.rs asks; the other is what a collector got of one call.
    let to_ask = |file: &PathBuf| !["own-schema.md", "trace.txt"].iter().any(|name| file.ends_with(name));
    inside.filter(|file| file.extension().is_none_or(|end| end != "png")).filter(to_ask).collect()
}

/// Blocks marked as SQL, and quoted texts that begin like a query.
fn of_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut prose = String::new();
    for (number, part) in text.split("```").enumerate() {
        match part.strip_prefix("sql\n") {
            Some(sql) if number % 2 == 1 => found.push(sql.trim().to_owned()),
            _ => prose.push_str(part),
        }
    }
    let mut rest = prose.as_str();
    while let Some(at) = rest.find(['"', '`', '\'']) {
        let quote = ["\"\"\"", "\"", "`", "'"].into_iter().find(|quote| rest[at..].starts_with(quote));
        let quote = quote.expect("one of them");
        rest = &rest[at + quote.len()..];
        let begin = rest.trim_start_matches(|c: char| c == '\\' || c.is_whitespace());
        if begin.starts_with("SELECT ") || begin.starts_with("WITH ") {
            let (sql, after) = begin.split_once(quote).expect("the end of the quoted text");
            found.push(sql.trim().to_owned());
            rest = after;
        }
    }
    found
}

#[test]
fn queries_are_found_in_blocks_and_between_quotes() {
    let text = "Say:\n```sql\nSELECT 1\n```\n```sh\nask \"SELECT 2\" 'WITH x AS (SELECT 3) TABLE x'\n```\n\
        `SELECT 'a'` of SELECT and SQL = \"\"\"\\\nSELECT \"b\"\"\"\" isn't \"\n  SELECT 4\n\" or \"SELECTED\".";
    let sqls =
        ["SELECT 1", "SELECT 2", "WITH x AS (SELECT 3) TABLE x", "SELECT 'a'", "SELECT \"b", "SELECT 4"];
    assert_eq!(of_text(text), sqls);
}
