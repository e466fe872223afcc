//! libpq's `sslmode` and what follows from it.

use std::fmt;

use crate::database::WireError;
use crate::database::options::Options;

/// How much encryption is asked for, from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// None, even if the server offers it.
    Disable,
    /// What the server offers.
    Prefer,
    /// Always; the certificate is checked only if there is something to check it against.
    Require,
    /// Always, with a certificate that a trusted authority signed.
    VerifyCa,
    /// Always, with a certificate that a trusted authority made out to this host.
    VerifyFull,
}

/// What the server's certificate is checked against when nobody named a file.
pub(super) const SYSTEM: &str = "system";

const KNOWN: [(&str, TlsMode); 5] = [
    ("disable", TlsMode::Disable),
    ("prefer", TlsMode::Prefer),
    ("require", TlsMode::Require),
    ("verify-ca", TlsMode::VerifyCa),
    ("verify-full", TlsMode::VerifyFull),
];

impl TlsMode {
    /// Reads `sslmode`. The authorities of a machine sign for everybody, so with them the name must fit as well.
    pub(super) fn of(options: &Options) -> Result<Self, WireError> {
        let system = options.get("sslrootcert") == Some(SYSTEM);
        let Some(word) = options.get("sslmode") else {
            return Ok(if system { Self::VerifyFull } else { Self::Prefer });
        };
        let known = KNOWN.iter().find(|(known, _)| *known == word).map(|(_, mode)| *mode);
        let mode = known.ok_or_else(|| unknown(word))?;
        if system && mode != Self::VerifyFull {
            return Err(WireError::setting(
                format!(
                    "sslmode={mode} is too weak for sslrootcert=system, whose authorities sign for everybody"
                ),
                "use sslmode=verify-full, or name the certificate of one authority",
            ));
        }
        Ok(mode)
    }
}

fn unknown(word: &str) -> WireError {
    let known = KNOWN.map(|(known, _)| known).join(", ");
    let word: String = word.chars().take(40).collect();
    WireError::setting(format!("sslmode `{word}` is not known here"), format!("use one of {known}"))
}

impl fmt::Display for TlsMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KNOWN.iter().find(|(_, mode)| mode == self).map_or("?", |(word, _)| word))
    }
}
