//! Client certificates and their keys.

use super::certificates::{Authority, Made};
use super::front::{Front, Manner};
use super::{MINE, STORES, doctor, refused, serve, url};

struct Set {
    servers: Authority,
    people: Authority,
}

impl Set {
    fn new() -> Self {
        Self { servers: Authority::named("servers"), people: Authority::named("people") }
    }

    /// A server that demands a certificate of `people`.
    fn front(&self) -> Front {
        Front::start(Manner::Encrypts(self.servers.server(&["localhost"]).config(Some(&self.people))))
    }

    /// A connection string with that certificate and a key of that mode.
    fn url(&self, front: &Front, shown: Option<&Made>, mode: u32, dir: &std::path::Path) -> String {
        let mine = shown.map_or_else(String::new, |made| {
            let (certificate, key) = made.files(dir, mode);
            format!("sslcert='{}' sslkey='{}'", certificate.display(), key.display())
        });
        let options = format!("sslmode=verify-full sslrootcert='{}' {mine}", self.servers.file());
        url(front, "localhost", &options)
    }
}

#[test]
fn the_right_client_certificate_lets_in_and_its_key_is_never_printed() {
    let (set, dir) = (Set::new(), tempfile::tempdir().expect("a directory"));
    let front = set.front();
    let made = set.people.client("zava_seattle");
    let url = set.url(&front, Some(&made), 0o600, dir.path());
    assert_eq!(serve(&url).value(STORES), MINE);
    assert_eq!((front.encrypted(), front.plain()), (1, 0));
    let (finding, printed) = doctor(&url);
    assert!(finding["detail"].as_str().expect("text").contains("a client certificate is shown"), "{finding}");
    assert!(printed.len() > 2_000, "the log was written");
    assert!(!printed.contains(&made.secret()) && !printed.contains("PRIVATE KEY"), "a key was printed");
}

#[test]
fn a_missing_or_foreign_client_certificate_is_refused_and_said_so() {
    let (set, dir) = (Set::new(), tempfile::tempdir().expect("a directory"));
    let front = set.front();
    let url = set.url(&front, None, 0o600, dir.path());
    let said = refused(&front, &url, "tls_client_certificate");
    assert!(said.contains("demands") && said.contains("--sslcert"), "{said}");
    let front = set.front();
    let foreign = set.servers.client("zava_seattle");
    let url = set.url(&front, Some(&foreign), 0o600, dir.path());
    let said = refused(&front, &url, "tls_client_certificate");
    assert!(said.contains("does not accept"), "{said}");
    let (_, printed) = doctor(&url);
    assert!(!printed.contains(&foreign.secret()), "a key was printed");
}

#[test]
fn a_key_that_others_can_read_is_not_used() {
    let (set, dir) = (Set::new(), tempfile::tempdir().expect("a directory"));
    let made = set.people.client("zava_seattle");
    for mode in [0o640, 0o604, 0o666] {
        let front = set.front();
        let url = set.url(&front, Some(&made), mode, dir.path());
        let said = refused(&front, &url, "connection_settings");
        assert!(said.contains("can be read by others") && said.contains("chmod 600"), "{said}");
    }
}

#[test]
fn files_that_do_not_fit_are_told_apart() {
    let (set, dir) = (Set::new(), tempfile::tempdir().expect("a directory"));
    let front = set.front();
    let (certificate, _) = set.people.client("one").files(dir.path(), 0o600);
    let other = tempfile::tempdir().expect("a directory");
    let (_, key) = set.people.client("two").files(other.path(), 0o600);
    let root = set.servers.file();
    let (certificate, key) = (certificate.display(), key.display());
    let missing = dir.path().join("gone.key");
    for (options, says) in [
        (format!("sslcert='{certificate}' sslkey='{key}'"), "do not fit"),
        (format!("sslcert='{certificate}'"), "stands alone"),
        (format!("sslkey='{key}'"), "stands alone"),
        (format!("sslcert='{certificate}' sslkey='{}'", missing.display()), "cannot be read"),
        (format!("sslcert='{key}' sslkey='{key}'"), "holds no certificate"),
    ] {
        let options = format!("sslmode=verify-full sslrootcert='{root}' {options}");
        let said = refused(&front, &url(&front, "localhost", &options), "connection_settings");
        assert!(said.contains(says), "expected `{says}`: {said}");
    }
}
