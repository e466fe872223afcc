//! Whose logins are to be made: the manager that each store names, and head office when it is asked for.

use anyhow::{Context as _, ensure};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::admin::identity::{self, Kind, Person, Stores};
use crate::admin::owner::Entrance;
use crate::database::local::LocalServer;

/// Says that nobody is to be added.
const NOBODY: &str = "none";

/// Who is to be added.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Schema of the stores.
    pub(crate) schema: String,
    /// Column of stores with the RLS user ids of their managers; none: the usual one, when it is there.
    pub(crate) from_stores: Option<String>,
    /// RLS user id that sees all stores.
    pub(crate) head_office: Option<Uuid>,
}

/// Reads the people from the stores table.
pub(crate) async fn people(entrance: &Entrance, wanted: &Wanted) -> anyhow::Result<Vec<Person>> {
    let stores = Stores::read(&entrance.owner, &wanted.schema).await?;
    let mut people = Vec::new();
    if let Some(column) = column(entrance, &stores, wanted).await? {
        let Stores { relation, name, .. } = &stores;
        let statement = format!(
            "SELECT {column}::text, array_agg({name} ORDER BY {name}) FROM {relation} \
             WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 2"
        );
        let rows = stores.query(&entrance.owner, "read the managers of stores", &statement, &[]).await?;
        people = rows.iter().map(|row| manager(entrance, row)).collect::<anyhow::Result<_>>()?;
    }
    if let Some(rls_user) = wanted.head_office {
        ensure!(
            people.iter().all(|person| person.rls_user != rls_user),
            "VALIDATION_ERROR (identity_taken): {rls_user} manages a store, so it cannot be head office; give another"
        );
        let login = login(entrance, rls_user)?;
        people.push(Person {
            login,
            rls_user,
            kind: Kind::HeadOffice,
            title: "Head office".into(),
            stores: vec![],
        });
    }
    Ok(people)
}

/// The quoted column with the managers' ids.
async fn column(entrance: &Entrance, stores: &Stores, wanted: &Wanted) -> anyhow::Result<Option<String>> {
    let named = wanted.from_stores.as_deref();
    if named == Some(NOBODY) {
        return Ok(None);
    }
    let statement = "SELECT quote_ident(attname) FROM pg_attribute \
         WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped \
           AND CASE WHEN $2::text IS NULL THEN attname IN ('rls_user_id', 'manager_id') AND atttypid = 'uuid'::regtype \
             ELSE attname = $2 END \
         ORDER BY attname DESC LIMIT 1";
    let rows =
        entrance.owner.query("look for managers of stores", statement, &[&stores.relation, &named]).await?;
    let column = rows.first().map(|row| row.try_get(0)).transpose()?;
    ensure!(
        column.is_some() || named.is_none(),
        "VALIDATION_ERROR (from_stores): {} has no column {}; name the one with the managers' RLS user ids, or say {NOBODY}",
        stores.relation,
        named.unwrap_or_default()
    );
    Ok(column)
}

/// One manager. Two stores with the same id have one manager, who sees both.
fn manager(entrance: &Entrance, row: &Row) -> anyhow::Result<Person> {
    let (id, stores): (String, Vec<String>) = (row.try_get(0)?, row.try_get(1)?);
    let rls_user = Uuid::try_parse(&id).with_context(|| {
        format!(
            "VALIDATION_ERROR (from_stores): a manager of {} is not a UUID; mend it, or name another column",
            stores.join(", ")
        )
    })?;
    ensure!(
        !rls_user.is_nil(),
        "VALIDATION_ERROR (from_stores): the manager of {} has the id that stands for head office; give the store \
         another manager first",
        stores.join(", ")
    );
    let kind = if stores.len() == 1 { Kind::Store } else { Kind::Regional };
    Ok(Person { login: login(entrance, rls_user)?, rls_user, kind, title: stores.join(", "), stores })
}

/// One login per person, also when she is known to other databases of the same server, or to the sample.
fn login(entrance: &Entrance, rls_user: Uuid) -> anyhow::Result<String> {
    let known = entrance.local.as_ref().map(LocalServer::identities).transpose()?.unwrap_or_default();
    let sample = identity::sample()?.into_iter().map(|person| (person.rls_user, person.login));
    let login = known.into_iter().chain(sample).find(|(id, _)| *id == rls_user);
    Ok(login.map_or_else(|| identity::default_login(rls_user), |(_, login)| login))
}
