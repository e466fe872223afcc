//! Tokens of Entra ID as passwords: a double of the token service over HTTP, and a real login whose password is the token.

use std::sync::atomic::{AtomicU32, Ordering};

use super::certificates::Authority;
use super::front::{Front, Manner};
use crate::embedding_services::double::{Double, Reply};
use crate::support::mcp::Client;
use crate::support::shop::{Database, REDMOND, server};

/// A secret that must never be seen again.
const SECRET: &str = "entra-secret-51d0";
const STORES: &str = "SELECT string_agg(name, ',') FROM retail.stores";
const MINE: &str = "Zava Retail Redmond";

struct Azure {
    database: Database,
    login: String,
    authority: Authority,
    front: Front,
}

impl Azure {
    /// A shop in which the Redmond manager has a login of this test, with that token as its password.
    fn with_token(token: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let login = format!("zava_entra_{}_{number}", std::process::id());
        let database = Database::copy();
        database.script(&format!(
            "CREATE ROLE {login} LOGIN PASSWORD '{token}' IN ROLE zava_manager;
             CREATE TEMP TABLE theirs AS SELECT s.store_id FROM zava.principal_store AS s JOIN zava.principal AS p USING (login)
               WHERE p.rls_user_id = '{REDMOND}';
             DELETE FROM zava.principal WHERE rls_user_id = '{REDMOND}';
             INSERT INTO zava.principal VALUES ('{login}', '{REDMOND}', 'store', 'Redmond');
             INSERT INTO zava.principal_store SELECT '{login}', store_id FROM theirs"
        ));
        let authority = Authority::named("azure");
        let front = Front::start(Manner::Encrypts(authority.server(&["localhost"]).config(None)));
        Self { database, login, authority, front }
    }

    fn url(&self, more: &str) -> String {
        let (port, name) = (self.front.port(), &self.database.name);
        format!("host=localhost port={port} dbname={name} user={} {more}", self.login)
    }

    fn checked(&self) -> String {
        self.url(&format!("sslmode=verify-full sslrootcert='{}'", self.authority.file()))
    }

    fn new_token(&self, token: &str) {
        self.database.script(&format!("ALTER ROLE {} PASSWORD '{token}'", self.login));
    }

    /// Ends the open connections of the login.
    fn cut(&self) {
        let sql = format!(
            "SELECT count(pg_terminate_backend(pid, 5000))::text FROM pg_stat_activity WHERE usename = '{}'",
            self.login
        );
        assert_ne!(self.database.value(&sql), "0", "there was a connection");
    }
}

impl Drop for Azure {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.database.script(&format!("DROP ROLE {}", self.login));
        }
    }
}

fn serve(tokens: &Double, url: &str, more: &[(&str, &str)]) -> Client {
    let at = tokens.url("");
    let mut variables = vec![
        ("DATABASE_URL", url),
        ("ZAVA_DB_AUTH", "entra"),
        ("AZURE_AUTHORITY_HOST", at.as_str()),
        ("AZURE_TENANT_ID", "contoso"),
        ("AZURE_CLIENT_ID", "shop"),
        ("AZURE_CLIENT_SECRET", SECRET),
    ];
    variables.extend(more);
    Client::spawn(&["--rls-user", REDMOND], &variables)
}

#[test]
fn a_token_is_fetched_once_for_all_connections_and_nothing_of_it_is_printed() {
    let azure = Azure::with_token("token-of-an-hour");
    let tokens = Double::with(&[Reply::Token("token-of-an-hour", 3600), Reply::Token("another", 3600)]);
    let mut client = serve(&tokens, &azure.checked(), &[("ZAVA_LOG", "debug")]);
    assert_eq!(client.value(STORES), MINE);
    azure.cut();
    assert_eq!(client.value(STORES), MINE, "a new connection with the same token");
    let asked = tokens.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/contoso/oauth2/v2.0/token");
    for part in
        ["grant_type=client_credentials", "client_id=shop", "ossrdbms-aad.database.windows.net%2F.default"]
    {
        assert!(asked[0].body.contains(part), "{part}: {}", asked[0].body);
    }
    assert_eq!((azure.front.encrypted(), azure.front.plain()), (2, 0));
    let (code, stderr) = client.hang_up();
    assert_eq!(code, Some(0));
    assert!(stderr.len() > 1_000, "the log was written");
    assert!(!stderr.contains("token-of-an-hour") && !stderr.contains(SECRET), "a secret was printed");
}

