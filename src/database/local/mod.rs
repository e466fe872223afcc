//! The managed local PostgreSQL: a private cluster in the data directory, started on demand.
//!
//! Everything lies in one directory and is reached over one unix socket, with passwords. Any number of processes may
//! call [`LocalServer::up`] at once; a lock makes one of them do the work. The server outlives them all.

mod binaries;
mod create;
mod credentials;
mod error;
mod layout;
mod lock;
mod log;
mod postmaster;
mod processes;
mod run_as;
mod status;

use std::path::PathBuf;

use secrecy::ExposeSecret as _;
use tokio_postgres::Config;
use uuid::Uuid;

use self::binaries::Binaries;
use self::credentials::Credentials;
pub use self::credentials::{Login, new_password};
pub use self::error::LocalError;
use self::layout::Layout;
pub use self::log::free_mb;
use self::run_as::RunAs;
pub use self::status::{State, Status};
use crate::settings::LocalArgs;

/// What [`LocalServer::up`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpOutcome {
    /// Nothing.
    AlreadyRunning,
    /// It started the cluster that was there.
    Started,
    /// It made a cluster and started it.
    CreatedAndStarted,
}

/// The managed server of one data directory, running or not.
#[derive(Clone, Debug)]
pub struct LocalServer {
    layout: Layout,
    pg_bin_dir: Option<PathBuf>,
    server_user: Option<String>,
}

impl LocalServer {
    /// The server that the settings mean. Looks at nothing yet.
    ///
    /// # Errors
    ///
    /// When the data directory is unknown or its path too long for a socket.
    pub fn at(args: &LocalArgs) -> Result<Self, LocalError> {
        Ok(Self {
            layout: Layout::new(args.data_dir()?)?,
            pg_bin_dir: args.pg_bin_dir.clone(),
            server_user: args.server_user.clone(),
        })
    }

    /// Makes sure that the server runs and takes connections: cheap when it already does (no process, no lock).
    ///
    /// # Errors
    ///
    /// Whatever stands in the way, in one line with what to do; then nothing half made is left.
    pub async fn up(&self) -> Result<UpOutcome, LocalError> {
        if self.layout.has_cluster()? && postmaster::answering(&self.layout).await.is_some() {
            return Ok(UpOutcome::AlreadyRunning);
        }
        // Before anything is made: without binaries not even the data directory should appear.
        let user = RunAs::decide(self.server_user.as_deref(), &self.layout.cluster())?;
        let binaries = Binaries::check(self.bin_dir(), &user).await?;
        self.layout.make_data_dir()?;
        let _lock = lock::take(&self.layout.lock()).await?;
        self.layout.sweep().await?;
        let existed = self.layout.has_cluster()?;
        if existed {
            self.usable_by(&binaries)?;
        } else {
            create::create(&self.layout, &binaries, &user).await?;
        }
        if postmaster::settle(&self.layout).await? {
            return Ok(UpOutcome::AlreadyRunning);
        }
        postmaster::start(&self.layout, &binaries, &user).await?;
        Ok(if existed { UpOutcome::Started } else { UpOutcome::CreatedAndStarted })
    }

    /// Stops the server; `false` when it was not running.
    ///
    /// # Errors
    ///
    /// When it does not end in time, or was not started by us.
    pub async fn down(&self) -> Result<bool, LocalError> {
        if !self.layout.has_cluster()? {
            return Ok(false);
        }
        let _lock = lock::take(&self.layout.lock()).await?;
        postmaster::stop(&self.layout).await
    }

    /// What there is, without changing it.
    ///
    /// # Errors
    ///
    /// When the data directory may not be looked at.
    pub async fn status(&self) -> Result<Status, LocalError> {
        status::look(self).await
    }

