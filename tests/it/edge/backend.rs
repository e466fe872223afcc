//! A query that nobody waits for any more stops in PostgreSQL. Watched from the owner's connection.

use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;

use super::wire::{Era, Wire};
use crate::support::shop::{Database, SEATTLE, data_dir};

/// The statement timeout of these servers, in seconds: what ends sooner was not ended by it.
const LONG: u64 = 300;
/// What PostgreSQL logs of a query that was cancelled.
const CANCELLED: &str = "canceling statement due to user request";
const ENDLESS: &str = "SELECT count(*) FROM (SELECT generate_series(1, 1000000000000)) AS s";

/// A server on a database of its own, where every connection of the identity is ours.
struct Shop {
    database: Database,
    wire: Wire,
}

impl Shop {
    fn open(era: Era) -> Self {
        let mut shop = Self::unread(era);
        shop.wire.read();
        shop.wire.open(era);
        shop
    }

    /// One whose answers nobody reads.
    fn unread(era: Era) -> Self {
        let database = Database::copy();
        let mut command = Command::new(env!("CARGO_BIN_EXE_zava-mcp"));
        command.args(["--rls-user", SEATTLE, "--statement-timeout", &LONG.to_string()]);
        command.env_clear().env("DATABASE_URL", database.url(SEATTLE));
        let mut wire = Wire::unread(command);
        wire.speak(era);
        Self { database, wire }
    }

    fn query(&mut self, id: u64, sql: &str) {
        self.wire.call(id, "execute_sales_query", json!({"postgresql_query": sql}));
    }

    /// Process ids of the identity's connections: those that run the endless query, or all.
    fn backends(&self, running: bool) -> String {
        let state = if running { "AND state = 'active' AND query LIKE '%generate_series%'" } else { "" };
        let sql = format!(
            "SELECT coalesce(string_agg(pid::text, ' ' ORDER BY pid), '') FROM pg_stat_activity \
             WHERE usename = 'zava_seattle' AND datname = '{}' {state}",
            self.database.name
        );
        self.database.value(&sql)
    }

    /// Waits until so many queries run; their process ids.
    fn until_running(&self, count: usize) -> String {
        self.until(|shop| {
            let running = shop.backends(true);
            (running.split_whitespace().count() == count).then_some(running)
        })
    }

