//! Any connection string: the password in it shows nowhere, neither in an error nor in what is shown of the database.
//!
//! Input: the password up to the part that is looked for, and in further lines the rest of a URL, what stands before and
//! after a password as key and value. People paste passwords as they are, so nothing is escaped.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use zava_mcp::database::from_url;
use zava_mcp::error::ToolError;
use zava_mcp::settings::WireArgs;
use zava_mcp_fuzz::SECRET;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(data) else { return Corpus::Reject };
    // Files are read where options name them, and reading devices does not end; nor is the list of authorities quick. And who
    // finds the password himself may write it where it shows.
    if ["/dev", "/proc", "/sys", "system", "tmp", SECRET].iter().any(|word| input.contains(word)) {
        return Corpus::Reject;
    }
    let mut lines = input.splitn(4, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (password, rest, before, after) = (next(), next(), next(), next());
    // With both, libpq too takes what is behind them for options.
    if !(password.contains('@') && password.contains('?')) {
        shows_nothing(&format!("postgresql://zava_seattle:{password}{SECRET}@{rest}"));
    }
    // Begun as a URL it is one, and what follows an @ is its host.
    if before.contains("://") && password.contains('@') {
        return Corpus::Keep;
    }
    // What follows a blank and `user=` is a login.
    if !password.contains('=') {
        shows_nothing(&format!("{before} password={password}{SECRET} {after}"));
    }
    shows_nothing(&format!("{before} password='{}{SECRET}' {after}", password.replace(['\\', '\''], "")));
    Corpus::Keep
});

fn shows_nothing(url: &str) {
    let shown = match from_url(url, "DATABASE_URL", &WireArgs::default()) {
        Ok(target) => format!("{} {} {}", target.place(), target.shared_options(), target.stays_here()),
        Err(error) => {
            let mut shown = format!("{error:?} {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                shown.push_str(&error.to_string());
                cause = error.source();
            }
            format!("{shown} {}", ToolError::from(error))
        }
    };
    assert!(!shown.contains(SECRET), "{url}\nshows in: {shown}");
}
