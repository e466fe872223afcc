//! `zava-mcp completions`: a script that lets a shell complete commands and flags.

use clap_complete::Shell;

use super::print;

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Shell whose script is printed
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script for a command line.
///
/// # Errors
///
/// When stdout is closed.
pub fn run(options: &Options, mut command: clap::Command) -> anyhow::Result<()> {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, name, &mut script);
    print::bytes(&script)
}
