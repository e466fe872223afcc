//! The server's certificate, and servers without one.

use serde_json::json;

use super::certificates::{Authority, self_signed};
use super::front::{Front, Manner};
use super::{MINE, STORES, doctor, refused, serve, url};
use crate::faults::wait_until;
use crate::support::shop::{SEATTLE, shared};

fn front_of(made: &super::certificates::Made) -> Front {
    Front::start(Manner::Encrypts(made.config(None)))
}

#[test]
fn verify_full_serves_over_tls_and_says_nothing_in_the_open() {
    let authority = Authority::named("ours");
    let front = front_of(&authority.server(&["localhost", "127.0.0.1"]));
    let root = authority.file();
    for host in ["localhost", "127.0.0.1"] {
        let url = url(&front, host, &format!("sslmode=verify-full sslrootcert='{root}'"));
        assert_eq!(serve(&url).value(STORES), MINE, "{host}");
        let (finding, _) = doctor(&url);
        assert_eq!(finding["outcome"], "ok", "{finding}");
        assert!(
            finding["detail"].as_str().expect("text").contains("and its name against the host"),
            "{finding}"
        );
    }
    assert!(front.encrypted() >= 4);
    assert_eq!(front.plain(), 0);
    // Length and code of the question for TLS, once for each connection, and not a byte more.
    let overheard = front.overheard();
    assert_eq!(overheard.len() % 8, 0);
    assert!(
        overheard.chunks(8).all(|question| question == [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]),
        "{overheard:?}"
    );
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    let (ours, others) = (Authority::named("ours"), Authority::named("others"));
    for mode in ["require", "verify-ca", "verify-full"] {
        let front = front_of(&others.server(&["localhost"]));
        let url = url(&front, "localhost", &format!("sslmode={mode} sslrootcert='{}'", ours.file()));
        let said = refused(&front, &url, "tls_unknown_issuer");
        assert!(said.contains("--sslrootcert"), "{said}");
    }
}

#[test]
fn a_certificate_for_another_host_passes_verify_ca_and_not_verify_full() {
    let authority = Authority::named("ours");
    let front = front_of(&authority.server(&["db.example.com"]));
    let root = authority.file();
    let full = url(&front, "localhost", &format!("sslmode=verify-full sslrootcert='{root}'"));
    let said = refused(&front, &full, "tls_host_mismatch");
    assert!(said.contains("db.example.com") && said.contains("localhost"), "{said}");
    let chain = url(&front, "localhost", &format!("sslmode=verify-ca sslrootcert='{root}'"));
    assert_eq!(serve(&chain).value(STORES), MINE);
    assert_eq!(front.plain(), 0);
}

#[test]
fn an_expired_certificate_is_refused_wherever_certificates_are_checked() {
    let authority = Authority::named("ours");
    for mode in ["verify-ca", "verify-full"] {
        let front = front_of(&authority.expired(&["localhost"]));
        let url = url(&front, "localhost", &format!("sslmode={mode} sslrootcert='{}'", authority.file()));
        refused(&front, &url, "tls_expired");
    }
}

#[test]
fn require_without_authorities_encrypts_with_anybody_and_doctor_says_so() {
    let front = front_of(&Authority::named("nobody").expired(&["db.example.com"]));
    let url = url(&front, "localhost", "sslmode=require");
    assert_eq!(serve(&url).value(STORES), MINE);
    assert_eq!((front.encrypted(), front.plain()), (1, 0));
    let (finding, _) = doctor(&url);
    assert_eq!(finding["outcome"], "warn", "{finding}");
    assert!(finding["detail"].as_str().expect("text").contains("takes any certificate"), "{finding}");
    assert!(finding["remedy"].as_str().expect("text").contains("verify-full"), "{finding}");
}

#[test]
fn a_self_signed_certificate_is_trusted_when_it_is_that_very_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let made = self_signed(&["localhost"]);
    let (file, _) = made.files(dir.path(), 0o600);
    let option = format!("sslmode=verify-full sslrootcert='{}'", file.display());
    let front = front_of(&made);
    assert_eq!(serve(&url(&front, "localhost", &option)).value(STORES), MINE);
    let impostor = front_of(&self_signed(&["localhost"]));
    let said = serve(&url(&impostor, "localhost", &option)).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (tls_"), "{said}");
    assert_eq!((impostor.encrypted(), impostor.plain()), (0, 0));
}

