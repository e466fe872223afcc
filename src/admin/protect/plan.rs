//! What is missing: what the database should have, held against what it has and what was recorded.

use std::collections::BTreeMap;

use anyhow::Context as _;
use tokio_postgres::Row;

use super::{Kind, Table, Wishes};
use crate::database::Owner;

/// Before what a person said, in the record; the rest of the object is the table.
const COLUMN_OF: &str = "store column of ";
const SHARED: &str = "shared table ";
/// A policy that is needed only because of how things were before.
const KEEP: &str = "policy zava_keep on ";

/// Makes the record.
pub(crate) const RECORD: &str = include_str!("../../../sql/protect/record.sql");

/// What was made before: object → the statement that made it and how it looked then.
#[derive(Debug, Default)]
pub(super) struct Record(BTreeMap<String, (String, Option<String>)>);

/// Something that the database should have.
#[derive(Clone, Debug)]
struct Planned {
    object: String,
    statement: String,
    /// What is found when it is as it should be; none: what was found when it was made.
    expected: Option<String>,
    /// Runs first when it is there and differs; none: nobody may mend it unasked.
    repair: Option<String>,
}

/// What will be run.
#[derive(Debug)]
pub(super) struct Plan {
    todo: Vec<Planned>,
    choices: Vec<(String, String)>,
}

/// Reads the record.
pub(super) async fn record(owner: &Owner, exists: bool) -> anyhow::Result<Record> {
    if !exists {
        return Ok(Record::default());
    }
    let statement = "SELECT object, statement, found FROM zava_admin.protection";
    let rows = owner.query("read the record of the protection", statement, &[]).await?;
    let entry = |row: &Row| Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?)));
    rows.iter().map(entry).collect::<anyhow::Result<_>>().map(Record)
}

impl Record {
    /// The wishes, with those of former runs that are not replaced by new ones.
    pub(super) fn remembered(&self, wishes: &Wishes) -> Wishes {
        let mut all = wishes.clone();
        for (object, (statement, _)) in &self.0 {
            if let Some(table) = object.strip_prefix(COLUMN_OF) {
                if all.columns.iter().all(|(named, _)| named != table) {
                    all.columns.push((table.to_owned(), statement.clone()));
                }
            } else if let Some(table) = object.strip_prefix(SHARED)
                && !all.shared.iter().any(|named| named == table)
            {
                all.shared.push(table.to_owned());
            }
        }
        all
    }

    /// Who kept all rows when the table was protected keeps them, although row security is on by now; and nobody gets
    /// them because it was switched off since.
    fn keep(&self, planned: &mut Vec<Planned>, tables: &[Table]) {
        planned.retain(|planned| {
            let table = planned.object.strip_prefix(KEEP);
            !table.is_some_and(|table| self.0.contains_key(&format!("policy zava_own_store on {table}")))
        });
        for (object, (statement, _)) in self.0.iter().filter(|(object, _)| object.starts_with(KEEP)) {
            if let Some(table) =
                tables.iter().find(|table| object.strip_prefix(KEEP) == Some(&table.relation))
            {
                planned.push(Planned {
                    object: object.clone(),
                    statement: statement.clone(),
                    expected: None,
                    repair: Some(format!("DROP POLICY zava_keep ON {}", table.relation)),
                });
            }
        }
    }

    /// What has to be run for one object; none when it is as it should be.
    fn missing(&self, planned: Planned, found: Option<&String>) -> anyhow::Result<Option<Planned>> {
        let Some(found) = found else { return Ok(Some(Planned { repair: None, ..planned })) };
        let made = self.0.get(&planned.object);
        let as_it_should_be = match (&planned.expected, made) {
            (Some(expected), _) => found == expected,
            (None, Some((statement, made))) => {
                made.as_ref() == Some(found) && (planned.repair.is_none() || *statement == planned.statement)
            }
            (None, None) => false,
        };
        if as_it_should_be {
            return Ok(None);
        }
        let ours = planned.expected.is_some() || made.is_some();
        let repair = planned.repair.filter(|_| ours).with_context(|| {
            format!(
                "DATABASE_ERROR (not_ours): {} is in this database already and zava-mcp did not make it so; remove or \
                 rename it, and try again",
                planned.object
            )
        })?;
        Ok(Some(Planned { repair: Some(repair).filter(|repair| !repair.is_empty()), ..planned }))
    }
}

