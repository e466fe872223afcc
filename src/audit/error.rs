//! Why a line could not be written.

/// Why a line could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum AuditError {
    /// The operating system refused.
    #[error("could not {doing}")]
    Io {
        doing: &'static str,
        #[source]
        source: std::io::Error,
    },

    /// Writing there would not be safe.
    #[error("it {0}")]
    Unsafe(&'static str),

    /// What was open is not what its name leads to any more.
    #[error("{0} was moved, removed or replaced while it was open")]
    Replaced(String),

    /// A file that was just opened is not there.
    #[error("no file is open")]
    NotOpen,

    /// Another process does not let go.
    #[error("another process has held the log for too long")]
    Locked,
}

impl AuditError {
    pub(super) fn io(doing: &'static str, source: impl Into<std::io::Error>) -> Self {
        Self::Io { doing, source: source.into() }
    }
}
