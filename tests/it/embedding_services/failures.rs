//! Each way in which a service fails has words of its own, a next step, and its number of tries.

use super::double::{Double, Reply};
use super::{KEY, doctor};

/// What a service does, how often it is asked, what `doctor` says of it.
struct Case {
    does: Vec<Reply>,
    asked: usize,
    says: &'static str,
    next: &'static str,
}

fn case(does: &[Reply], asked: usize, says: &'static str, next: &'static str) -> Case {
    Case { does: does.to_vec(), asked, says, next }
}

fn answer(status: u16, body: impl Into<String>) -> Reply {
    Reply::Answer(status, "", body.into())
}

fn one(vector: &str) -> Reply {
    answer(200, format!(r#"{{"data": [{{"index": 0, "embedding": {vector}}}]}}"#))
}

fn refusals() -> Vec<Case> {
    let words = format!(r#"{{"error": {{"code": "x", "message": "bad\n key {KEY}"}}}}"#);
    let page = "<!DOCTYPE html><title>Log in</title>";
    let limit = |headers| Reply::Answer(429, headers, String::new());
    vec![
        case(&[answer(401, &words)], 1, "refused the key (HTTP 401)", "check the key"),
        case(&[answer(403, &words)], 1, "refused the key (HTTP 403)", "role"),
        case(&[answer(404, page)], 1, "has no model text-embedding-3-small (HTTP 404)", "DEPLOYMENT_NAME"),
        case(&[answer(400, &words)], 1, "(HTTP 400): bad  key [key]", "dimensions"),
        case(&[answer(418, page)], 1, "(HTTP 418): it gave no reason", "dimensions"),
        case(&[limit("Retry-After: 0\r\n")], 3, "over its limit", "quota"),
        case(&[limit("Retry-After: 3600\r\n")], 1, "over its limit", "quota"),
        case(&[limit("retry-after-ms: 3600000\r\nRetry-After: 0\r\n")], 1, "over its limit", "quota"),
        case(&[answer(500, page)], 3, "failed (HTTP 500)", "later"),
        case(&[answer(503, "")], 3, "failed (HTTP 503)", "later"),
        case(&[answer(401, page)], 1, "refused the key (HTTP 401)", "check the key"),
    ]
}

fn broken_answers() -> Vec<Case> {
    let vectors = |count: usize| {
        let items = vec![r#"{"embedding": [1, 2, 3]}"#; count].join(",");
        answer(200, format!(r#"{{"data": [{items}]}}"#))
    };
    vec![
        case(&[Reply::Cut], 3, "cut the connection", "network"),
        case(&[Reply::CutInBody], 3, "cut the connection", "network"),
        case(&[answer(200, r#"{"data": [{"embedding": [1, "#)], 1, "its JSON has no end", "network"),
        case(&[answer(200, "<html></html>")], 1, "answered with a web page instead of JSON", "web page"),
        case(&[answer(200, "")], 1, "answered with nothing instead of JSON", "web page"),
        case(&[answer(200, "fine")], 1, "answered with something else instead of JSON", "web page"),
        case(&[answer(204, "")], 1, "instead of JSON", "web page"),
        case(&[answer(200, r#"{"models": []}"#)], 1, "JSON that holds no vectors", "web page"),
        case(&[vectors(0)], 1, "there are 0 vectors for 1 texts", "again"),
        case(&[vectors(2)], 1, "there are 2 vectors for 1 texts", "again"),
        case(
            &[answer(200, r#"{"data": [{"index": 7, "embedding": [1]}]}"#)],
            1,
            "one beyond their count",
            "web page",
        ),
        case(&[Reply::Vectors(3)], 1, "a vector has 3 numbers, not 1536", "EMBEDDING_DIMENSIONS"),
        case(&[one("[NaN, 1]")], 1, "zero or not finite", "again"),
        case(&[one("[null, 1]")], 1, "zero or not finite", "again"),
        case(&[one(&format!("[1e39{}]", ",1".repeat(1535)))], 1, "zero or not finite", "again"),
        case(&[one(&format!("[0{}]", ",0".repeat(1535)))], 1, "zero or not finite", "again"),
        case(&[Reply::Flood], 1, "more than 64 MB", "web page"),
    ]
}

#[track_caller]
fn check(cases: Vec<Case>) {
    assert!(cases.len() > 10);
    for Case { does, asked, says, next } in cases {
        let double = Double::with(&does);
        let report = doctor(&[("AZURE_OPENAI_ENDPOINT", &double.url("")), ("AZURE_OPENAI_API_KEY", KEY)]);
        assert_eq!(report.outcome, "fail", "{says}: {}", report.detail);
        assert!(report.detail.contains(says), "expected `{says}`, found `{}`", report.detail);
        assert!(report.remedy.contains(next), "{says}: expected `{next}`, found `{}`", report.remedy);
        assert_eq!(double.asked().len(), asked, "{says}: tries");
    }
}

#[test]
fn each_refusal_has_its_own_words() {
    check(refusals());
}

#[test]
fn each_broken_answer_has_its_own_words() {
    check(broken_answers());
}

#[test]
fn a_fault_that_passes_is_not_noticed() {
    let busy = Reply::Answer(429, "Retry-After: 0\r\n", String::new());
    let down = Reply::Answer(503, "retry-after-ms: 1\r\n", String::new());
    for fault in [busy, down, Reply::Cut, Reply::CutInBody, answer(500, "")] {
        let double = Double::with(&[fault.clone(), fault.clone(), Reply::Vectors(1536)]);
        let report = doctor(&[("AZURE_OPENAI_ENDPOINT", &double.url("")), ("AZURE_OPENAI_API_KEY", KEY)]);
        assert_eq!(report.outcome, "ok", "{fault:?}: {}", report.detail);
        assert_eq!(double.asked().len(), 3, "{fault:?}");
        assert!(report.printed.contains("asking again"), "{fault:?}: the log says so");
    }
}

#[test]
fn a_silent_service_ends_with_the_time_that_was_given() {
    let double = Double::with(&[Reply::Silence]);
    let url = double.url("/v1");
    let report = doctor(&[("EMBEDDING_URL", &url), ("EMBEDDING_TIMEOUT", "1"), ("OPENAI_API_KEY", KEY)]);
    assert_eq!(report.outcome, "fail");
    assert!(report.detail.contains("did not answer within 1 s"), "{}", report.detail);
    assert!(report.remedy.contains("--embedding-timeout"), "{}", report.remedy);
    assert_eq!(double.asked().len(), 1);
}

#[test]
fn a_redirect_is_not_followed_with_the_key() {
    let elsewhere = Double::with(&[Reply::Vectors(1536)]);
    let to = format!("Location: {}\r\n", elsewhere.url("/v1/embeddings"));
    let double = Double::with(&[Reply::Answer(307, to.leak(), String::new())]);
    let report = doctor(&[("EMBEDDING_URL", &double.url("/v1")), ("OPENAI_API_KEY", KEY)]);
    assert!(report.detail.contains("a redirect"), "{}", report.detail);
    assert_eq!((double.asked().len(), elsewhere.asked().len()), (1, 0));
}

#[test]
fn where_nobody_listens_or_nobody_speaks_tls_is_unreachable() {
    let double = Double::with(&[Reply::Vectors(1536)]);
    let plain = double.url("/v1").replace("http://", "https://");
    for url in ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1", plain.as_str()] {
        let report = doctor(&[("EMBEDDING_URL", url)]);
        assert_eq!(report.outcome, "fail", "{url}");
        assert!(report.detail.contains("cannot be reached"), "{url}: {}", report.detail);
        assert!(report.remedy.contains("network"), "{url}: {}", report.remedy);
    }
}
