//! How the configured servers reach their database, without a password in anybody's configuration.

use std::path::Path;

use anyhow::Context as _;

use super::kind::Client;
use super::name;
use super::people::Person;
use crate::settings::{LOCAL_DATABASE, LocalArgs, SettingsError};

/// A database that is not the managed local server.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Database elsewhere")]
pub(super) struct RemoteArgs {
    /// The database is elsewhere: the client provides the URL, or ~/.pgpass the password. Neither is ever written
    ///
    /// vscode asks for the URL once and keeps it; claude-code and cursor take it from a variable, which is named after
    /// the server. claude-desktop can do neither and needs --db-host and --db-user, which the others may have, too.
    #[arg(long)]
    remote: bool,

    /// Host name or address; the password is then looked up in ~/.pgpass
    #[arg(long, value_name = "HOST", requires_all = ["remote", "db_user"])]
    db_host: Option<String>,

    /// Port of the database [default: 5432]
    #[arg(long, value_name = "PORT", requires = "db_host")]
    db_port: Option<u16>,

    /// Name of the database
    #[arg(long, value_name = "NAME", requires = "db_host", default_value = LOCAL_DATABASE)]
    db_name: String,

    /// Login of the identity
    #[arg(long, value_name = "LOGIN", requires = "db_host")]
    db_user: Option<String>,

    /// Encryption: disable, prefer, require, verify-ca or verify-full
    #[arg(long, value_name = "MODE", requires = "db_host")]
    sslmode: Option<String>,

    /// Certificates of the authorities that may sign the server's, PEM; `system` for those that this machine trusts
    #[arg(long, value_name = "FILE", requires = "db_host")]
    sslrootcert: Option<String>,
}

/// Where a server finds its database.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The managed local server; variables that tell which, when it is not the default one.
    Local(Vec<(&'static str, String)>),
    /// The client hands over a URL.
    Url,
    /// Flags name all but the password, which is in `~/.pgpass`.
    Flags {
        /// Arguments after the identity.
        args: Vec<String>,
        /// The line for `~/.pgpass`, with a word in place of the password.
        pgpass: String,
    },
}

impl Reach {
    /// Decides, or says which options are missing.
    pub(super) fn decide(
        client: Client,
        remote: &RemoteArgs,
        local: &LocalArgs,
        people: &[Person],
    ) -> anyhow::Result<Self> {
        if !remote.remote {
            return local_variables(local).map(Self::Local);
        }
        match (&remote.db_host, &remote.db_user) {
            (Some(_), Some(_)) if people.len() > 1 => Err(one_login_each().into()),
            (Some(host), Some(user)) => Ok(remote.flags(host, user)),
            _ if client == Client::ClaudeDesktop => Err(needs_flags().into()),
            _ => Ok(Self::Url),
        }
    }

    /// What a person still has to do, one line for each server; nothing for the managed local server.
    pub(super) fn advice(&self, client: Client, people: &[Person]) -> Vec<String> {
        match self {
            Self::Local(_) => Vec::new(),
            Self::Url if client == Client::Vscode => {
                vec!["VS Code asks for the URL, postgresql://LOGIN:PASSWORD@HOST:5432/zava, at the first start".into()]
            }
            Self::Url => people.iter().map(|person| set_variable(client, &person.name)).collect(),
            Self::Flags { pgpass, .. } => {
                vec![format!("put this line with the password into ~/.pgpass and chmod 600 it: {pgpass}")]
            }
        }
    }
}

impl RemoteArgs {
    /// Whether the database is not the managed local server.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.remote
    }

    fn flags(&self, host: &str, user: &str) -> Reach {
        let port = self.db_port.unwrap_or(5432);
        let mut args = vec!["--db-host".to_owned(), host.to_owned()];
        if let Some(port) = self.db_port {
            args.extend(["--db-port".to_owned(), port.to_string()]);
        }
        args.extend(["--db-name", &self.db_name, "--db-user", user].map(str::to_owned));
        for (flag, value) in [("--sslmode", &self.sslmode), ("--sslrootcert", &self.sslrootcert)] {
            args.extend(value.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
        }
        // libpq's files call every unix socket localhost.
        let host = if host.starts_with('/') { "localhost" } else { host };
        let [host, name, user] = [host, &self.db_name, user].map(escaped);
        Reach::Flags { args, pgpass: format!("{host}:{port}:{name}:{user}:PASSWORD") }
    }
}

fn set_variable(client: Client, server: &str) -> String {
    format!(
        "set {} to postgresql://LOGIN:PASSWORD@HOST:5432/zava where {} is started",
        name::variable(server),
        client.title()
    )
}

/// A field of `~/.pgpass`.
fn escaped(field: &str) -> String {
    field.replace('\\', r"\\").replace(':', r"\:")
}

/// Clients pass on almost nothing of the environment, so what was said about the server has to go into the entry.
fn local_variables(local: &LocalArgs) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut variables = Vec::new();
    if local.data_dir.is_some() {
        variables.push(("ZAVA_DATA_DIR", text(&local.data_dir()?)?));
    }
    if let Some(dir) = &local.pg_bin_dir {
        variables.push(("ZAVA_PG_BIN_DIR", text(&std::path::absolute(dir)?)?));
    }
    if let Some(user) = &local.server_user {
        variables.push(("ZAVA_SERVER_USER", user.clone()));
    }
    Ok(variables)
}

/// A path as JSON can hold it.
pub(super) fn text(path: &Path) -> anyhow::Result<String> {
    let text = path.to_str().with_context(|| {
        format!(
            "VALIDATION_ERROR (path_not_text): {} is not UTF-8 and cannot stand in JSON; give a link to it with a \
             plain name",
            path.display()
        )
    })?;
    Ok(text.to_owned())
}

fn needs_flags() -> SettingsError {
    SettingsError::Options {
        reason: "db_host_missing",
        text: "Claude Desktop can neither ask for a database URL nor take one from a variable; give --db-host HOST, \
               --db-name NAME and --db-user LOGIN, and put the password into ~/.pgpass"
            .to_owned(),
    }
}

fn one_login_each() -> SettingsError {
    SettingsError::Options {
        reason: "several_identities",
        text: "--db-user is the login of one identity; run this once for each --rls-user".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reach, RemoteArgs};

    #[test]
    fn the_line_for_pgpass_escapes_and_calls_sockets_localhost() {
        let remote = RemoteArgs { db_name: "zava".to_owned(), ..RemoteArgs::default() };
        let line = |host| match remote.flags(host, "a:b") {
            Reach::Flags { pgpass, .. } => pgpass,
            other => panic!("{other:?}"),
        };
        assert_eq!(line("::1"), r"\:\:1:5432:zava:a\:b:PASSWORD");
        assert_eq!(line("/run/postgresql"), r"localhost:5432:zava:a\:b:PASSWORD");
    }

    #[test]
    fn encryption_goes_into_the_entry() {
        let remote = RemoteArgs {
            db_name: "zava".to_owned(),
            sslmode: Some("verify-full".to_owned()),
            sslrootcert: Some("system".to_owned()),
            ..RemoteArgs::default()
        };
        let Reach::Flags { args, .. } = remote.flags("db.example.com", "zava_seattle") else {
            panic!("flags")
        };
        assert!(
            args.join(" ").ends_with("--db-user zava_seattle --sslmode verify-full --sslrootcert system"),
            "{args:?}"
        );
    }
}
