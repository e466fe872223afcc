//! `zava-mcp identity remove`.

use anyhow::ensure;
use uuid::Uuid;

use crate::admin::owner::{OwnerArgs, quoted};
use crate::admin::print;

/// Options of `identity remove`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// RLS user id of the person
    #[arg(long, value_name = "UUID")]
    rls_user: Uuid,

    #[command(flatten)]
    owner: OwnerArgs,
}

pub(super) async fn run(options: Options) -> anyhow::Result<()> {
    let entrance = options.owner.connect().await?;
    let removed = entrance
        .owner
        .query(
            "remove the identity",
            "DELETE FROM zava.principal WHERE rls_user_id = $1 RETURNING login::text",
            &[&options.rls_user],
        )
        .await?;
    ensure!(
        !removed.is_empty(),
        "VALIDATION_ERROR (identity_unknown): no identity has the RLS user id {}; `zava-mcp identity list` shows them",
        options.rls_user
    );
    for row in removed {
        let login: String = row.try_get(0)?;
        // Without its mapping the login sees no rows. The role may still serve another database of this server.
        let dropped = entrance.owner.script("drop the login", &format!("DROP ROLE {}", quoted(&login))).await;
        match dropped {
            Ok(()) => print::line(format_args!("removed {login} and its login")),
            Err(error) => print::line(format_args!(
                "removed {login}; its login stays, because {}",
                crate::error::chain(&error)
            )),
        }
    }
    if let Some(local) = &entrance.local {
        local.forget_login(options.rls_user).await?;
    }
    Ok(())
}
