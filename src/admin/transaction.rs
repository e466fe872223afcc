//! One transaction around long work of the owner: everything or nothing.

use crate::database::Owner;

const BEGIN: &str = include_str!("../../sql/admin/begin.sql");

/// Does `work` between the beginning and the commit; after an error the database is as it was before.
pub(crate) async fn whole<T>(
    owner: &Owner,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    owner.script("start the transaction", BEGIN).await?;
    let done = work.await;
    match &done {
        Ok(_) => owner.script("commit", "COMMIT").await?,
        // A lost connection cannot roll back, and need not: the server does.
        Err(_) => {
            let _ = owner.script("roll back", "ROLLBACK").await;
        }
    }
    done
}
