//! Entra ID: a token is fetched once, kept, renewed before it expires, and replaced when the service refuses it.

use secrecy::SecretString;
use zava_mcp::embeddings::{EmbedError, Embedder};
use zava_mcp::settings::{EntraSettings, RemoteLogin};

use super::double::{Double, Reply};
use super::requests::remote;
use super::{KEY, doctor};
use crate::throw_away::block_on;

/// Asks a service three times with tokens of an authority.
fn ask_three_times(authority: &Double, service: &Double) -> Result<(), EmbedError> {
    let login = RemoteLogin::Entra(EntraSettings {
        authority: authority.url("/"),
        tenant: "contoso".to_owned(),
        client: "zava".to_owned(),
        secret: SecretString::from(KEY),
    });
    let azure: std::sync::Arc<dyn Embedder> = remote(service.url(""), "text-embedding-3-small", None, login);
    block_on(async {
        for text in ["1", "2", "3"] {
            azure.embed(&[text.to_owned()]).await?;
        }
        Ok(())
    })
}

/// The tokens that a service was shown.
fn shown(service: &Double) -> Vec<String> {
    let asked = service.asked();
    asked.iter().map(|asked| asked.headers["authorization"].replace("Bearer ", "")).collect()
}

#[test]
fn a_good_token_is_fetched_once() {
    let authority = Double::with(&[Reply::Token("first", 3600), Reply::Token("second", 3600)]);
    let service = Double::with(&[Reply::Vectors(1536)]);
    ask_three_times(&authority, &service).expect("vectors");
    assert_eq!(shown(&service), ["first", "first", "first"]);
    let asked = authority.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/contoso/oauth2/v2.0/token");
    for part in ["grant_type=client_credentials", "client_id=zava", "cognitiveservices.azure.com", KEY] {
        assert!(asked[0].body.contains(part), "{part}: {}", asked[0].body);
    }
    assert!(!service.asked().iter().any(|asked| format!("{asked:?}").contains(KEY)));
}

#[test]
fn a_token_that_expires_is_renewed() {
    let authority =
        Double::with(&[Reply::Token("first", 0), Reply::Token("second", 0), Reply::Token("third", 3600)]);
    let service = Double::with(&[Reply::Vectors(1536)]);
    ask_three_times(&authority, &service).expect("vectors");
    assert_eq!(shown(&service), ["first", "second", "third"]);
}

#[test]
fn a_token_that_the_service_refuses_is_replaced() {
    let refused = Reply::Answer(401, "", String::new());
    let authority = Double::with(&[Reply::Token("first", 3600), Reply::Token("second", 3600)]);
    let service = Double::with(&[Reply::Vectors(1536), refused.clone(), Reply::Vectors(1536)]);
    ask_three_times(&authority, &service).expect("vectors");
    assert_eq!(shown(&service), ["first", "first", "second", "second"]);

    let authority = Double::with(&[Reply::Token("useless", 3600)]);
    let service = Double::with(&[refused]);
    let error = ask_three_times(&authority, &service).expect_err("refused for good");
    assert!(matches!(error, EmbedError::Refused { status: 401, .. }), "{error}");
    assert_eq!(service.asked().len(), 3, "it is not asked for ever");
}

#[test]
fn an_authority_that_fails_is_told_from_a_service_that_fails() {
    let service = Double::with(&[Reply::Vectors(1536)]);
    let code = r#"{"error": "invalid_client", "error_description": "AADSTS7000215: sk-zava-6f1c9a2e"}"#;
    let busy = Reply::Answer(503, "Retry-After: 0\r\n", String::new());
    let cases = [
        (
            Reply::Answer(401, "", code.to_owned()),
            1,
            "gave no token (HTTP 401): invalid_client",
            "AZURE_TENANT_ID",
        ),
        (Reply::Answer(404, "", "<html>".to_owned()), 1, "(HTTP 404): it gave no reason", "AZURE_TENANT_ID"),
        (
            Reply::Answer(200, "", "<html>".to_owned()),
            1,
            "gave no token (HTTP 200): its answer holds none",
            "AZURE_TENANT_ID",
        ),
        (busy.clone(), 3, "failed (HTTP 503)", "later"),
        (Reply::Cut, 3, "cut the connection", "network"),
    ];
    for (does, asked, says, next) in cases {
        let authority = Double::with(&[does]);
        let report = doctor(&[
            ("AZURE_OPENAI_ENDPOINT", &service.url("")),
            ("AZURE_AUTHORITY_HOST", &authority.url("")),
            ("AZURE_TENANT_ID", "contoso"),
            ("AZURE_CLIENT_ID", "zava"),
            ("AZURE_CLIENT_SECRET", KEY),
        ]);
        assert_eq!(report.outcome, "fail", "{says}");
        assert!(report.detail.starts_with("Entra ID at 127.0.0.1 "), "{}", report.detail);
        assert!(report.detail.contains(says), "expected `{says}`, found `{}`", report.detail);
        assert!(report.remedy.contains(next), "expected `{next}`, found `{}`", report.remedy);
        assert_eq!(authority.asked().len(), asked, "{says}");
    }
    assert_eq!(service.asked().len(), 0);
    let authority = Double::with(&[busy, Reply::Token("late", 3600)]);
    ask_three_times(&authority, &service).expect("vectors after a pause");
    assert_eq!(authority.asked().len(), 2);
}
