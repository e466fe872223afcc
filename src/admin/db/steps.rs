//! The schema as numbered steps: each applied once, in one transaction, and recorded with its fingerprint.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::rights;
use crate::database::Owner;

macro_rules! steps {
    ($($number:literal $name:literal;)*) => {
        /// All steps in their order.
        pub(crate) const STEPS: &[Step] = &[$(Step {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../../sql/schema/", $name, ".sql")),
        },)*];
    };
}

steps! {
    1 "001_roles";
    2 "002_catalogue";
    3 "003_stores";
    4 "004_eight_stores";
    5 "005_identity";
    6 "006_row_security";
    7 "007_functions";
    8 "008_indexes";
    9 "009_search";
    10 "010_words";
    11 "011_head_office";
}

/// One file of `sql/schema/`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Its place, from 1.
    pub(crate) number: i32,
    /// Its file's name without `.sql`.
    pub(crate) name: &'static str,
    /// Its text.
    pub(crate) sql: &'static str,
}

/// Why the steps cannot be applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    /// A file was changed after it had been applied.
    #[error(
        "DATABASE_ERROR (step_changed): {0}.sql is not what was applied to this database; put the file back as it was \
         and write the change as a new step"
    )]
    Changed(String),

    /// The database is ahead of this program.
    #[error(
        "DATABASE_ERROR (step_unknown): the database was made by a newer zava-mcp (step {0} {1}); use that one or a \
         newer one"
    )]
    Unknown(i32, String),
}

/// Where the record is kept. The owner's alone: nobody else may even look.
const RECORD: &str = "CREATE SCHEMA IF NOT EXISTS zava_admin;
REVOKE ALL ON SCHEMA zava_admin FROM PUBLIC;
CREATE TABLE IF NOT EXISTS zava_admin.applied_step (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  sha256     text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)";

/// Two `db create` at once: the second waits for the first and then finds nothing to do.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_lock(hashtext('zava-mcp db create'))";

impl Step {
    fn fingerprint(self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.sql))
    }

    async fn apply(self, owner: &Owner) -> anyhow::Result<()> {
        // Roles are made by whoever runs this; everything else belongs to the owner role.
        let role = if self.number == 1 { "" } else { "SET LOCAL ROLE zava_owner;" };
        let script = format!(
            "BEGIN; {role}\n{}\n; RESET ROLE; INSERT INTO zava_admin.applied_step (number, name, sha256) \
             VALUES ({}, '{}', '{}'); COMMIT",
            self.sql,
            self.number,
            self.name,
            self.fingerprint(),
        );
        let applied = owner.script("apply a schema step", &script).await;
        applied.map_err(|error| anyhow::Error::new(error).context(format!("sql/schema/{}.sql", self.name)))
    }
}

/// Applies the steps that are missing and returns their names.
pub(crate) async fn apply(owner: &Owner) -> anyhow::Result<Vec<&'static str>> {
    owner.script("wait for another db create", ONE_AT_A_TIME).await?;
    super::ready::check(owner).await?;
    owner.script("make the record of schema steps", RECORD).await?;
    let recorded = recorded(owner).await?;
    let mut applied = Vec::new();
    for step in missing(STEPS, &recorded)? {
        step.apply(owner).await?;
        applied.push(step.name);
        if step.number == 1 {
            // The owner role may make schemas only after this.
            let (doing, sql) = rights::ON_THE_DATABASE;
            owner.script(doing, sql).await?;
        }
    }
    Ok(applied)
}

/// Number, name and fingerprint of what was applied.
async fn recorded(owner: &Owner) -> anyhow::Result<Vec<(i32, String, String)>> {
    let statement = "SELECT number, name, sha256 FROM zava_admin.applied_step ORDER BY number";
    let rows = owner.query("read the record of schema steps", statement, &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

fn missing<'a>(
    steps: &'a [Step],
    recorded: &[(i32, String, String)],
) -> Result<impl Iterator<Item = &'a Step> + use<'a>, StepError> {
    for (number, name, fingerprint) in recorded {
        match steps.iter().find(|step| step.number == *number) {
            None => return Err(StepError::Unknown(*number, name.clone())),
            Some(step) if step.fingerprint() != *fingerprint => return Err(StepError::Changed(name.clone())),
            Some(_) => {}
        }
    }
    let done: Vec<i32> = recorded.iter().map(|(number, ..)| *number).collect();
    Ok(steps.iter().filter(move |step| !done.contains(&step.number)))
}

#[cfg(test)]
mod tests {
    use super::{STEPS, StepError, missing};

    #[test]
    fn every_file_of_the_schema_is_a_step_and_the_other_way_round() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/schema");
        let mut files: Vec<String> = std::fs::read_dir(dir)
            .expect("sql/schema")
            .map(|file| file.expect("an entry").file_name().to_string_lossy().replace(".sql", ""))
            .collect();
        files.sort();
        assert!(!files.is_empty());
        assert_eq!(files, STEPS.iter().map(|step| step.name.to_owned()).collect::<Vec<_>>());
        assert!(STEPS.iter().zip(1..).all(|(step, number)| step.number == number));
    }

    #[test]
    fn a_changed_or_newer_step_is_refused_and_an_applied_one_is_not_missing() {
        let first = STEPS[0];
        let applied = (first.number, first.name.to_owned(), first.fingerprint());
        let left: Vec<_> = missing(STEPS, std::slice::from_ref(&applied)).expect("fine").collect();
        assert_eq!(left.len(), STEPS.len() - 1);
        assert!(left.iter().all(|step| step.number != first.number));

        let changed = (applied.0, applied.1.clone(), "0".repeat(64));
        assert!(
            matches!(missing(STEPS, &[changed]).err(), Some(StepError::Changed(name)) if name == first.name)
        );
        let newer = (99, "099_newer".to_owned(), String::new());
        assert!(matches!(missing(STEPS, &[newer]).err(), Some(StepError::Unknown(99, _))));
    }
}
