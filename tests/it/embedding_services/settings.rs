//! Which provider the settings mean, and settings that cannot work: said before anything is sent.

use super::double::{Double, Reply};
use super::{KEY, doctor};

#[test]
fn without_a_model_and_without_a_service_there_is_none() {
    for environment in [&[][..], &[("EMBEDDING_PROVIDER", "none"), ("EMBEDDING_URL", "http://127.0.0.1:9")]] {
        let report = doctor(environment);
        assert_eq!(report.outcome, "ok");
        assert!(report.detail.starts_with("none: products are searched by words"), "{}", report.detail);
    }
}

#[test]
fn the_azure_address_wins_over_the_other() {
    let (azure, other) = (Double::with(&[Reply::Vectors(1536)]), Double::with(&[Reply::Vectors(1536)]));
    let both = [
        ("AZURE_OPENAI_ENDPOINT", &*azure.url("/")),
        ("AZURE_OPENAI_API_KEY", KEY),
        ("EMBEDDING_URL", &*other.url("/v1")),
        ("EMBEDDING_PROVIDER", "openai"),
    ];
    let report = doctor(&both[..3]);
    assert_eq!(report.detail, "azure: text-embedding-3-small makes vectors of 1536 numbers");
    assert_eq!((azure.asked().len(), other.asked().len()), (1, 0));
    let report = doctor(&both);
    assert_eq!(report.detail, "openai: text-embedding-3-small makes vectors of 1536 numbers");
    assert_eq!((azure.asked().len(), other.asked().len()), (1, 1));
}

#[test]
fn what_cannot_work_is_said_and_nothing_is_sent() {
    let double = Double::with(&[Reply::Vectors(1536)]);
    let url = double.url("/v1");
    let with_key = url.replace("http://", "http://user:sk-in-the-address@");
    let in_query = format!("{url}?key=sk-in-the-address");
    let model = ("EMBEDDING_MODEL_DEPLOYMENT_NAME", "nomic-embed-text");
    let half = [("AZURE_OPENAI_ENDPOINT", &*url), ("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_SECRET", KEY)];
    let open = [("EMBEDDING_URL", "http://192.0.2.1/v1"), ("OPENAI_API_KEY", KEY)];
    let cases = [
        (&half[..1], "neither was given", "AZURE_OPENAI_API_KEY"),
        (&half, "neither was given", "AZURE_CLIENT_ID"),
        (&[("EMBEDDING_URL", &*url), model], "of the model nomic-embed-text has", "EMBEDDING_DIMENSIONS"),
        (&[("EMBEDDING_URL", "shop.example")], "it is no URL", "EMBEDDING_URL"),
        (&[("EMBEDDING_URL", "file:///etc/passwd")], "must begin with https://", "EMBEDDING_URL"),
        (&[("EMBEDDING_URL", &*with_key)], "do not belong into the address", "EMBEDDING_URL"),
        (&[("EMBEDDING_URL", &*in_query)], "must end with its path", "EMBEDDING_URL"),
        (&open, "a key goes over https:// only", "EMBEDDING_URL"),
    ];
    for (environment, says, next) in cases {
        let report = doctor(environment);
        assert_eq!(report.outcome, "fail", "{says}");
        assert!(report.detail.contains(says), "expected `{says}`, found `{}`", report.detail);
        assert!(report.remedy.contains(next), "expected `{next}`, found `{}`", report.remedy);
        assert!(!report.printed.contains("sk-in-the-address"), "{}", report.printed);
    }
    assert_eq!(double.asked().len(), 0);
}

#[test]
fn a_key_in_the_clear_does_not_pass_a_proxy() {
    let (service, proxy) = (Double::with(&[Reply::Vectors(1536)]), Double::with(&[Reply::Vectors(1536)]));
    let through = proxy.url("");
    let proxies = [("HTTP_PROXY", &*through), ("http_proxy", &*through), ("ALL_PROXY", &*through)];
    let environment = [("EMBEDDING_URL", &*service.url("/v1")), ("OPENAI_API_KEY", KEY)];
    let report = doctor(&[&environment[..], &proxies[..]].concat());
    assert_eq!(report.outcome, "ok", "{}", report.detail);
    assert_eq!((service.asked().len(), proxy.asked().len()), (1, 0));
}
