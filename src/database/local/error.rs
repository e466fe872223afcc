//! What can go wrong with the managed local server, and what to do then.

use std::path::{Path, PathBuf};

use crate::settings::SettingsError;

/// A failure of the managed local PostgreSQL.
///
/// `Display` is one line: a stable reason word in parentheses, what is wrong, and what to do next. The cause, when the
/// operating system has one, is in `source()`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The settings do not say where the data directory is.
    #[error(transparent)]
    Settings(#[from] SettingsError),

    /// The socket's path does not fit into what the operating system can address.
    #[error(
        "VALIDATION_ERROR (data_dir_too_long): the socket {socket} would have {bytes} bytes in its path, and unix \
         sockets take {limit}; give a shorter --data-dir or ZAVA_DATA_DIR"
    )]
    PathTooLong {
        /// Path of the socket.
        socket: PathBuf,
        /// Its length in bytes.
        bytes: usize,
        /// The most the operating system takes.
        limit: usize,
    },

    /// No PostgreSQL where it should be.
    #[error(
        "DATABASE_ERROR (binaries_missing): no PostgreSQL in {0}; run scripts/install-postgres, or point \
         --pg-bin-dir at an installed PostgreSQL 16 or newer that has pgvector"
    )]
    BinariesMissing(PathBuf),

    /// A PostgreSQL that cannot be run.
    #[error(
        "DATABASE_ERROR (binaries_broken): {program} does not run: {said}; install PostgreSQL 16 or newer with \
         pgvector for this system and point --pg-bin-dir at its bin directory"
    )]
    BinariesBroken {
        /// What was run.
        program: PathBuf,
        /// Its last words.
        said: String,
    },

    /// A PostgreSQL that is too old.
    #[error(
        "DATABASE_ERROR (binaries_too_old): {dir} holds PostgreSQL {major}; run scripts/install-postgres, or point \
         --pg-bin-dir at PostgreSQL 16 or newer"
    )]
    BinariesTooOld {
        /// The bin directory.
        dir: PathBuf,
        /// Its major version.
        major: u32,
    },

    /// A PostgreSQL without pgvector.
    #[error(
        "DATABASE_ERROR (pgvector_missing): the PostgreSQL in {0} has no extension `vector`; run \
         scripts/install-postgres, or install pgvector for it (Debian, Ubuntu: postgresql-<version>-pgvector)"
    )]
    VectorMissing(PathBuf),

    /// The cluster was made by another major version.
    #[error(
        "DATABASE_ERROR (cluster_version): the cluster was made by PostgreSQL {cluster}, and {dir} holds {binaries}; \
         point --pg-bin-dir at PostgreSQL {cluster}, or throw the cluster away with `zava-mcp db reset`"
    )]
    ClusterVersion {
        /// Major version in the cluster.
        cluster: String,
        /// Major version of the binaries.
        binaries: u32,
        /// The bin directory.
        dir: PathBuf,
    },

    /// Root cannot run PostgreSQL, and no other user was found.
    #[error(
        "VALIDATION_ERROR (server_user_unknown): root cannot run PostgreSQL, and there is no unprivileged user `{0}`; \
         name one that exists with --server-user"
    )]
    ServerUser(String),

    /// The user that runs PostgreSQL may not enter a directory.
    #[error(
        "DATABASE_ERROR (server_user_locked_out): the user {user}, who runs PostgreSQL, may not enter or run {path}; \
         `chmod a+x` the directories above it, or give a --data-dir elsewhere"
    )]
    LockedOut {
        /// Name or number of the user.
        user: String,
        /// What the user must be able to reach.
        path: PathBuf,
    },

    /// The cluster belongs to somebody else.
    #[error(
        "DATABASE_ERROR (cluster_foreign): {0} belongs to another user; run zava-mcp as that user, or give a \
         --data-dir of your own"
    )]
    Foreign(PathBuf),

    /// Another process did not finish starting or stopping the server.
    #[error(
        "DATABASE_ERROR (busy): another zava-mcp has been starting or stopping this server for {seconds} seconds and \
         holds {lock}; try again, or look for that process"
    )]
    Busy {
        /// The lock file.
        lock: PathBuf,
        /// How long we waited, in seconds.
        seconds: u64,
    },

    /// The disk is too full to begin.
    #[error(
        "DATABASE_ERROR (disk_full): only {free} MB are free in {dir}, and a new cluster takes {needed} MB; free some \
         space, or give a --data-dir on another disk"
    )]
    DiskFull {
        /// The data directory.
        dir: PathBuf,
        /// Megabytes free.
        free: u64,
        /// Megabytes needed.
        needed: u64,
    },

    /// Something in the data directory could not be read or written.
    #[error(
        "DATABASE_ERROR (data_dir_unusable): could not {doing} {path}; mend that, or give another --data-dir or \
         ZAVA_DATA_DIR"
    )]
    File {
        /// What we were doing, as an infinitive: `write`.
        doing: &'static str,
        /// With which file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },

    /// `initdb` failed.
    #[error(
        "DATABASE_ERROR (init_failed): PostgreSQL could not make a cluster in {dir}: {said}; nothing of it was kept, \
         so mend that and run `zava-mcp db up` again"
    )]
    Init {
        /// The data directory.
        dir: PathBuf,
        /// The last words of `initdb`.
        said: String,
    },

    /// The server ended instead of starting.
    #[error(
        "DATABASE_ERROR (start_failed): PostgreSQL did not start: {said}; mend that and run `zava-mcp db up` again \
         (the whole log is {log})"
    )]
    Start {
        /// The last words of the server.
        said: String,
        /// The log file.
        log: PathBuf,
    },

    /// The server is neither ready nor gone.
    #[error(
        "DATABASE_ERROR (not_ready): PostgreSQL has been {doing} for {seconds} seconds: {said}; it goes on without \
         us, so try again in a moment (the whole log is {log})"
    )]
    NotReady {
        /// `starting` or `stopping`.
        doing: &'static str,
        /// How long we waited, in seconds.
        seconds: u64,
        /// The last words of the server.
        said: String,
        /// The log file.
        log: PathBuf,
    },

    /// A server answers that we did not start here.
    #[error(
        "DATABASE_ERROR (not_ours): the server in {0} was not started by zava-mcp on this system (pg_ctl, or another \
         container); stop it where it was started"
    )]
    NotOurs(PathBuf),

    /// There is no cluster.
    #[error("DATABASE_ERROR (no_cluster): there is no local PostgreSQL in {0} yet; run `zava-mcp db up`")]
    NoCluster(PathBuf),

    /// There is a cluster, and nobody knows its passwords.
    #[error(
        "DATABASE_ERROR (credentials_missing): {0} is missing, and without its passwords the cluster beside it cannot \
         be used; put it back, or start over with `zava-mcp db reset`"
    )]
    CredentialsMissing(PathBuf),

    /// The file of passwords is not what we wrote.
    #[error(
        "DATABASE_ERROR (credentials_malformed): {path} is not what zava-mcp wrote, from line {line} on; put a good \
         copy back, or start over with `zava-mcp db reset`"
    )]
    CredentialsMalformed {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense. The parser's own words are left out: they may quote a password.
        line: usize,
    },

    /// No login is kept for this identity. The message names no other.
    #[error(
        "VALIDATION_ERROR (rls_user_unknown): the local database has no login for this RLS user id; `zava-mcp \
         identity list` shows the ids"
    )]
    UnknownIdentity,
}

impl LocalError {
    /// A `map_err` argument for file operations: `fs::read(path).map_err(LocalError::file("read", path))`.
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }
}