    #[track_caller]
    fn until<T>(&self, done: impl Fn(&Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(done) = done(self) {
                return done;
            }
            assert!(began.elapsed() < Duration::from_secs(LONG / 10), "it never came to that");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What the PostgreSQL server logged about a backend.
fn log_of(backend: &str) -> String {
    let log = std::fs::read_to_string(data_dir().join("server.log")).expect("a log");
    log.lines().filter(|line| line.contains(&format!("[{backend}]"))).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_cancelled_call_stops_its_query_and_its_connection_is_not_used_again() {
    for era in [Era::Legacy, Era::Modern] {
        let mut shop = Shop::open(era);
        shop.query(1, ENDLESS);
        let backend = shop.until_running(1);
        shop.wire.cancel(1);
        shop.until(|shop| shop.backends(true).is_empty().then_some(()));
        assert!(log_of(&backend).contains(CANCELLED), "{}", log_of(&backend));
        shop.query(2, "SELECT pg_backend_pid() AS pid, count(*) FROM retail.stores");
        let answer = shop.wire.answer(2);
        assert_eq!(answer["result"]["structuredContent"]["r"][0][1], 1, "{answer}");
        assert!(!shop.backends(false).contains(&backend), "{backend} was used again");
        shop.wire.silence();
        assert_eq!(shop.wire.end().code, Some(0));
    }
}

#[test]
fn cancelling_one_query_leaves_the_others_alone() {
    let mut shop = Shop::open(Era::Legacy);
    for id in 1..=3 {
        shop.query(id, ENDLESS);
    }
    let all = shop.until_running(3);
    shop.wire.cancel(2);
    let left = shop.until_running(2);
    assert!(left.split_whitespace().all(|backend| all.contains(backend)), "{left} of {all}");
    shop.wire.silence();
    assert_eq!(shop.backends(true), left);
}

#[test]
fn a_quick_query_is_answered_while_slow_ones_run() {
    let mut shop = Shop::open(Era::Legacy);
    for id in 1..=3 {
        shop.query(id, ENDLESS);
    }
    shop.until_running(3);
    shop.query(4, "SELECT 42");
    assert_eq!(shop.wire.answer(4)["result"]["structuredContent"]["r"], json!([[42]]));
}

#[test]
fn a_cancelled_call_that_waits_for_a_connection_leaves_the_rest_in_order() {
    let mut shop = Shop::open(Era::Legacy);
    for id in 1..=4 {
        shop.query(id, ENDLESS);
    }
    shop.until_running(4);
    shop.query(5, "SELECT 5");
    shop.query(6, "SELECT 6");
    shop.wire.cancel(5);
    shop.wire.cancel(1);
    assert_eq!(shop.wire.answer(6)["result"]["structuredContent"]["r"], json!([[6]]));
}

/// Nothing of a server stays, because its queries were cancelled. PostgreSQL notices by itself within a second that a
/// client is gone; on a machine that is slow enough it is the first, so one of several tries will do.
#[track_caller]
fn ends_with_nothing_left(shop: impl Fn() -> Shop, end: impl Fn(&mut Wire)) {
    let cancelled = (0..5).any(|_| {
        let backends = ended_with_nothing_left(shop(), &end);
        backends.split_whitespace().all(|backend| log_of(backend).contains(CANCELLED))
    });
    assert!(cancelled, "no query was cancelled");
}

/// Ends a server and waits until nothing of it is left; its backends.
fn ended_with_nothing_left(mut shop: Shop, end: impl Fn(&mut Wire)) -> String {
    shop.query(1, ENDLESS);
    shop.query(2, ENDLESS);
    let backends = shop.until_running(2);
    end(&mut shop.wire);
    let Shop { database, wire } = shop;
    let ended = wire.wait();
    assert_eq!((ended.code, ended.rest.len()), (Some(0), 0), "{ended:?}");
    let shop = Shop { database, wire: Wire::fixture(&[]) };
    shop.until(|shop| shop.backends(false).is_empty().then_some(()));
    backends
}

#[test]
fn the_end_of_stdin_stops_every_query() {
    ends_with_nothing_left(|| Shop::open(Era::Legacy), Wire::hang_up);
    ends_with_nothing_left(|| Shop::open(Era::Modern), Wire::hang_up);
}

#[test]
fn sigterm_stops_every_query() {
    ends_with_nothing_left(|| Shop::open(Era::Legacy), |wire| wire.signal(Signal::TERM));
}

#[test]
fn sigint_and_sighup_stop_every_query() {
    ends_with_nothing_left(|| Shop::open(Era::Legacy), |wire| wire.signal(Signal::INT));
    ends_with_nothing_left(|| Shop::open(Era::Modern), |wire| wire.signal(Signal::HUP));
}

#[test]
fn a_closed_stdout_stops_every_query() {
    ends_with_nothing_left(
        || Shop::unread(Era::Modern),
        |wire| {
            wire.close_stdout();
            wire.call("last", "get_current_utc_date", json!({}));
        },
    );
}

/// Nobody can cancel for a process that was killed: PostgreSQL notices by itself that its client is gone. Also where the
/// login was made without that setting.
#[test]
fn nothing_stays_of_a_process_that_was_killed() {
    let mut shop = Shop::open(Era::Legacy);
    shop.database.script(&format!(
        "ALTER ROLE zava_seattle IN DATABASE {} SET client_connection_check_interval = 0",
        shop.database.name
    ));
    shop.query(1, ENDLESS);
    let backend = shop.until_running(1);
    shop.wire.signal(Signal::KILL);
    shop.until(|shop| shop.backends(false).is_empty().then_some(()));
    assert!(log_of(&backend).contains("connection to client lost"), "{}", log_of(&backend));
}

#[test]
fn a_long_query_reports_its_progress() {
    let mut shop = Shop::open(Era::Modern);
    shop.wire.call_with_token(1, "t", "execute_sales_query", json!({"postgresql_query": ENDLESS}));
    let mut last = 0.0;
    for _ in 0..2 {
        let message = shop.wire.next();
        assert_eq!(message["method"], "notifications/progress", "{message}");
        let made = message["params"]["progress"].as_f64().expect("a number");
        assert!(made > last, "{message}");
        last = made;
    }
    shop.wire.cancel(1);
    for _ in 0..3 {
        shop.wire.silence();
    }
}
