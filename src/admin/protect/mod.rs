//! Identities for a retail database that exists already: additive, in one transaction, recorded.
//!
//! `stage` asks whether it may be done, `tables` what each table is to the stores, `plan` what is missing, `people` whose
//! logins are to be made. What is run are the statements that the files in `sql/protect/` answer with.

mod people;
mod plan;
mod stage;
mod tables;

pub(crate) use self::people::{Wanted, people};
pub(crate) use self::plan::RECORD;
pub(crate) use self::tables::{Kind, Table};

use self::plan::Plan;
use self::stage::{Stage, State};
use crate::admin::db::rights::{self, Rights};
use crate::database::Owner;

/// What the person at the shell said about the schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    /// Its name.
    pub(crate) schema: String,
    /// Tables and their store columns, where they cannot be found out.
    pub(crate) columns: Vec<(String, String)>,
    /// Tables without a store column that everybody may read.
    pub(crate) shared: Vec<String>,
    /// Leave out the strict profile.
    pub(crate) without_strict_profile: bool,
}

/// What was done, or would be.
#[derive(Debug)]
pub(crate) struct Protected {
    /// Every table of the schema.
    pub(crate) tables: Vec<Table>,
    /// What was missing and has been run; whole statements.
    pub(crate) statements: Vec<String>,
    /// Quoted names of the tables that were changed.
    pub(crate) changed: Vec<String>,
    /// Which rights beside the tables' were changed.
    pub(crate) rights_changed: Vec<&'static str>,
    /// What was set, or would be.
    pub(crate) rights: Rights,
    /// The strict profile was left out because it was asked for.
    pub(crate) left_out: bool,
    /// Logins that no pin binds and that read store data.
    pub(crate) others: Vec<String>,
}

/// How it ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// `db create` made this database; there is nothing to add.
    MadeByCreate,
    /// Protected.
    Protected(Protected),
}

/// Waits for another command on the same database, never long for a table, and finds no operator but PostgreSQL's own.
pub(crate) const BEGIN: &str = "BEGIN; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL lock_timeout = '10s'; \
     SELECT pg_advisory_xact_lock(hashtext('zava-mcp db create'))";

/// Protects a database, or with `dry_run` only finds out what would be run.
pub(crate) async fn protect(owner: &Owner, wishes: &Wishes, dry_run: bool) -> anyhow::Result<Outcome> {
    owner.script("begin the protection", BEGIN).await?;
    let stage = Stage::read(owner, &wishes.schema).await?;
    if stage.made_by_create {
        owner.script("end without a change", "ROLLBACK").await?;
        return Ok(Outcome::MadeByCreate);
    }
    let record = plan::record(owner, stage.has_record).await?;
    let wishes = record.remembered(wishes);
    let tables = tables::read(owner, &wishes).await?;
    stage::refuse_open_to_all(owner, &wishes.schema, &tables).await?;
    let plan = Plan::make(owner, &wishes, &tables, &record).await?;
    let before = State::read(owner).await?;
    let rights = Rights {
        everybody_connects: before.everybody_connects,
        strict: !wishes.without_strict_profile && rights::may_be_strict(owner).await?,
    };
    let rights_changed = if dry_run {
        owner.script("end without a change", "ROLLBACK").await?;
        Vec::new()
    } else {
        carry_out(owner, &wishes.schema, &plan, rights, &before).await?
    };
    let others = stage::others(owner, &tables).await?;
    Ok(Outcome::Protected(Protected {
        changed: plan.changed(&tables),
        statements: plan.statements(),
        tables,
        rights_changed,
        rights,
        left_out: wishes.without_strict_profile,
        others,
    }))
}

/// Runs everything, records it and commits. Tells which rights beside the tables' were changed.
async fn carry_out(
    owner: &Owner,
    schema: &str,
    plan: &Plan,
    rights: Rights,
    before: &State,
) -> anyhow::Result<Vec<&'static str>> {
    plan.run(owner, schema).await?;
    rights.apply(owner).await?;
    let changed = State::read(owner).await?.changed_since(before);
    owner.script("commit the protection", "COMMIT").await?;
    Ok(changed)
}
