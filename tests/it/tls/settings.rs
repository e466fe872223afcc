//! Where settings come from: the connection string, a service, flags, variables, libpq's directory.

use super::certificates::Authority;
use super::front::{Front, Manner};
use super::{MINE, STORES, refused, url};
use crate::support::mcp::Client;
use crate::support::shop::{SEATTLE, server};

struct Setup {
    authority: Authority,
    front: Front,
    login: String,
    password: String,
}

impl Setup {
    fn new() -> Self {
        let authority = Authority::named("ours");
        let front = Front::start(Manner::Encrypts(authority.server(&["localhost"]).config(None)));
        let text = std::fs::read_to_string(server().credentials_file()).expect("credentials");
        let credentials: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let login = &credentials["logins"][SEATTLE];
        let field = |name: &str| login[name].as_str().expect("a value").to_owned();
        Self { authority, front, login: field("login"), password: field("password") }
    }

    /// libpq's own variables, and some more.
    fn served(&self, more: &[(&str, &str)], args: &[&str]) -> Client {
        let port = self.front.port().to_string();
        let mut variables = vec![
            ("PGHOST", "localhost"),
            ("PGPORT", &port),
            ("PGDATABASE", "zava"),
            ("PGUSER", &self.login),
            ("PGPASSWORD", &self.password),
        ];
        variables.extend(more);
        let args = [&["--rls-user", SEATTLE], args].concat();
        Client::spawn(&args, &variables)
    }
}

#[test]
fn variables_and_flags_mean_what_they_mean_to_libpq() {
    let setup = Setup::new();
    let others = Authority::named("others");
    let (root, wrong) = (setup.authority.file(), others.file());
    let full = [("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", root.as_str())];
    assert_eq!(setup.served(&full, &[]).value(STORES), MINE);
    let full = [("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", wrong.as_str())];
    let said = setup.served(&full, &[]).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_unknown_issuer)"), "{said}");
    // A flag wins over its variable.
    let said = setup.served(&full, &["--sslrootcert", &root]).value(STORES);
    assert_eq!(said, MINE);
    let said = setup.served(&[("PGSSLMODE", "verify-full")], &[]).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (connection_settings)") && said.contains("system"), "{said}");
    assert_eq!((setup.front.encrypted(), setup.front.plain()), (2, 0));
}

#[test]
fn variables_complete_a_connection_string_and_do_not_overrule_it() {
    let setup = Setup::new();
    let others = Authority::named("others");
    let wrong = others.file();
    let variables = |url: &str| {
        let pairs = [("DATABASE_URL", url), ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", wrong.as_str())];
        Client::spawn(&["--rls-user", SEATTLE], &pairs)
    };
    let said = variables(&url(&setup.front, "localhost", "")).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_unknown_issuer)"), "{said}");
    let own = format!("sslrootcert='{}'", setup.authority.file());
    assert_eq!(variables(&url(&setup.front, "localhost", &own)).value(STORES), MINE);
    let pairs = url(&setup.front, "localhost", "");
    let password = pairs.split("password=").nth(1).expect("a password");
    let escaped = setup.authority.file().replace('/', "%2F");
    let form = format!(
        "postgresql://{}:{password}@localhost:{}/zava?sslmode=verify-ca&sslrootcert={escaped}",
        setup.login,
        setup.front.port()
    );
    assert_eq!(variables(&form).value(STORES), MINE);
}

#[test]
fn a_service_names_its_encryption() {
    let setup = Setup::new();
    let dir = tempfile::tempdir().expect("a directory");
    let others = Authority::named("others");
    let (file, wrong) = (dir.path().join("services"), others.file());
    let lines = |root: &str| {
        format!(
            "[shop]\nhost=localhost\nport={}\ndbname=zava\nuser={}\npassword={}\nsslmode=verify-full\nsslrootcert={root}\n",
            setup.front.port(),
            setup.login,
            setup.password
        )
    };
    let path = file.to_str().expect("UTF-8");
    let served =
        || Client::spawn(&["--rls-user", SEATTLE], &[("PGSERVICE", "shop"), ("PGSERVICEFILE", path)]);
    std::fs::write(&file, lines(&setup.authority.file())).expect("written");
    assert_eq!(served().value(STORES), MINE);
    std::fs::write(&file, lines(&wrong)).expect("written");
    let said = served().refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_unknown_issuer)"), "{said}");
}

#[test]
fn an_authority_in_libpq_s_directory_is_held_against_the_server_also_under_require() {
    let setup = Setup::new();
    let home = tempfile::tempdir().expect("a directory");
    let dir = home.path().join(".postgresql");
    std::fs::create_dir(&dir).expect("made");
    let at_home = |mode: &str| {
        setup.served(&[("HOME", home.path().to_str().expect("UTF-8")), ("PGSSLMODE", mode)], &[])
    };
    std::fs::copy(setup.authority.file(), dir.join("root.crt")).expect("copied");
    assert_eq!(at_home("verify-full").value(STORES), MINE);
    let others = Authority::named("others");
    std::fs::copy(others.file(), dir.join("root.crt")).expect("copied");
    let said = at_home("require").refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_unknown_issuer)"), "{said}");
}

#[test]
fn the_authorities_of_this_machine_do_not_know_ours_and_take_no_weaker_mode() {
    let setup = Setup::new();
    let ours = setup.authority.file();
    let system = |mode: &[(&'static str, &'static str)], file: &str| {
        let mut variables = vec![("PGSSLROOTCERT", "system"), ("SSL_CERT_FILE", file)];
        variables.extend(mode);
        setup.served(&variables, &[])
    };
    let others = Authority::named("others");
    let wrong = others.file();
    let said = system(&[], &wrong).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_unknown_issuer)"), "verify-full by default: {said}");
    assert_eq!(system(&[], &ours).value(STORES), MINE);
    let said = system(&[("PGSSLMODE", "require")], &ours).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (connection_settings)") && said.contains("too weak"), "{said}");
}

#[test]
fn unknown_words_are_refused() {
    let front = Front::start(Manner::Declines);
    for (option, next) in [
        ("sslmode=allow", "verify-full"),
        ("sslmode=VERIFY-FULL", "verify-full"),
        ("sslnegotiation=fast", "direct"),
        ("sslnegotiation=direct", "require"),
        ("channel_binding=maybe", "prefer"),
        ("sslrootcert=/nowhere/root.crt sslmode=verify-ca", "PEM"),
    ] {
        let said = refused(&front, &url(&front, "localhost", option), "connection_settings");
        assert!(said.contains(next), "{option}: {said}");
    }
}
