//! `zava-mcp db status`: what there is of the managed local PostgreSQL.

use crate::admin::print;
use crate::database::local::{LocalServer, State, Status};
use crate::settings::LocalArgs;

/// Options of `db status`.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Say whether the managed local PostgreSQL runs, where it is and how large.\n\n\
        Changes nothing. The exit code is 0 when it runs and 1 when it does not.",
    after_help = "Example:\n  zava-mcp db status --json | python3 -m json.tool"
)]
pub struct Options {
    /// Print one JSON object: state, `data_dir`, `socket_dir`, `bin_dir`, pid, version, bytes
    ///
    /// state is `not_installed`, `no_cluster`, `stopped` or `running`.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    local: LocalArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let status = LocalServer::at(&options.local)?.status().await?;
    if options.json {
        print::line(serde_json::to_string(&status)?);
    } else {
        describe(&status);
    }
    match next_step(status.state) {
        None => Ok(()),
        Some(next) => Err(anyhow::anyhow!("DATABASE_ERROR (not_running): {next}")),
    }
}

/// One line for each thing that is known.
fn describe(status: &Status) {
    print::line(format_args!("state:            {}", in_words(status.state)));
    if let Some(version) = &status.version {
        print::line(format_args!("version:          {version}"));
    }
    if let Some(pid) = status.pid {
        print::line(format_args!("pid:              {pid}"));
    }
    print::line(format_args!("data directory:   {}", status.data_dir.display()));
    print::line(format_args!("socket directory: {}", status.socket_dir.display()));
    print::line(format_args!("binaries:         {}", status.bin_dir.display()));
    if let Some(bytes) = status.bytes {
        print::line(format_args!("size on disk:     {} MB", bytes >> 20));
    }
}

fn in_words(state: State) -> &'static str {
    match state {
        State::NotInstalled => "not installed",
        State::NoCluster => "no cluster yet",
        State::Stopped => "stopped",
        State::Running => "running",
    }
}

/// What makes it run, unless it does.
fn next_step(state: State) -> Option<&'static str> {
    match state {
        State::NotInstalled => {
            Some("there is no PostgreSQL to run; run scripts/install-postgres, or give --pg-bin-dir")
        }
        State::NoCluster => Some("there is no cluster yet; `zava-mcp db up` makes one"),
        State::Stopped => Some("the local PostgreSQL is stopped; `zava-mcp db up` starts it"),
        State::Running => None,
    }
}
