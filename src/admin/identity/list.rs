//! `zava-mcp identity list`.

use super::SCHEMA;
use super::stores::Stores;
use crate::admin::owner::OwnerArgs;
use crate::admin::print;

/// Options of `identity list`.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    owner: OwnerArgs,
}

/// Every identity with its stores, head office first.
fn list(stores: &Stores) -> String {
    let Stores { relation, key, name } = stores;
    format!(
        "SELECT p.login::text, p.rls_user_id::text, p.kind, p.title,
           coalesce(
             string_agg(s.name, ', ' ORDER BY s.name),
             CASE p.kind WHEN 'head_office' THEN 'all stores' ELSE 'no store' END)
         FROM zava.principal AS p
         LEFT JOIN zava.principal_store AS m USING (login)
         LEFT JOIN (SELECT {key} AS key, {name} AS name FROM {relation}) AS s ON s.key = m.store_id
         GROUP BY p.login
         ORDER BY p.kind, p.login"
    )
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let entrance = options.owner.connect().await?;
    let stores = Stores::read(&entrance.owner, SCHEMA).await?;
    let rows = stores.query(&entrance.owner, "list the identities", &list(&stores), &[]).await?;
    if rows.is_empty() {
        print::line("no identities yet; `zava-mcp identity add` adds one");
        return Ok(());
    }
    print::line(format_args!("{:36}  {:20} {:12} stores", "RLS user id", "login", "kind"));
    for row in rows {
        let text = |column: usize| row.try_get::<_, String>(column);
        print::line(format_args!("{:36}  {:20} {:12} {}", text(1)?, text(0)?, text(2)?, text(4)?));
    }
    Ok(())
}
