//! The owner's credentials: given, or those of the managed local server.

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::database::local::LocalServer;
use crate::database::{DatabaseError, Owner, Target, from_url};
use crate::settings::{LOCAL_DATABASE, LocalArgs, WireArgs};

/// How an admin command reaches the database.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Owner's connection")]
pub(crate) struct OwnerArgs {
    /// PostgreSQL URL or key=value string of the owner: a superuser, or a role that may create roles and databases
    ///
    /// Default: the superuser of the managed local server, which is started when it is down.
    #[arg(long, env = "ZAVA_ADMIN_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    admin_url: Option<SecretString>,

    /// Name of the database on the managed local server
    #[arg(long, env = "ZAVA_LOCAL_DATABASE", value_name = "NAME", default_value = LOCAL_DATABASE)]
    local_database: String,

    #[command(flatten)]
    local: LocalArgs,

    #[command(flatten)]
    wire: WireArgs,
}

/// An owner's connection and where it leads.
pub(crate) struct Entrance {
    /// The connection.
    pub(crate) owner: Owner,
    /// Set on the managed local server, which keeps the passwords of logins.
    pub(crate) local: Option<LocalServer>,
    target: Target,
}

impl Entrance {
    /// Name of the database.
    pub(crate) fn database(&self) -> &str {
        self.target.database().unwrap_or_default()
    }

    /// The connection string of a login on the same server, with `password` as its password.
    pub(crate) fn url_for(&self, login: &str, password: &SecretString) -> String {
        format!(
            "host={} port={} dbname={} user={login} password={}{}",
            self.target.hosts(),
            self.target.ports(),
            self.database(),
            password.expose_secret(),
            self.target.shared_options(),
        )
    }
}

impl OwnerArgs {
    /// Connects to the shop's database.
    pub(crate) async fn connect(&self) -> anyhow::Result<Entrance> {
        let (target, local) = self.target().await?;
        let owner = Owner::connect(&target).await?;
        Ok(Entrance { owner, local, target })
    }

    /// Connects to the shop's database, which is made first when it is missing. Tells whether it was.
    pub(crate) async fn connect_or_create(&self) -> anyhow::Result<(Entrance, bool)> {
        let (target, local) = self.target().await?;
        match Owner::connect(&target).await {
            Ok(owner) => Ok((Entrance { owner, local, target }, false)),
            Err(error) if is_missing_database(&error) => {
                create_database(&target).await?;
                let owner = Owner::connect(&target).await?;
                Ok((Entrance { owner, local, target }, true))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The managed local server's settings.
    pub(crate) fn local(&self) -> &LocalArgs {
        &self.local
    }

    async fn target(&self) -> anyhow::Result<(Target, Option<LocalServer>)> {
        if let Some(url) = &self.admin_url {
            let target = from_url(url.expose_secret(), "--admin-url", &self.wire)?;
            return Ok((target.with_passwords(crate::entra::passwords(&self.wire)?), None));
        }
        let server = LocalServer::at(&self.local)?;
        server.up().await?;
        Ok((Target::from(&server.owner_config(&self.local_database)?), Some(server)))
    }
}

fn is_missing_database(error: &DatabaseError) -> bool {
    error.sqlstate() == Some(tokio_postgres::error::SqlState::INVALID_CATALOG_NAME.code())
}

async fn create_database(target: &Target) -> anyhow::Result<()> {
    let name = target.database().context("the connection string names no database")?;
    let owner = Owner::connect(&target.with_database("postgres")).await?;
    // template0: nobody's additions come along
    let statement = format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", quoted(name));
    owner.script("create the database", &statement).await?;
    Ok(())
}

/// An identifier in double quotes.
pub(crate) fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}
