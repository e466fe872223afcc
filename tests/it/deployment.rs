//! What `scripts/docker` and `scripts/azure` set up: the commands they run, and the variables they hand over.

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use zava_mcp::cli::Cli;

use crate::support::mcp::Client;
use crate::support::shop::{REDMOND, SEATTLE};
use crate::throw_away::ThrowAway;

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file)
}

/// Words in capitals, as variables are written.
fn capitals(text: &str) -> BTreeSet<String> {
    let word = |c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    text.split(word).filter(|word| word.len() > 5 && word.contains('_')).map(str::to_owned).collect()
}

/// Every variable that the program reads: those of its flags, and those that are no flags because they hold secrets.
fn read_by_the_program() -> BTreeSet<String> {
    fn walk(command: &Command, all: &mut BTreeSet<String>) {
        all.extend(
            command.get_arguments().filter_map(clap::Arg::get_env).map(|env| env.to_string_lossy().into()),
        );
        command.get_subcommands().for_each(|sub| walk(sub, all));
    }
    let mut all = capitals(&read("src/settings/embedding.rs"));
    walk(&Cli::command(), &mut all);
    all
}

#[test]
fn every_variable_that_is_handed_over_is_one_that_the_program_reads() {
    let known = read_by_the_program();
    let of_docker = ["ZAVA_OWNER_PASSWORD", "POSTGRES_PASSWORD"]; // of compose itself, of the database's image
    for (file, least) in [("scripts/docker/compose.yaml", 6), ("scripts/docker/Dockerfile", 1)] {
        let named = capitals(&read(file));
        assert!(named.len() >= least, "{file}: {named:?}");
        let unknown: Vec<_> = named.iter().filter(|name| !of_docker.contains(&name.as_str())).collect();
        assert!(unknown.iter().all(|name| known.contains(*name)), "{file}: {unknown:?}");
    }
    let template = read("scripts/azure/main.bicep");
    let outputs: Vec<&str> =
        template.lines().filter_map(|line| line.strip_prefix("output ")?.split(' ').next()).collect();
    assert!(outputs.len() >= 4, "{outputs:?}");
    assert!(outputs.iter().all(|name| known.contains(*name)), "{outputs:?}");
    for needed in [
        "POSTGRES_DB_HOST",
        "AZURE_OPENAI_ENDPOINT",
        "EMBEDDING_MODEL_DEPLOYMENT_NAME",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
    ] {
        assert!(outputs.contains(&needed), "{needed} of {outputs:?}");
    }
}

/// The commands of compose, which clap would refuse otherwise.
#[test]
fn every_command_of_the_containers_is_one_of_the_program() {
    let compose = read("scripts/docker/compose.yaml");
    let commands: Vec<Vec<&str>> = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("command: [")?.strip_suffix(']'))
        .map(|list| list.split(", ").collect())
        .collect();
    assert!(commands.len() >= 3, "{commands:?}");
    for words in commands {
        let parsed = Cli::command().try_get_matches_from(std::iter::once("zava-mcp").chain(words.clone()));
        assert!(parsed.is_ok(), "{words:?}: {parsed:?}");
    }
}

/// As in the containers: the owner's connection is given, so nothing keeps passwords but the person who reads them here.
#[test]
fn the_people_of_the_sample_get_connection_strings_that_work() {
    let server = ThrowAway::new();
    server.ok(&["db", "up"]);
    let config = std::fs::read_to_string(server.data().join("credentials.json")).expect("credentials");
    let config: serde_json::Value = serde_json::from_str(&config).expect("JSON");
    let password = config["superuser"]["password"].as_str().expect("a password");
    let socket = server.status("socket_dir");
    let admin = format!("host={} dbname=zava user=postgres password={password}", socket.trim_matches('"'));
    let owner = |args: &[&str]| server.ok(&[args, &["--admin-url", &admin]].concat());

    let made = owner(&["db", "create", "--sample-people"]);
    owner(&["db", "seed", "--if-empty", "--orders", "2000", "--customers", "400"]);
    let url = |id: &str| {
        let line = made.lines().skip_while(|line| !line.contains(&format!("--rls-user {id}"))).nth(1);
        line.unwrap_or_else(|| panic!("{id}: {made}")).to_owned()
    };
    let mut client = Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &url(SEATTLE))]);
    assert_eq!(client.value("SELECT string_agg(name, ',') FROM retail.stores"), "Zava Retail Seattle");
    assert!(client.value("SELECT count(*) FROM retail.orders").as_i64().expect("a count") > 0);
    let text =
        Client::spawn(&["--rls-user", REDMOND], &[("DATABASE_URL", &url(SEATTLE))]).refused("SELECT 1");
    assert!(text.starts_with("AUTHORIZATION_ERROR"), "{text}");

    let again = owner(&["db", "create", "--sample-people"]);
    assert!(!again.contains("password"), "passwords stay as they are: {again}");
    server.ok(&["db", "down"]);
}
