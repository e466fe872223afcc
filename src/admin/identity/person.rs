//! A person as the database knows one.

use anyhow::Context as _;
use uuid::Uuid;

/// How many stores a person may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// All stores, also later ones.
    HeadOffice,
    /// A set of stores.
    Regional,
    /// One store.
    Store,
}

impl Kind {
    /// The word in `zava.principal.kind`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::HeadOffice => "head_office",
            Self::Regional => "regional",
            Self::Store => "store",
        }
    }

    /// The group role that holds the rights.
    pub(crate) fn group(self) -> &'static str {
        match self {
            Self::HeadOffice => "zava_head_office",
            Self::Regional => "zava_regional",
            Self::Store => "zava_manager",
        }
    }

    /// Refuses a number of stores that does not fit.
    pub(crate) fn accept(self, stores: usize) -> anyhow::Result<()> {
        let (fits, needed) = match self {
            Self::HeadOffice => (stores == 0, "no --store: it sees all"),
            Self::Regional => (stores > 0, "one --store or more"),
            Self::Store => (stores == 1, "exactly one --store"),
        };
        anyhow::ensure!(
            fits,
            "VALIDATION_ERROR (stores): an identity of kind {} needs {needed}",
            self.as_str()
        );
        Ok(())
    }
}

/// A person and the stores she may see.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Database login.
    pub(crate) login: String,
    /// RLS user id.
    pub(crate) rls_user: Uuid,
    /// How many stores.
    pub(crate) kind: Kind,
    /// What people call it.
    pub(crate) title: String,
    /// Names of stores.
    pub(crate) stores: Vec<String>,
}

/// The identities of the sample shop, from `sql/seed/identities.csv`.
pub(crate) fn sample() -> anyhow::Result<Vec<Person>> {
    let text = include_str!("../../../sql/seed/identities.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| person(row.context("sql/seed/identities.csv")?)).collect()
}

/// The columns of the file, in their order.
type Record = (String, String, String, String, String);

fn person((login, rls_user, kind, title, stores): Record) -> anyhow::Result<Person> {
    let kind = <Kind as clap::ValueEnum>::from_str(&kind, false).map_err(anyhow::Error::msg)?;
    let stores: Vec<String> = stores.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    kind.accept(stores.len())?;
    Ok(Person { login, rls_user: Uuid::try_parse(&rls_user)?, kind, title, stores })
}

#[cfg(test)]
mod tests {
    use super::{Kind, sample};

    #[test]
    fn the_sample_has_head_office_two_regions_and_eight_stores() {
        let people = sample().expect("the file is well-formed");
        let count = |kind| people.iter().filter(|person| person.kind == kind).count();
        assert_eq!([count(Kind::HeadOffice), count(Kind::Regional), count(Kind::Store)], [1, 2, 8]);
        let seattle = people.iter().find(|person| person.login == "zava_seattle").expect("listed");
        assert_eq!(seattle.rls_user.to_string(), "f47ac10b-58cc-4372-a567-0e02b2c3d479");
        assert_eq!(seattle.stores, ["Zava Retail Seattle"]);
    }

    #[test]
    fn a_kind_takes_only_the_stores_that_fit_it() {
        assert!(
            Kind::Store.accept(1).is_ok()
                && Kind::Regional.accept(3).is_ok()
                && Kind::HeadOffice.accept(0).is_ok()
        );
        assert!(Kind::Store.accept(2).is_err() && Kind::Regional.accept(0).is_err());
        assert!(Kind::HeadOffice.accept(1).is_err());
    }
}
