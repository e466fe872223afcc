//! `zava-mcp db up`: starts the managed local PostgreSQL.

use std::path::Path;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::admin::print;
use crate::database::local::{LocalServer, UpOutcome};
use crate::settings::LocalArgs;

/// Options of `db up`.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Start the managed local PostgreSQL, making it first if there is none.\n\n\
        It listens on a unix socket in the data directory and on no network port, and goes on running after this \
        command. The passwords are made here and kept in credentials.json, which only you can read. \
        `zava-mcp --rls-user UUID` starts it by itself when it needs it.",
    after_help = "Examples:\n  scripts/install-postgres && zava-mcp db up\n  \
        zava-mcp db up --pg-bin-dir /usr/lib/postgresql/16/bin"
)]
pub struct Options {
    #[command(flatten)]
    local: LocalArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let server = LocalServer::at(&options.local)?;
    let spinner = ProgressBar::new_spinner().with_message("starting PostgreSQL");
    spinner.enable_steady_tick(Duration::from_millis(100));
    let outcome = server.up().await;
    spinner.finish_and_clear();

    print::line(match outcome? {
        UpOutcome::AlreadyRunning => "PostgreSQL was already running.",
        UpOutcome::Started => "PostgreSQL started.",
        UpOutcome::CreatedAndStarted => "Made a new PostgreSQL cluster and started it.",
    });
    print::line(format_args!("socket directory: {}", server.socket_dir().display()));
    let (psql, socket) = (server.bin_dir().join("psql"), server.socket_dir());
    print::line(format_args!("connect with: {} -h {} -U postgres", quoted(&psql), quoted(&socket)));
    print::line(format_args!("its password: superuser.password in {}", server.credentials_file().display()));
    Ok(())
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain =
        text.chars().all(|character| character.is_ascii_alphanumeric() || "/._-+".contains(character));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::quoted;

    #[test]
    fn a_path_is_quoted_only_when_the_shell_would_take_it_apart() {
        assert_eq!(quoted(Path::new("/var/lib/zava-mcp")), "/var/lib/zava-mcp");
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
