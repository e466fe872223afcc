//! Through Redis: processes of one login share answers; nobody else can read, make, move or change one; and a Redis that
//! fails costs nothing but time.

use secrecy::SecretString;
use serde_json::json;
use zava_mcp::cache::{Cache, Key, SharedState};
use zava_mcp::settings::CacheArgs;

use super::redis_server::Redis;
use super::{ask, questions, serve, state};
use crate::support::mcp::Client;
use crate::support::shop::{self, Database, REDMOND, SEATTLE};
use crate::throw_away::block_on;

fn through(redis: &Redis, database: &Database, identity: &str) -> Client {
    serve(database, identity, &["--cache-url", &redis.url()])
}

#[test]
fn processes_of_one_identity_share_answers_and_those_of_others_do_not() {
    let (redis, shop) = (Redis::start(), shop::shared());
    let mut first = through(&redis, &shop, SEATTLE);
    let mut second = through(&redis, &shop, SEATTLE);
    let mut other = through(&redis, &shop, REDMOND);
    for (tool, question) in questions() {
        let (answer, age) = ask(&mut first, tool, &question);
        assert_eq!(age, None, "{tool}");
        let (again, age) = ask(&mut second, tool, &question);
        assert!(age.is_some(), "{tool}");
        assert_eq!(answer, again, "{tool}");
        let (others, age) = ask(&mut other, tool, &question);
        assert_eq!(age, None, "{tool}");
        assert_ne!(answer, others, "{tool}");
    }
    let entries = redis.entries();
    assert_eq!(entries.len(), 6);
    for (name, value) in entries {
        let text = String::from_utf8_lossy(&value).into_owned() + &name;
        assert!(value.len() > 500, "{text}");
        for word in ["Zava", "revenue", "drill", "retail"] {
            assert!(!text.contains(word), "{word} is in {text}");
        }
    }
    assert_eq!(state(&mut second)["redis"], "up");
}

/// Everything a neighbour could put where an answer of Seattle lies, given what lies there and where else.
fn plants(own: &[(String, Vec<u8>)], others: &[(String, Vec<u8>)]) -> Vec<(&'static str, Vec<u8>)> {
    let [(_, mine), (_, second), ..] = own else { panic!("{} entries", own.len()) };
    let mut changed = mine.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    vec![
        ("nothing", Vec::new()),
        ("garbage", b"{\"store\":\"forged\"}".to_vec()),
        ("another answer of the same login", second.clone()),
        ("an answer of another login", others[0].1.clone()),
        ("a changed byte", changed),
        ("half of it", mine[..mine.len() / 2].to_vec()),
        ("ten megabytes", vec![b'x'; 10_000_000]),
    ]
}

#[test]
fn what_is_planted_copied_or_changed_is_not_believed() {
    let (redis, shop) = (Redis::start(), shop::shared());
    let [(tool, question), (_, search), _] = questions();
    let mut redmond = through(&redis, &shop, REDMOND);
    ask(&mut redmond, tool, &question);
    let others = redis.entries();
    let mut seattle = through(&redis, &shop, SEATTLE);
    let (answer, _) = ask(&mut seattle, tool, &question);
    let of_review =
        redis.entries().into_iter().find(|entry| !others.contains(entry)).expect("Seattle's entry");
    ask(&mut seattle, "semantic_search_products", &search);
    let rest = redis.entries().into_iter().filter(|entry| !others.contains(entry) && *entry != of_review);
    let own: Vec<_> = [of_review.clone()].into_iter().chain(rest).collect();
    let name = of_review.0;
    for (what, value) in plants(&own, &others) {
        redis.plant(&name, &value);
        let mut client = through(&redis, &shop, SEATTLE);
        let (found, age) = ask(&mut client, tool, &question);
        assert_eq!((age, found.as_str()), (None, answer.as_str()), "{what}");
        assert_eq!(state(&mut client)["redis"], "up", "{what}");
    }
    redis.plant_list(&name);
    assert_eq!(ask(&mut through(&redis, &shop, SEATTLE), tool, &question).1, None);
    // The last one wrote over it, and that is believed: the place was the right one.
    assert!(ask(&mut through(&redis, &shop, SEATTLE), tool, &question).1.is_some());
}

#[test]
fn an_entry_that_is_put_back_after_its_time_is_too_old() {
    let (redis, shop) = (Redis::start(), shop::shared());
    let [(tool, question), ..] = questions();
    let serve = || serve(&shop, SEATTLE, &["--cache-url", &redis.url(), "--cache-ttl", "5"]);
    ask(&mut serve(), tool, &question);
    let [(name, value)] = &redis.entries()[..] else { panic!("one entry") };
    std::thread::sleep(std::time::Duration::from_millis(5_100));
    redis.plant(name, value);
    assert_eq!(ask(&mut serve(), tool, &question).1, None);
    assert!(ask(&mut serve(), tool, &question).1.is_some());
}

#[test]
fn answers_go_on_when_redis_is_killed_falls_silent_or_was_never_there() {
    let shop = shop::shared();
    let (mut killed, stalled, mut missing) = (Redis::start(), Redis::start(), Redis::start());
    missing.kill();
    let mut clients = [&killed, &stalled].map(|redis| {
        let mut client = through(redis, &shop, SEATTLE);
        let [(tool, question), ..] = questions();
        ask(&mut client, tool, &question);
        assert_eq!(state(&mut client)["redis"], "up");
        client
    });
    killed.kill();
    stalled.stall();
    let [first, second] = &mut clients;
    for client in [first, second, &mut through(&missing, &shop, SEATTLE)] {
        for (tool, question) in questions() {
            let mut question = question.clone();
            question["fresh"] = json!(true);
            assert_eq!(ask(client, tool, &question).1, None);
            question["fresh"] = json!(false);
            assert!(ask(client, tool, &question).1.is_some(), "memory still keeps {tool}");
        }
        let state = state(client);
        assert!(state["redis"].as_str().expect("words").starts_with("down"), "{state}");
    }
}

#[test]
fn an_address_that_is_none_ends_the_start_without_repeating_it() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
    command.args(["--rls-user", SEATTLE, "--cache-url", "rediss://:hunter2@host"]).env_clear();
    let ended = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("cache_url_malformed") && !said.contains("hunter2"), "{said}");
}

/// A login that logs in as an operating-system user, by certificate or by token has nothing to seal answers with that
/// others lack.
#[test]
fn a_login_without_a_password_keeps_its_answers_in_its_own_process() {
    let redis = Redis::start();
    let keep = |password: Option<SecretString>| {
        let args = CacheArgs {
            cache_ttl: 300,
            cache_bytes: 1 << 20,
            cache_queries: false,
            cache_url: Some(redis.url().into()),
        };
        let cache = Cache::new(&args).expect("an address");
        let key = Key::of(["a question"]);
        let found = block_on(async {
            cache.bind("zava_seattle", password.as_ref()).await;
            cache.put(key, "an answer").await;
            cache.get("test", key).await
        });
        assert_eq!(found.expect("in memory").text.as_ref(), "an answer");
        cache.stats().shared
    };
    assert_eq!(keep(None), Some(SharedState::NoPassword));
    assert_eq!(redis.entries().len(), 0);
    assert_eq!(keep(Some("hunter2".into())), Some(SharedState::Up));
    assert_eq!(redis.entries().len(), 1);
}
