//! The checks of a database's safety, what they find, and the grade that follows.

use std::fmt;

/// Every check with what is said when nothing was found. The first in this list is the first to be told.
pub const CHECKS: &[(&str, &str)] = &[
    ("login_bound", "row security binds the login"),
    ("login_owns_nothing", "the login owns nothing"),
    ("login_attributes", "the login makes no roles, no databases, and replicates nothing"),
    ("login_roles", "the login is in no role but its group"),
    ("login_settings", "no setting weakens the login"),
    ("identity_kind", "kind, group and stores of the login go together"),
    ("manager_matches", "the RLS user id is the one of the store's manager"),
    ("row_security_forced", "row security is forced on all store data"),
    ("stores_pinned", "the policies are the ones of this version"),
    ("other_policies", "no other policy opens a table"),
    ("identity_functions", "the functions behind the policies are the ones of this version"),
    ("mapping_private", "the login sees only its own line of the mapping"),
    ("store_data_protected", "no view or other table shows store data"),
    ("large_objects", "no large object can be read"),
    ("nothing_writable", "no table can be written"),
    ("sequences", "no sequence can be used"),
    ("nothing_created", "nothing can be created"),
    ("definer_functions", "no function of others runs with its owner's rights"),
    ("leakproof_functions", "no function claims to be leakproof"),
    ("dangerous_functions", "no function reaches out of the database"),
    ("search_path", "nobody but the owner puts names on the search path"),
    ("foreign_servers", "no foreign server can be used"),
    ("settings_fixed", "SQL cannot change whose rows are shown"),
    ("strict_profile", "functions with side effects are taken away"),
    ("statistics", "statistics of others' rows are taken away"),
    ("physical_columns", "ctid, xmin and the like are taken away"),
    ("sampling", "TABLESAMPLE is taken away"),
    ("temp_files", "temporary files are limited"),
    ("closed_columns", "every column of a readable table is readable"),
];

/// Checks of the mapping from logins to RLS user ids, which a database with the original sample's policies has not.
pub const OF_THE_MAPPING: [&str; 6] = [
    "identity_kind",
    "manager_matches",
    "other_policies",
    "identity_functions",
    "mapping_private",
    "closed_columns",
];

/// What lowers the grade: what the strict profile takes away, and a limit that only a superuser sets.
pub(super) const STRICT: [&str; 5] =
    ["strict_profile", "statistics", "physical_columns", "sampling", "temp_files"];

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// As it should be; the detail says more than the check's own words.
    Fine,
    /// Served, and told.
    Warn,
    /// Not served.
    Refuse,
}

/// One thing that a check found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Stable name of the check, one of [`CHECKS`].
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub detail: String,
    /// The command or SQL that mends it.
    pub remedy: String,
}

/// How safe a database is for an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// The identity is proven, and the strict profile in place.
    A,
    /// The identity is proven.
    B,
    /// The identity is asserted.
    C,
    /// Not served.
    F,
}

impl Finding {
    /// Whether it keeps the database from being served.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.severity == Severity::Refuse
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::F => "F",
        })
    }
}

impl TryFrom<&tokio_postgres::Row> for Finding {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Self::Error> {
        let severity = match row.try_get("severity")? {
            "ok" => Severity::Fine,
            "warn" => Severity::Warn,
            _ => Severity::Refuse,
        };
        let remedy: Option<String> = row.try_get("remedy")?;
        Ok(Self {
            check: row.try_get("name")?,
            severity,
            detail: row.try_get("detail")?,
            remedy: remedy.unwrap_or_default(),
        })
    }
}
