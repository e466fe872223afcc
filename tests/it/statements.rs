//! Our own SQL: every file is listed, and each keeps its signature, prepared as the restricted login.

use std::fmt::Write as _;

use tokio_postgres::NoTls;
use zava_mcp::database::statements;

use crate::support::shop::{self, SEATTLE};
use crate::throw_away::block_on;

#[test]
fn every_query_file_is_listed() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/queries");
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .expect("sql/queries")
        .map(|file| file.expect("an entry").file_name().to_string_lossy().replace(".sql", ""))
        .collect();
    files.sort();
    let mut listed: Vec<&str> = statements::ALL.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    assert!(!files.is_empty());
    assert_eq!(files, listed);
}

#[test]
fn every_sql_file_is_part_of_the_program() {
    fn below(dir: &std::path::Path, ending: &str) -> Vec<std::path::PathBuf> {
        let entries =
            std::fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry").path());
        entries
            .flat_map(|path| if path.is_dir() { below(&path, ending) } else { vec![path] })
            .filter(|path| path.to_string_lossy().ends_with(ending))
            .collect()
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let source: String = below(&root.join("src"), ".rs")
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("UTF-8"))
        .collect();
    let files = below(&root.join("sql"), ".sql");
    assert!(files.len() > 20, "{files:?}");
    for file in files {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let included = source.contains(&format!("/{name}.sql\"")) || source.contains(&format!("\"{name}\";"));
        assert!(included, "{} is in no include_str!", file.display());
    }
}

#[test]
fn every_query_begins_with_its_contract() {
    for (name, sql) in statements::ALL {
        let contract: Vec<&str> = sql.lines().take_while(|line| line.starts_with("--")).collect();
        assert!(contract.iter().any(|line| line.contains("Columns:")), "{name}: {contract:?}");
    }
}

#[test]
fn every_query_keeps_its_signature() {
    let config: tokio_postgres::Config = shop::shared().url(SEATTLE).parse().expect("well-formed");
    let signatures = block_on(async {
        let (client, connection) = config.connect(NoTls).await.expect("connected");
        tokio::spawn(connection);
        let mut text = String::new();
        for (name, sql) in statements::ALL {
            let statement = client.prepare(sql).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            let params: Vec<String> = statement.params().iter().map(ToString::to_string).collect();
            let columns =
                statement.columns().iter().map(|column| format!("{} {}", column.name(), column.type_()));
            let _ =
                writeln!(text, "{name}({}) -> {}", params.join(", "), columns.collect::<Vec<_>>().join(", "));
        }
        text
    });
    insta::assert_snapshot!(signatures);
}
