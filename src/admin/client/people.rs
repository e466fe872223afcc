//! For whom: the identities that get a server, and its name.

use uuid::Uuid;

use super::name;
use crate::admin::identity;
use crate::database::local::LocalServer;
use crate::settings::{LocalArgs, SettingsError};

/// One server of the client: one identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// Name of the server.
    pub(super) name: String,
    /// RLS user id.
    pub(super) rls_user: Uuid,
}

/// The identities of the managed local server, each with its login; none when there is no such server yet.
pub(super) fn of_local_server(local: &LocalArgs) -> Vec<(Uuid, String)> {
    let server = LocalServer::at(local);
    let mut known = server.and_then(|server| server.identities()).unwrap_or_default();
    known.sort_by(|(_, left), (_, right)| left.cmp(right));
    known
}

/// The given ids once each, or by default all `known` ones but head office: who sees everything is named, not assumed.
pub(super) fn choose(given: &[Uuid], known: &[(Uuid, String)]) -> Result<Vec<Uuid>, SettingsError> {
    let mut chosen: Vec<Uuid> = Vec::new();
    for id in given {
        if !chosen.contains(id) {
            chosen.push(*id);
        }
    }
    if given.is_empty() {
        chosen.extend(known.iter().map(|(id, _)| *id).filter(|id| !id.is_nil()));
    }
    if chosen.is_empty() {
        return Err(SettingsError::Options {
            reason: "rls_user_missing",
            text: "no identity was given, and the managed local server has none to offer; name them with \
                   --rls-user UUID (`zava-mcp identity list` shows the ids)"
                .to_owned(),
        });
    }
    Ok(chosen)
}

/// Gives each id the first of its names that is still free.
pub(super) fn named(ids: &[Uuid], known: &[(Uuid, String)]) -> anyhow::Result<Vec<Person>> {
    let sample = identity::sample()?.into_iter().map(|person| (person.rls_user, person.login));
    let logins: Vec<(Uuid, String)> = known.iter().cloned().chain(sample).collect();
    let mut people: Vec<Person> = Vec::new();
    for &rls_user in ids {
        let mut names = names(rls_user, &logins);
        let free = names.find(|name| people.iter().all(|person| person.name != *name));
        people.extend(free.map(|name| Person { name, rls_user }));
    }
    Ok(people)
}

/// Names for an id, best first: from its login here or in the sample shop, else from its digits.
fn names(rls_user: Uuid, logins: &[(Uuid, String)]) -> impl Iterator<Item = String> + use<> {
    // What it sees must be plain from its name, whatever its login is called.
    let head_office = rls_user.is_nil().then(|| "zavaHeadOffice".to_owned());
    let login = logins.iter().find(|(id, _)| *id == rls_user);
    let login = login.and_then(|(_, login)| name::of_login(login));
    head_office.into_iter().chain(login).chain(name::of_id(rls_user))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{choose, named};

    fn known() -> Vec<(Uuid, String)> {
        let logins = ["zava_hq", "zava_one", "zava-one", "zava_three"];
        (0..).map(Uuid::from_u128).zip(logins.map(str::to_owned)).collect()
    }

    #[test]
    fn head_office_comes_only_when_it_is_named() {
        let ids = [1, 2, 3].map(Uuid::from_u128);
        assert_eq!(choose(&[], &known()).expect("known"), ids);
        assert_eq!(choose(&[Uuid::nil()], &known()).expect("named"), [Uuid::nil()]);
        let only_head_office = known().into_iter().take(1).collect::<Vec<_>>();
        assert!(choose(&[], &only_head_office).is_err());
    }

    #[test]
    fn an_id_given_twice_gets_one_server() {
        let [one, two] = [1, 2].map(Uuid::from_u128);
        assert_eq!(choose(&[two, one, two], &[]).expect("given"), [two, one]);
    }

    #[test]
    fn no_identity_at_all_is_an_error_that_says_what_to_give() {
        let error = choose(&[], &[]).expect_err("nothing to configure").to_string();
        assert!(error.contains("(rls_user_missing)") && error.contains("--rls-user"), "{error}");
    }

    #[test]
    fn names_come_from_logins_and_never_twice() {
        let ids: Vec<Uuid> = (0..6).map(Uuid::from_u128).collect();
        let names: Vec<String> =
            named(&ids, &known()).expect("named").into_iter().map(|one| one.name).collect();
        let fourth_and_fifth = ["zava000000000004", "zava000000000005"];
        assert_eq!(names[..4], ["zavaHeadOffice", "zavaOne", "zava00000000", "zavaThree"]);
        assert_eq!(names[4..], fourth_and_fifth);
    }
}
