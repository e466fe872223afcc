//! What an admin command says to a person: lines on stdout, questions on the terminal.

use std::io::{ErrorKind, IsTerminal as _, Write as _};

/// Writes one line of a command's result.
#[expect(clippy::print_stdout, reason = "the result of an admin command; `serve` never calls this")]
pub(crate) fn line(text: impl std::fmt::Display) {
    println!("{text}");
}

/// Writes a whole text. A reader that has seen enough (`head`) is no failure.
#[expect(clippy::disallowed_methods, reason = "the result of an admin command; `serve` never calls this")]
pub(crate) fn bytes(text: &[u8]) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Tells something that must not end up in a redirected result.
#[expect(clippy::print_stderr, reason = "advice to a person beside the result of an admin command")]
pub(crate) fn note(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

/// Asks a yes-or-no question; anything but `yes` is no, and so is a stdin that is not a terminal.
#[expect(clippy::print_stderr, reason = "the question belongs on the terminal, not in a redirected result")]
pub(crate) fn confirmed(question: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    eprint!("{question} Type yes to go on: ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}