#[test]
fn a_server_without_tls_is_served_under_prefer_and_refused_above() {
    let front = Front::start(Manner::Declines);
    for option in ["", "sslmode=prefer"] {
        let url = url(&front, "localhost", option);
        assert_eq!(serve(&url).value(STORES), MINE, "{option}");
    }
    assert_eq!((front.encrypted(), front.plain()), (0, 2));
    let ours = Authority::named("ours");
    let root = ours.file();
    for mode in ["require", "verify-ca", "verify-full"] {
        let front = Front::start(Manner::Declines);
        let option = format!("sslmode={mode} sslrootcert='{root}'");
        let said = refused(&front, &url(&front, "localhost", &option), "tls_not_offered");
        assert!(said.contains("somebody in between"), "{said}");
    }
}

#[test]
fn prefer_encrypts_where_it_can_and_disable_never_asks() {
    let made = Authority::named("ours").server(&["localhost"]);
    let front = front_of(&made);
    assert_eq!(serve(&url(&front, "localhost", "")).value(STORES), MINE);
    assert_eq!((front.encrypted(), front.plain()), (1, 0));
    let front = front_of(&made);
    assert_eq!(serve(&url(&front, "localhost", "sslmode=disable")).value(STORES), MINE);
    assert_eq!((front.encrypted(), front.plain()), (0, 1));
}

#[test]
fn a_man_in_the_middle_who_answers_in_plain_text_learns_nothing() {
    let ours = Authority::named("ours");
    let root = ours.file();
    for option in ["sslmode=require".to_owned(), format!("sslmode=verify-full sslrootcert='{root}'")] {
        let front = Front::start(Manner::Lies);
        refused(&front, &url(&front, "localhost", &option), "tls_failed");
    }
    // Not even where encryption is only preferred: he said that he encrypts.
    let front = Front::start(Manner::Lies);
    refused(&front, &url(&front, "localhost", ""), "tls_failed");
}

#[test]
fn direct_negotiation_asks_nothing_first() {
    let authority = Authority::named("ours");
    let front = front_of(&authority.server(&["localhost"]));
    let options = format!("sslmode=verify-full sslnegotiation=direct sslrootcert='{}'", authority.file());
    assert_eq!(serve(&url(&front, "localhost", &options)).value(STORES), MINE);
    assert_eq!((front.encrypted(), front.overheard().len()), (1, 0));
}

#[test]
fn a_cancelled_query_is_cancelled_over_tls() {
    let authority = Authority::named("ours");
    let front = front_of(&authority.server(&["localhost"]));
    let options = format!("sslmode=verify-full sslrootcert='{}'", authority.file());
    let mut client = serve(&url(&front, "localhost", &options));
    let endless = "SELECT count(*) AS told_over_tls FROM generate_series(1, 10000000000) AS g";
    let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": endless}});
    let id = client.send("tools/call", call);
    let runs = || {
        let sql = "SELECT count(*)::text FROM pg_stat_activity
                   WHERE state = 'active' AND query LIKE '%told_over_tls%' AND query LIKE '%AS t(%' AND pid <> pg_backend_pid()";
        shared().value(sql) != "0"
    };
    wait_until(runs);
    client.notify("notifications/cancelled", json!({"requestId": id}));
    wait_until(|| !runs());
    assert!(front.cancels() > 0, "the request to cancel came over TLS");
    assert_eq!(front.plain(), 0);
    assert_eq!(client.value(STORES), MINE);
}

#[test]
fn the_owner_s_commands_check_the_server_as_well() {
    let (ours, others) = (Authority::named("ours"), Authority::named("others"));
    let front = front_of(&ours.server(&["localhost"]));
    let socket = format!("host='{}'", crate::support::shop::server().socket_dir().display());
    let owner = shared().owner_url().replace(&socket, &format!("host=localhost port={}", front.port()));
    let list = |root: &str| {
        let url = format!("{owner} sslmode=verify-full sslrootcert='{root}'");
        shared().admin(&["identity", "list", "--admin-url", &url]).output().expect("it runs")
    };
    let refused = list(&others.file());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("DATABASE_ERROR (tls_unknown_issuer)"), "{said}");
    assert_eq!((refused.status.code(), front.encrypted()), (Some(1), 0));
    let listed = list(&ours.file());
    assert!(String::from_utf8_lossy(&listed.stdout).contains(SEATTLE), "{listed:?}");
    assert_eq!((front.encrypted(), front.plain()), (1, 0));
}
