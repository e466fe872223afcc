//! `zava-mcp identity add`: a login of one's own, bound to an RLS user id and its stores.

use std::fmt::Write as _;

use anyhow::ensure;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{Kind, Person, SCHEMA, Stores};
use crate::admin::owner::{Entrance, OwnerArgs, quoted};
use crate::admin::print;
use crate::database::local::{Login, new_password};

/// Options of `identity add`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// RLS user id of the person
    #[arg(long, value_name = "UUID")]
    rls_user: Uuid,

    /// How many stores the person may see
    #[arg(long, value_enum, value_name = "KIND", default_value = "store")]
    kind: Kind,

    /// Name of a store the person may see; once for a store manager, several times for a region, never for head office
    #[arg(long = "store", value_name = "NAME")]
    stores: Vec<String>,

    /// Name of the database login [default: zava_ and the first 8 digits of the id]
    #[arg(long, value_name = "LOGIN")]
    login: Option<String>,

    /// What people call the person [default: the login]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    #[command(flatten)]
    owner: OwnerArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    options.kind.accept(options.stores.len())?;
    refuse_reserved(options.login.as_deref())?;
    let login = options.login.unwrap_or_else(|| default_login(options.rls_user));
    let person = Person {
        title: options.title.unwrap_or_else(|| login.clone()),
        login,
        rls_user: options.rls_user,
        kind: options.kind,
        stores: options.stores,
    };
    let entrance = options.owner.connect().await?;
    if !ensure(&entrance, &person).await? {
        print::line(format_args!("{} is there already; nothing was changed", person.login));
        return Ok(());
    }
    print::line(format_args!("added {} for {}", person.login, person.rls_user));
    print::line(format_args!("next: zava-mcp --rls-user {}", person.rls_user));
    Ok(())
}

/// The name of a login that was given none.
pub(crate) fn default_login(rls_user: Uuid) -> String {
    let id = rls_user.simple().to_string();
    format!("zava_{}", id.get(..8).unwrap_or(&id))
}

/// The groups and the owner must never become somebody's login.
fn refuse_reserved(login: Option<&str>) -> anyhow::Result<()> {
    let reserved = ["zava_owner", "zava_head_office", "zava_regional", "zava_manager", "postgres"];
    ensure!(
        !login.is_some_and(|login| reserved.contains(&login) || login.starts_with("pg_")),
        "VALIDATION_ERROR (login_reserved): that name is a role of the system; choose another --login"
    );
    Ok(())
}

/// Adds a person unless she is there with the same rights. Tells whether anything was added.
///
/// On the managed local server the password goes into its file; elsewhere it is printed, once, as a connection string.
pub(crate) async fn ensure(entrance: &Entrance, person: &Person) -> anyhow::Result<bool> {
    let stores = Stores::read(&entrance.owner, SCHEMA).await?;
    let keys = stores.keys(&entrance.owner, &person.stores).await?;
    let known = is_mapped(entrance, person).await?;
    let password = password(entrance, person, known).await?;
    if known && password.is_none() {
        return Ok(false);
    }
    let superuser = entrance.owner.query_one("ask who I am", SUPERUSER, &[]).await?.try_get(0)?;
    let script = format!(
        "BEGIN;\n{}{}COMMIT",
        login_script(person, password.as_ref(), superuser),
        if known { String::new() } else { mapping_script(person, &keys) }
    );
    entrance.owner.script("add the identity", &script).await?;
    if let Some(password) = password {
        keep(entrance, person, password).await?;
    }
    Ok(true)
}

/// Whether the mapping has exactly this login with this id. Half a match is refused: it would change somebody's rights.
async fn is_mapped(entrance: &Entrance, person: &Person) -> anyhow::Result<bool> {
    let statement = "SELECT login::text, rls_user_id, kind FROM zava.principal WHERE login = $1::text OR rls_user_id = $2";
    let rows =
        entrance.owner.query("look up the identity", statement, &[&person.login, &person.rls_user]).await?;
    for row in &rows {
        let (login, rls_user, kind): (String, Uuid, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        ensure!(
            login == person.login && rls_user == person.rls_user && kind == person.kind.as_str(),
            "VALIDATION_ERROR (identity_taken): the login {} or the id {} belongs to another identity; remove that \
             first, or choose others",
            person.login,
            person.rls_user
        );
    }
    Ok(!rows.is_empty())
}

/// A new password, or none when the login has one that is known.
async fn password(entrance: &Entrance, person: &Person, known: bool) -> anyhow::Result<Option<SecretString>> {
    let statement = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text)";
    let exists: bool =
        entrance.owner.query_one("look up the login", statement, &[&person.login]).await?.try_get(0)?;
    let kept = match &entrance.local {
        Some(local) => local.identities()?.contains(&(person.rls_user, person.login.clone())),
        None => known,
    };
    Ok(if exists && kept { None } else { Some(new_password()?) })
}

const SUPERUSER: &str = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";

/// What no login of an identity has. Others than superusers may not even say so, and what they made has none of it.
const NO_ATTRIBUTES: &str = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

/// Makes or renews the login. Its settings are defaults under what every call sets itself. A login whose password stays is
/// in use, perhaps by another database of the server, and keeps its settings too.
fn login_script(person: &Person, password: Option<&SecretString>, superuser: bool) -> String {
    let login = quoted(&person.login);
    let attributes = if superuser { NO_ATTRIBUTES } else { "" };
    let made = password.map_or(String::new(), |password| {
        format!(
            "DO $do$ BEGIN CREATE ROLE {login}; EXCEPTION WHEN duplicate_object THEN NULL; END $do$;\n\
             ALTER ROLE {login} LOGIN{attributes} PASSWORD '{}';\n\
             ALTER ROLE {login} SET default_transaction_read_only = on;\n\
             ALTER ROLE {login} SET statement_timeout = '30s';\n\
             ALTER ROLE {login} SET idle_in_transaction_session_timeout = '10s';\n\
             ALTER ROLE {login} SET client_connection_check_interval = '1s';\n\
             ALTER ROLE {login} SET jit = off;\n\
             DO $do$ BEGIN ALTER ROLE {login} SET temp_file_limit = '1GB'; \
             EXCEPTION WHEN insufficient_privilege THEN NULL; END $do$;\n",
            // hexadecimal, so nothing needs escaping
            password.expose_secret()
        )
    });
    format!("{made}GRANT {} TO {login};\n", person.kind.group())
}

fn mapping_script(person: &Person, stores: &[String]) -> String {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let login = literal(&person.login);
    let mut script = format!(
        "INSERT INTO zava.principal (login, rls_user_id, kind, title) VALUES ({login}, '{}', '{}', {});\n",
        person.rls_user,
        person.kind.as_str(),
        literal(&person.title)
    );
    for store in stores {
        let _ = writeln!(
            script,
            "INSERT INTO zava.principal_store (login, store_id) VALUES ({login}, {});",
            literal(store)
        );
    }
    script
}

async fn keep(entrance: &Entrance, person: &Person, password: SecretString) -> anyhow::Result<()> {
    if let Some(local) = &entrance.local {
        local.keep_login(person.rls_user, Login { name: person.login.clone(), password }).await?;
        return Ok(());
    }
    print::line(format_args!(
        "{}, --rls-user {}; the connection string, shown this once, belongs in the client's configuration as DATABASE_URL:",
        person.title, person.rls_user
    ));
    print::line(entrance.url_for(&person.login, &password));
    Ok(())
}
