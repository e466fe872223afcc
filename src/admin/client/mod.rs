//! `zava-mcp client`: the configuration of an MCP client for chosen identities.

mod config;
mod file;
#[cfg(fuzzing)]
pub mod fuzz;
mod kind;
mod merge;
mod name;
mod people;
mod reach;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use uuid::Uuid;

use self::config::Config;
use self::file::ConfigFile;
use self::kind::Client;
use self::merge::Change;
use self::people::Person;
use self::reach::{Reach, RemoteArgs};
use super::print;
use crate::settings::{LocalArgs, SettingsError, rls_user};

/// Options of `client`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Which client
    client: Client,

    /// RLS user id of an identity that gets a server; repeat it for several
    ///
    /// Default: all identities of the managed local server but head office, which has to be named.
    #[arg(long, value_name = "UUID", value_parser = rls_user)]
    rls_user: Vec<Uuid>,

    /// Name of the server in the client, when there is one identity [default: from its login, e.g. zavaSeattle]
    #[arg(long, value_name = "NAME", value_parser = name::parse)]
    name: Option<String>,

    /// Program that the client starts [default: this one]
    #[arg(long, value_name = "PATH")]
    command: Option<String>,

    /// Merge into the client's file instead of printing: at PATH, or where the client looks for it
    ///
    /// Everything else in the file stays. Running it again changes nothing.
    #[arg(long, value_name = "PATH", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "not given, given without a path, given with one")]
    write: Option<Option<PathBuf>>,

    /// Replace a server of the same name that is not zava-mcp
    #[arg(long, requires = "write")]
    force: bool,

    #[command(flatten)]
    remote: RemoteArgs,

    #[command(flatten)]
    local: LocalArgs,
}

/// Prints or writes the configuration.
///
/// # Errors
///
/// Whatever stopped it, with what to do.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let people = options.people()?;
    let reach = Reach::decide(options.client, &options.remote, &options.local, &people)?;
    let config = Config::new(options.client, &options.command()?, &people, &reach);
    match &options.write {
        None => print::line(String::from_utf8(file::render(&config.alone(), "  ")?)?.trim_end()),
        Some(path) => options.write(path.as_deref(), &config)?,
    }
    for advice in reach.advice(options.client, &people) {
        print::note(advice);
    }
    Ok(())
}

impl Options {
    fn people(&self) -> anyhow::Result<Vec<Person>> {
        // Identities of the local server say nothing about a database elsewhere.
        let known =
            if self.remote.is_elsewhere() { Vec::new() } else { people::of_local_server(&self.local) };
        let mut people = people::named(&people::choose(&self.rls_user, &known)?, &known)?;
        match (people.as_mut_slice(), &self.name) {
            (_, None) => {}
            ([only], Some(name)) => only.name.clone_from(name),
            (several, Some(_)) => return Err(one_name(several.len()).into()),
        }
        Ok(people)
    }

    /// What the client starts. A bare name is looked up by the client; other paths must not depend on where it runs.
    fn command(&self) -> anyhow::Result<String> {
        match &self.command {
            Some(command) if command.contains('/') && !command.starts_with('$') => {
                reach::text(&std::path::absolute(command)?)
            }
            Some(command) => Ok(command.clone()),
            None => reach::text(
                &std::env::current_exe().context("cannot tell where this program is; give --command")?,
            ),
        }
    }

    fn write(&self, path: Option<&Path>, config: &Config) -> anyhow::Result<()> {
        let path = path.map_or_else(|| self.client.default_file(), |path| Ok(path.to_owned()))?;
        let changes = merge_into(&path, config, self.force).with_context(|| path.display().to_string())?;
        for (name, change) in &changes {
            print::line(format_args!("{} {name}", change.as_str()));
        }
        if changes.iter().all(|(_, change)| *change == Change::Unchanged) {
            print::line(format_args!("{} has all of it already; nothing was changed", path.display()));
        } else {
            let title = self.client.title();
            print::line(format_args!("wrote {}; restart {title} if it is running", path.display()));
        }
        Ok(())
    }
}

/// Changes the file only when something in it changes.
fn merge_into(path: &Path, config: &Config, force: bool) -> anyhow::Result<Vec<(String, Change)>> {
    let file = ConfigFile::read(path)?;
    let mut object = file.object()?;
    let changes = merge::merge(&mut object, config, force)?;
    if changes.iter().any(|(_, change)| *change != Change::Unchanged) {
        file.replace(&object)?;
    }
    Ok(changes)
}

fn one_name(identities: usize) -> SettingsError {
    SettingsError::Options {
        reason: "several_identities",
        text: format!(
            "--name names one server, but {identities} identities were chosen; run this once for each"
        ),
    }
}
