//! Parse, log, run, exit code.

use std::process::ExitCode;

use clap::Parser as _;
use zava_mcp::cli::Cli;

fn main() -> ExitCode {
    // clap prints usage errors and `--help` itself and leaves with 2 or 0.
    let cli = Cli::parse();
    let _flushes_on_drop = match zava_mcp::telemetry::init(cli.log()) {
        Ok(guard) => guard,
        Err(error) => return zava_mcp::cli::report(&error),
    };
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => zava_mcp::cli::report(&error),
    }
}
