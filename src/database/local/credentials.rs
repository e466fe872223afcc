//! The passwords of the managed server, in one file that only we can read.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LocalError;

/// Random bytes in a password; it has twice as many characters.
const PASSWORD_BYTES: usize = 24;

/// A database login and its password, which `Debug` does not print.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Login {
    /// The database role.
    #[serde(rename = "login")]
    pub name: String,
    /// Its password.
    #[serde(with = "exposed")]
    pub password: SecretString,
}

/// Everything in `credentials.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Credentials {
    /// The owner of everything in the cluster.
    pub(super) superuser: Login,
    /// The identities' logins, by RLS user id in lower-case hyphenated form.
    logins: BTreeMap<String, Login>,
}

impl Credentials {
    /// Those of a new cluster: the superuser, and no identities.
    pub(super) fn new() -> Result<Self, LocalError> {
        let superuser = Login { name: "postgres".to_owned(), password: new_password()? };
        Ok(Self { superuser, logins: BTreeMap::new() })
    }

    /// Reads the file.
    ///
    /// # Errors
    ///
    /// [`LocalError::CredentialsMissing`], [`LocalError::CredentialsMalformed`] or [`LocalError::File`].
    pub(super) fn load(path: &Path) -> Result<Self, LocalError> {
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => LocalError::CredentialsMissing(path.to_owned()),
            _ => LocalError::file("read", path)(error),
        })?;
        serde_json::from_slice(&bytes)
            .map_err(|error| LocalError::CredentialsMalformed { path: path.to_owned(), line: error.line() })
    }

    /// Replaces the file in one step. Call it under the lock.
    pub(super) fn save(&self, path: &Path) -> Result<(), LocalError> {
        let next = path.with_extension("json.next");
        let written = self.write(&next).and_then(|()| std::fs::rename(&next, path));
        if written.is_err() {
            // Passwords must not stay behind in a half-written file.
            let _ = std::fs::remove_file(&next);
        }
        written.map_err(LocalError::file("write", path))
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()
    }

    /// The login of an identity.
    pub(super) fn login(&self, rls_user: Uuid) -> Option<&Login> {
        self.logins.get(&rls_user.to_string())
    }

    /// Every identity with the name of its login.
    pub(super) fn identities(&self) -> Vec<(Uuid, String)> {
        let known = self.logins.iter();
        known.filter_map(|(id, login)| Some((Uuid::try_parse(id).ok()?, login.name.clone()))).collect()
    }

    /// Adds or replaces the login of an identity.
    pub(super) fn put(&mut self, rls_user: Uuid, login: Login) {
        self.logins.insert(rls_user.to_string(), login);
    }

    /// Forgets the login of an identity; whether there was one.
    pub(super) fn remove(&mut self, rls_user: Uuid) -> bool {
        self.logins.remove(&rls_user.to_string()).is_some()
    }
}

/// A new password from the operating system's generator: 48 hexadecimal characters.
///
/// # Errors
///
/// [`LocalError::File`] when there is no `/dev/urandom`.
pub fn new_password() -> Result<SecretString, LocalError> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0_u8; PASSWORD_BYTES];
    File::open(source)
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(LocalError::file("read", source))?;
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(SecretString::from(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>()))
}

/// Passwords leave memory for this file only.
mod exposed {
    use secrecy::{ExposeSecret as _, SecretString};
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(password: &SecretString, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(password.expose_secret())
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<SecretString, D::Error> {
        String::deserialize(from).map(SecretString::from)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;
    use uuid::Uuid;

    use super::{Credentials, Login, new_password};

    #[test]
    fn a_login_survives_the_file_and_no_password_shows_in_debug() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("credentials.json");
        let id = Uuid::from_u128(7);
        let mut credentials = Credentials::new().expect("random");
        let login = Login { name: "zava_store_7".into(), password: new_password().expect("random") };
        credentials.put(id, login.clone());
        credentials.save(&path).expect("saved");

        let mut found = Credentials::load(&path).expect("loaded");
        let password = found.login(id).expect("kept").password.expose_secret().to_owned();
        assert_eq!(password, login.password.expose_secret());
        assert!(!format!("{found:?}").contains(&password));
        assert_eq!(found.identities(), [(id, "zava_store_7".to_owned())]);
        assert!(found.remove(id) && !found.remove(id));
    }

    #[test]
    fn passwords_are_long_and_never_the_same() {
        let [one, two] = [new_password(), new_password()].map(|password| password.expect("random"));
        assert_eq!(one.expose_secret().len(), 48);
        assert_ne!(one.expose_secret(), two.expose_secret());
    }
}
