//! `zava-mcp man`: the manual, made of the command line's own definition.

use std::path::PathBuf;

use anyhow::Context as _;
use clap_mangen::Man;

use super::print;

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Directory, made if need be, that gets a page for each command; without it the first page goes to stdout
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints the page of a command line, or writes one for each of its commands.
///
/// # Errors
///
/// When stdout is closed or the directory cannot be written.
pub fn run(options: &Options, command: clap::Command) -> anyhow::Result<()> {
    let Some(dir) = &options.dir else {
        let mut page = Vec::new();
        Man::new(command.disable_help_subcommand(true)).render(&mut page)?;
        return print::bytes(&page);
    };
    let place = || format!("write the manual to {}", dir.display());
    std::fs::create_dir_all(dir).with_context(place)?;
    clap_mangen::generate_to(command, dir).with_context(place)
}
