//! Our entries into a client's configuration, and nothing else changed.

use anyhow::Context as _;
use serde_json::Value;

use super::config::{Config, Object};

/// What happened to one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It was not there.
    Added,
    /// It was there and different.
    Replaced,
    /// It was there already.
    Unchanged,
}

impl Change {
    /// The word for a person.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Puts `config` into `file`; tells for each entry what that meant. On an error `file` may be half changed.
///
/// An entry under our name that starts another program is somebody else's, and replaced only with `force`.
pub(super) fn merge(
    file: &mut Object,
    config: &Config,
    force: bool,
) -> anyhow::Result<Vec<(String, Change)>> {
    let mut changes = Vec::new();
    for wanted in &config.inputs {
        let inputs = file.entry("inputs").or_insert_with(|| Value::Array(Vec::new()));
        let inputs = inputs.as_array_mut().with_context(|| shape("inputs", "a list"))?;
        changes.push(put_input(inputs, wanted, force)?);
    }
    let servers = file.entry(config.servers_key).or_insert_with(|| Object::new().into());
    let servers = servers.as_object_mut().with_context(|| shape(config.servers_key, "an object"))?;
    for (name, wanted) in &config.servers {
        changes.push((name.clone(), put_server(servers, name, wanted, force)?));
    }
    Ok(changes)
}

fn put_server(servers: &mut Object, name: &str, wanted: &Value, force: bool) -> anyhow::Result<Change> {
    let Some(existing) = servers.get_mut(name) else {
        servers.insert(name.to_owned(), wanted.clone());
        return Ok(Change::Added);
    };
    let ours = is_ours(existing, wanted);
    anyhow::ensure!(ours || force, taken(name));
    let next = if ours { renewed(existing, wanted) } else { wanted.clone() };
    if *existing == next {
        return Ok(Change::Unchanged);
    }
    *existing = next;
    Ok(Change::Replaced)
}

/// An existing question is kept in its own words as long as it hides what is typed.
fn put_input(inputs: &mut Vec<Value>, wanted: &Value, force: bool) -> anyhow::Result<(String, Change)> {
    let id = wanted.get("id").and_then(Value::as_str).unwrap_or_default();
    let label = format!("input {id}");
    let Some(existing) = inputs.iter_mut().find(|input| input.get("id") == wanted.get("id")) else {
        inputs.push(wanted.clone());
        return Ok((label, Change::Added));
    };
    if ["type", "password"].iter().all(|key| existing.get(key) == wanted.get(key)) {
        return Ok((label, Change::Unchanged));
    }
    anyhow::ensure!(force, taken(&label));
    *existing = wanted.clone();
    Ok((label, Change::Replaced))
}

/// Whether an entry starts zava-mcp, here or elsewhere, or the very command that is wanted.
fn is_ours(existing: &Value, wanted: &Value) -> bool {
    let command = |entry: &Value| entry.get("command").and_then(Value::as_str).map(str::to_owned);
    let Some(found) = command(existing) else { return false };
    let program = found.rsplit(['/', '\\']).next().unwrap_or_default();
    program.strip_suffix(".exe").unwrap_or(program) == "zava-mcp" || command(wanted) == Some(found)
}

/// Our keys as wanted, the others (`disabled`, `timeout` and what else clients keep there) as they are.
fn renewed(existing: &Value, wanted: &Value) -> Value {
    let (Some(existing), Some(wanted)) = (existing.as_object(), wanted.as_object()) else {
        return wanted.clone();
    };
    let mut next = existing.clone();
    if !wanted.contains_key("env") {
        next.shift_remove("env");
    }
    next.extend(wanted.clone());
    next.into()
}

fn taken(what: &str) -> String {
    format!(
        "VALIDATION_ERROR (client_name_taken): {what} is there already and is not zava-mcp's; choose another name with \
         --name, or replace it with --force"
    )
}

fn shape(key: &str, kind: &str) -> String {
    format!(
        "VALIDATION_ERROR (client_config_shape): `{key}` is not {kind}; correct the file, which was left as it is"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::config::{Config, Object};
    use super::{Change, merge};

    fn object(value: &Value) -> Object {
        value.as_object().expect("an object").clone()
    }

    fn wanted(env: Option<Value>) -> Config {
        let mut entry = object(&json!({"command": "/opt/zava-mcp", "args": ["--rls-user", "1"]}));
        entry.extend(env.map(|env| ("env".to_owned(), env)));
        Config { servers_key: "mcpServers", servers: object(&json!({"zavaOne": entry})), inputs: vec![] }
    }

    fn into(file: &Value, config: &Config, force: bool) -> (Value, Result<Vec<Change>, String>) {
        let mut file = object(file);
        let changes = merge(&mut file, config, force).map_err(|error| error.to_string());
        (file.into(), changes.map(|changes| changes.into_iter().map(|(_, change)| change).collect()))
    }

    #[test]
    fn a_renewed_entry_keeps_keys_of_the_client_and_drops_an_environment_it_no_longer_has() {
        let old =
            json!({"disabled": true, "command": "/old/zava-mcp", "args": [], "env": {"DATABASE_URL": "x"}});
        let (file, changes) = into(&json!({"mcpServers": {"zavaOne": old}}), &wanted(None), false);
        let entry = json!({"disabled": true, "command": "/opt/zava-mcp", "args": ["--rls-user", "1"]});
        assert_eq!(file, json!({"mcpServers": {"zavaOne": entry}}));
        assert_eq!(changes, Ok(vec![Change::Replaced]));
        assert_eq!(into(&file, &wanted(None), false), (file.clone(), Ok(vec![Change::Unchanged])));
    }

    #[test]
    fn somebody_elses_entry_goes_only_by_force_and_then_wholly() {
        for other in [json!({"command": "npx", "disabled": true}), json!({"url": "https://x"}), json!(1)] {
            let file = json!({"mcpServers": {"zavaOne": other}});
            let refusal = into(&file, &wanted(None), false).1.expect_err("refused");
            assert!(refusal.contains("(client_name_taken)"), "{refusal}");
            let (forced, changes) = into(&file, &wanted(None), true);
            assert_eq!(forced["mcpServers"], Value::from(wanted(None).servers));
            assert_eq!(changes, Ok(vec![Change::Replaced]));
        }
    }

    #[test]
    fn a_wrapper_that_we_configured_is_ours_in_the_second_run() {
        let mut config = wanted(Some(json!({"ZAVA_DATA_DIR": "/d"})));
        config.servers["zavaOne"]["command"] = json!("/opt/wrapper");
        let (file, changes) = into(&json!({}), &config, false);
        assert_eq!(changes, Ok(vec![Change::Added]));
        assert_eq!(into(&file, &config, false).1, Ok(vec![Change::Unchanged]));
    }

    #[test]
    fn a_question_keeps_its_words_but_must_hide_what_is_typed() {
        let mut config = wanted(None);
        config.inputs =
            vec![json!({"type": "promptString", "id": "a", "description": "d", "password": true})];
        let own_words = json!([{"type": "promptString", "id": "a", "description": "mine", "password": true}]);
        let (file, changes) = into(&json!({"inputs": own_words}), &config, false);
        assert_eq!((&file["inputs"], changes), (&own_words, Ok(vec![Change::Unchanged, Change::Added])));
        let shown = json!({"inputs": [{"type": "promptString", "id": "a", "description": "d"}]});
        assert!(into(&shown, &config, false).1.is_err());
    }

    #[test]
    fn a_file_of_another_shape_is_refused() {
        let refusal = into(&json!({"mcpServers": []}), &wanted(None), true).1.expect_err("refused");
        assert!(refusal.contains("(client_config_shape)"), "{refusal}");
    }
}