    /// Stops the server and removes the cluster, its log and all passwords; keeps the binaries. `false` when there
    /// was no cluster.
    ///
    /// # Errors
    ///
    /// As [`LocalServer::down`], and when files cannot be removed.
    pub async fn reset(&self) -> Result<bool, LocalError> {
        if !self.layout.has_cluster()? {
            return Ok(false);
        }
        let _lock = lock::take(&self.layout.lock()).await?;
        postmaster::stop(&self.layout).await?;
        self.layout.sweep().await?;
        // Renamed first: half a cluster must never look like one.
        let scratch = self.layout.scratch();
        std::fs::rename(self.layout.cluster(), &scratch).map_err(LocalError::file("rename", &scratch))?;
        self.layout.forget()?;
        self.layout.sweep().await?;
        Ok(true)
    }

    /// How the owner connects. The application name is the caller's to set.
    ///
    /// # Errors
    ///
    /// [`LocalError::NoCluster`] before the first `up`, and when the credentials cannot be read.
    pub fn owner_config(&self, database: &str) -> Result<Config, LocalError> {
        Ok(self.config(&self.credentials()?.superuser, database))
    }

    /// How the login of one identity connects.
    ///
    /// # Errors
    ///
    /// [`LocalError::UnknownIdentity`] when no login is kept for it; else as [`LocalServer::owner_config`].
    pub fn login_config(&self, rls_user: Uuid, database: &str) -> Result<Config, LocalError> {
        let credentials = self.credentials()?;
        let login = credentials.login(rls_user).ok_or(LocalError::UnknownIdentity)?;
        Ok(self.config(login, database))
    }

    /// The identities whose logins are kept, each with the name of its login.
    ///
    /// # Errors
    ///
    /// As [`LocalServer::owner_config`].
    pub fn identities(&self) -> Result<Vec<(Uuid, String)>, LocalError> {
        Ok(self.credentials()?.identities())
    }

    /// Keeps the login of an identity, in place of an earlier one.
    ///
    /// # Errors
    ///
    /// As [`LocalServer::owner_config`], and when the file cannot be written.
    pub async fn keep_login(&self, rls_user: Uuid, login: Login) -> Result<(), LocalError> {
        let _lock = lock::take(&self.layout.lock()).await?;
        let mut credentials = self.credentials()?;
        credentials.put(rls_user, login);
        credentials.save(&self.layout.credentials())
    }

    /// Forgets the login of an identity; `false` when none was kept.
    ///
    /// # Errors
    ///
    /// As [`LocalServer::keep_login`].
    pub async fn forget_login(&self, rls_user: Uuid) -> Result<bool, LocalError> {
        let _lock = lock::take(&self.layout.lock()).await?;
        let mut credentials = self.credentials()?;
        let known = credentials.remove(rls_user);
        credentials.save(&self.layout.credentials())?;
        Ok(known)
    }

    /// The directory of the socket: the host to connect to.
    #[must_use]
    pub fn socket_dir(&self) -> PathBuf {
        self.layout.socket_dir()
    }

    /// The file of passwords.
    #[must_use]
    pub fn credentials_file(&self) -> PathBuf {
        self.layout.credentials()
    }

    /// The bin directory of the PostgreSQL that is used.
    #[must_use]
    pub fn bin_dir(&self) -> PathBuf {
        self.pg_bin_dir.clone().unwrap_or_else(|| self.layout.installed_bin())
    }

    fn credentials(&self) -> Result<Credentials, LocalError> {
        if !self.layout.has_cluster()? {
            return Err(LocalError::NoCluster(self.layout.data().to_owned()));
        }
        Credentials::load(&self.layout.credentials())
    }

    fn config(&self, login: &Login, database: &str) -> Config {
        let mut config = Config::new();
        config.host_path(self.layout.socket_dir()).port(layout::PORT).dbname(database);
        config.user(&login.name).password(login.password.expose_secret());
        config
    }

    /// An existing cluster needs binaries of its own major version, and its passwords.
    fn usable_by(&self, binaries: &Binaries) -> Result<(), LocalError> {
        Credentials::load(&self.layout.credentials())?;
        match self.cluster_version() {
            Some(cluster) if cluster != binaries.major().to_string() => Err(LocalError::ClusterVersion {
                cluster,
                binaries: binaries.major(),
                dir: binaries.dir().to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// The major version that made the cluster.
    fn cluster_version(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.layout.cluster().join("PG_VERSION")).ok()?;
        Some(text.trim().to_owned())
    }
}
