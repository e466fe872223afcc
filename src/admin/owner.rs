//! The owner's credentials: given, or those of the managed local server.

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::Config;

use crate::database::local::LocalServer;
use crate::database::{DatabaseError, Owner, from_url};
use crate::settings::{LOCAL_DATABASE, LocalArgs};

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
}

/// An owner's connection and where it leads.
pub(crate) struct Entrance {
    /// The connection.
    pub(crate) owner: Owner,
    /// Set on the managed local server, which keeps the passwords of logins.
    pub(crate) local: Option<LocalServer>,
    config: Config,
}

impl Entrance {
    /// Name of the database.
    pub(crate) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }

    /// The connection string of a login on the same server, with `password` as its password.
    pub(crate) fn url_for(&self, login: &str, password: &SecretString) -> String {
        let host = crate::database::host(&self.config);
        format!(
            "host={host} port={} dbname={} user={login} password={}",
            self.config.get_ports().first().unwrap_or(&5432),
            self.database(),
            password.expose_secret(),
        )
    }
}

impl OwnerArgs {
    /// Connects to the shop's database.
    pub(crate) async fn connect(&self) -> anyhow::Result<Entrance> {
        let (config, local) = self.config().await?;
        let owner = Owner::connect(&config).await?;
        Ok(Entrance { owner, local, config })
    }

    /// Connects to the shop's database, which is made first when it is missing. Tells whether it was.
    pub(crate) async fn connect_or_create(&self) -> anyhow::Result<(Entrance, bool)> {
        let (config, local) = self.config().await?;
        match Owner::connect(&config).await {
            Ok(owner) => Ok((Entrance { owner, local, config }, false)),
            Err(error) if is_missing_database(&error) => {
                create_database(&config).await?;
                let owner = Owner::connect(&config).await?;
                Ok((Entrance { owner, local, config }, true))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The managed local server's settings.
    pub(crate) fn local(&self) -> &LocalArgs {
        &self.local
    }

    async fn config(&self) -> anyhow::Result<(Config, Option<LocalServer>)> {
        if let Some(url) = &self.admin_url {
            return Ok((from_url(url.expose_secret(), "--admin-url")?, None));
        }
        let server = LocalServer::at(&self.local)?;
        server.up().await?;
        Ok((server.owner_config(&self.local_database)?, Some(server)))
    }
}

fn is_missing_database(error: &DatabaseError) -> bool {
    error.sqlstate() == Some(tokio_postgres::error::SqlState::INVALID_CATALOG_NAME.code())
}

async fn create_database(config: &Config) -> anyhow::Result<()> {
    let name = config.get_dbname().context("the connection string names no database")?;
    let mut maintenance = config.clone();
    maintenance.dbname("postgres");
    let owner = Owner::connect(&maintenance).await?;
    // template0: nobody's additions come along
    let statement = format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", quoted(name));
    owner.script("create the database", &statement).await?;
    Ok(())
}

/// An identifier in double quotes.
pub(crate) fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}
