//! The configuration itself: the entries of the chosen servers, in one client's format.

use serde_json::{Map, Value, json};

use super::kind::Client;
use super::name;
use super::people::Person;
use super::reach::Reach;

/// A JSON object in the order in which it was written.
pub(super) type Object = Map<String, Value>;

/// What belongs into a client's file.
#[derive(Debug)]
pub(super) struct Config {
    /// The key that holds the servers.
    pub(super) servers_key: &'static str,
    /// The entries by name.
    pub(super) servers: Object,
    /// Questions that VS Code asks: `{"type", "id", "description", "password"}`.
    pub(super) inputs: Vec<Value>,
}

impl Config {
    /// The entries that start `command` for each of the `people`.
    pub(super) fn new(client: Client, command: &str, people: &[Person], reach: &Reach) -> Self {
        let entry = |person: &Person| (person.name.clone(), entry(client, command, person, reach).into());
        let asks = client == Client::Vscode && *reach == Reach::Url;
        let inputs = if asks { people.iter().map(input).collect() } else { Vec::new() };
        Self { servers_key: client.servers_key(), servers: people.iter().map(entry).collect(), inputs }
    }

    /// A whole file with nothing else in it.
    pub(super) fn alone(&self) -> Object {
        let mut file = Object::new();
        if !self.inputs.is_empty() {
            file.insert("inputs".to_owned(), self.inputs.clone().into());
        }
        file.insert(self.servers_key.to_owned(), self.servers.clone().into());
        file
    }
}

fn entry(client: Client, command: &str, person: &Person, reach: &Reach) -> Object {
    let mut args = vec!["--rls-user".to_owned(), person.rls_user.to_string()];
    if let Reach::Flags { args: flags, .. } = reach {
        args.extend_from_slice(flags);
    }
    let mut entry = Object::new();
    if client.names_transport() {
        entry.insert("type".to_owned(), "stdio".into());
    }
    entry.insert("command".to_owned(), command.into());
    entry.insert("args".to_owned(), args.into());
    let env = environment(client, person, reach);
    if !env.is_empty() {
        entry.insert("env".to_owned(), env.into());
    }
    entry
}

fn environment(client: Client, person: &Person, reach: &Reach) -> Object {
    match reach {
        Reach::Local(variables) => {
            variables.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect()
        }
        Reach::Url => {
            let reference = client.url_reference(&person.name).into_iter();
            reference.map(|reference| ("DATABASE_URL".to_owned(), reference.into())).collect()
        }
        Reach::Flags { .. } => Object::new(),
    }
}

fn input(person: &Person) -> Value {
    json!({
        "type": "promptString",
        "id": name::input(&person.name),
        "description": format!("PostgreSQL URL of {}", person.name),
        "password": true,
    })
}