impl Plan {
    /// Finds out what is missing.
    pub(super) async fn make(
        owner: &Owner,
        wishes: &Wishes,
        tables: &[Table],
        record: &Record,
    ) -> anyhow::Result<Self> {
        let mut planned = identity(owner, wishes, tables).await?;
        planned.extend(policies(owner, tables).await?);
        record.keep(&mut planned, tables);
        let found = found(owner, &wishes.schema).await?;
        let mut todo = Vec::new();
        for planned in planned {
            let there = found.get(&planned.object);
            todo.extend(record.missing(planned, there)?);
        }
        let columns =
            wishes.columns.iter().map(|(table, column)| (format!("{COLUMN_OF}{table}"), column.clone()));
        let shared = wishes.shared.iter().map(|table| (format!("{SHARED}{table}"), String::new()));
        let mut choices: Vec<_> = columns.chain(shared).collect();
        choices.retain(|(object, choice)| record.0.get(object).is_none_or(|(known, _)| known != choice));
        Ok(Self { todo, choices })
    }

    /// The statements, as they would be run.
    pub(super) fn statements(&self) -> Vec<String> {
        self.todo.iter().map(Planned::script).collect()
    }

    /// The tables that something will be done to.
    pub(super) fn changed(&self, tables: &[Table]) -> Vec<String> {
        let touched = |table: &&Table| {
            let (on, of) = (format!(" on {}", table.relation), format!(" of {}", table.relation));
            self.todo.iter().any(|planned| planned.object.ends_with(&on) || planned.object.ends_with(&of))
        };
        tables.iter().filter(touched).map(|table| table.relation.clone()).collect()
    }

    /// Runs it and writes down what was made.
    pub(super) async fn run(&self, owner: &Owner, schema: &str) -> anyhow::Result<()> {
        if self.todo.is_empty() && self.choices.is_empty() {
            return Ok(());
        }
        for planned in &self.todo {
            let done = owner.script("protect the database", &planned.script()).await;
            done.with_context(|| format!("{}; nothing was changed", planned.object))?;
        }
        owner
            .script("make the record of the protection", include_str!("../../../sql/protect/record.sql"))
            .await?;
        let found = found(owner, schema).await?;
        for planned in &self.todo {
            write_down(owner, &planned.object, &planned.statement, found.get(&planned.object)).await?;
        }
        for (object, choice) in &self.choices {
            write_down(owner, object, choice, None).await?;
        }
        Ok(())
    }
}

impl Planned {
    fn script(&self) -> String {
        match &self.repair {
            Some(repair) => format!("{repair};\n{};", self.statement),
            None => format!("{};", self.statement),
        }
    }
}

async fn write_down(
    owner: &Owner,
    object: &str,
    statement: &str,
    found: Option<&String>,
) -> anyhow::Result<()> {
    let upsert = "INSERT INTO zava_admin.protection (object, statement, found) VALUES ($1, $2, $3) \
         ON CONFLICT (object) DO UPDATE SET statement = $2, found = $3, made_at = now()";
    owner.execute("record the protection", upsert, &[&object, &statement, &found]).await?;
    Ok(())
}

/// Groups, mapping and functions.
async fn identity(owner: &Owner, wishes: &Wishes, tables: &[Table]) -> anyhow::Result<Vec<Planned>> {
    let stores =
        tables.iter().find(|table| table.kind == Kind::Stores).context("the stores table was found")?;
    let statement = include_str!("../../../sql/protect/identity.sql");
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
        [&wishes.schema, &stores.relation, &stores.store_column, &stores.key_type];
    let rows = owner.query("plan who is who", statement, &params).await?;
    rows.iter().map(planned).collect()
}

/// Row security, pins and grants.
async fn policies(owner: &Owner, tables: &[Table]) -> anyhow::Result<Vec<Planned>> {
    let tables: Vec<&Table> = tables.iter().filter(|table| table.is_granted()).collect();
    let all = |what: fn(&Table) -> Option<&str>| tables.iter().map(|table| what(table)).collect::<Vec<_>>();
    let flags = |what: fn(&Table) -> bool| tables.iter().map(|table| what(table)).collect::<Vec<_>>();
    let relations = all(|table| Some(&table.relation));
    let columns = all(|table| table.store_column.as_deref().filter(|_| table.is_pinned()));
    let (also, keep_for) = (all(|table| table.also.as_deref()), all(|table| table.keep_for.as_deref()));
    let (readable, secured) = (flags(|table| table.readable), flags(|table| table.secured));
    let statement = include_str!("../../../sql/protect/policies.sql");
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
        [&relations, &columns, &also, &keep_for, &readable, &secured];
    let rows = owner.query("plan what may be seen", statement, &params).await?;
    rows.iter().map(planned).collect()
}

fn planned(row: &Row) -> anyhow::Result<Planned> {
    Ok(Planned {
        object: row.try_get("object")?,
        statement: row.try_get("statement")?,
        expected: row.try_get("expected")?,
        repair: row.try_get("repair")?,
    })
}

async fn found(owner: &Owner, schema: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let statement = include_str!("../../../sql/protect/found.sql");
    let rows = owner.query("look at what is there", statement, &[&schema]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