#[test]
fn a_new_connection_uses_a_fresh_token_when_the_old_one_is_over() {
    let azure = Azure::with_token("first");
    let tokens = Double::with(&[Reply::Token("first", 0), Reply::Token("second", 0)]);
    let mut client = serve(&tokens, &azure.checked(), &[]);
    assert_eq!(client.value(STORES), MINE);
    azure.new_token("second");
    assert_eq!(client.value(STORES), MINE, "an open connection needs no new token");
    assert_eq!(tokens.asked().len(), 1);
    azure.cut();
    assert_eq!(client.value(STORES), MINE);
    assert_eq!(tokens.asked().len(), 2);
}

#[test]
fn a_token_that_the_server_refuses_is_thrown_away() {
    let azure = Azure::with_token("good");
    let tokens = Double::with(&[Reply::Token("revoked", 3600), Reply::Token("good", 3600)]);
    let mut client = serve(&tokens, &azure.checked(), &[]);
    let said = client.refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (login_refused)") && !said.contains("revoked"), "{said}");
    assert_eq!(client.value(STORES), MINE);
    assert_eq!(tokens.asked().len(), 2);
}

#[test]
fn a_token_is_never_sent_in_the_open_nor_to_a_server_that_nobody_vouches_for() {
    let azure = Azure::with_token("precious");
    let tokens = Double::with(&[Reply::Token("precious", 3600)]);
    let socket = format!(
        "host='{}' dbname={} user={}",
        server().socket_dir().display(),
        azure.database.name,
        azure.login
    );
    for url in [azure.url("sslmode=disable"), azure.url("sslmode=prefer"), socket] {
        let said = serve(&tokens, &url, &[]).refused(STORES);
        assert!(
            said.starts_with("DATABASE_ERROR (connection_settings)") && said.contains("TLS only"),
            "{said}"
        );
    }
    assert_eq!(tokens.asked().len(), 0, "not even asked for");
    // Without an sslmode the server must be vouched for by an authority of this machine.
    let unknown = Authority::named("others");
    let (ours, others) = (azure.authority.file(), unknown.file());
    let said = serve(&tokens, &azure.url(""), &[("SSL_CERT_FILE", &others)]).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_unknown_issuer)"), "{said}");
    let overheard = String::from_utf8_lossy(&azure.front.overheard()).into_owned();
    assert!(!overheard.contains("precious"), "{overheard}");
    assert_eq!((azure.front.encrypted(), azure.front.plain()), (0, 0));
    assert_eq!(serve(&tokens, &azure.url(""), &[("SSL_CERT_FILE", &ours)]).value(STORES), MINE);
    // Who says so in words may send it to anybody who encrypts.
    assert_eq!(serve(&tokens, &azure.url("sslmode=require"), &[]).value(STORES), MINE);
}

#[test]
fn a_token_that_cannot_be_had_is_told_from_a_database_that_cannot() {
    let azure = Azure::with_token("unused");
    let code = r#"{"error": "invalid_client", "error_description": "AADSTS7000215: entra-secret-51d0"}"#;
    let tokens = Double::with(&[Reply::Answer(401, "", code.to_owned())]);
    let said = serve(&tokens, &azure.checked(), &[]).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (token_unavailable)"), "{said}");
    assert!(
        said.contains("invalid_client") && said.contains("AZURE_CLIENT_SECRET") && !said.contains(SECRET),
        "{said}"
    );
    assert_eq!(azure.front.encrypted(), 0);
}

#[test]
fn an_application_that_is_not_named_is_a_usage_error() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command
        .args(["--rls-user", REDMOND, "--db-auth", "entra", "--database-url", "host=localhost user=u"])
        .env_clear();
    command
        .env("EMBEDDING_PROVIDER", "none")
        .env("AZURE_TENANT_ID", "contoso")
        .env("AZURE_CLIENT_SECRET", SECRET);
    let output = command.stdin(std::process::Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("(entra_missing)") && said.contains("AZURE_CLIENT_ID") && !said.contains(SECRET),
        "{said}"
    );
}
