//! Faults of the connection: every call ends in an answer or one clear error, the next one works, and no query runs twice.

use std::time::{Duration, Instant};

use crate::support::mcp::{Called, Client};
use crate::support::proxy::{Break, Fault, Proxy};
use crate::support::shop::SEATTLE;
use serde_json::json;

const QUERY: &str = "SELECT name, repeat('.', 30000) FROM retail.stores, generate_series(1, 3)";

fn call(client: &mut Client) -> Called {
    client.call("execute_sales_query", json!({"postgresql_query": QUERY}))
}

fn answered(called: &Called) -> bool {
    !called.is_error && called.text.contains("Zava Retail Seattle")
}

fn lost(called: &Called) -> bool {
    called.is_error
        && called.text.starts_with("DATABASE_ERROR (connection_lost)")
        && called.text.contains("\nNext: ")
}

/// The phases of a call, in order, and whether a cut there goes unnoticed: only while the query has not been looked at.
const PHASES: [(Break, bool); 8] = [
    (Break::AtConnect, true),
    (Break::Before("posture"), true),
    (Break::Before("BEGIN READ ONLY"), true),
    (Break::After("BEGIN READ ONLY"), true),
    (Break::Before("LIMIT 201"), false),
    (Break::After("LIMIT 201"), false),
    (Break::Within("LIMIT 201", 10_000), false),
    (Break::Within("LIMIT 201", 13_000), false),
];

#[test]
fn a_connection_that_is_cut_in_any_phase_of_a_call_costs_one_error_at_most() {
    let proxy = Proxy::start();
    for (phase, unnoticed) in PHASES {
        // Once on a process's first connection, once on one that waited in the pool.
        for warm in [false, true] {
            let mut client =
                Client::spawn(&["--rls-user", SEATTLE], &[("DATABASE_URL", &proxy.url(SEATTLE))]);
            if warm {
                assert!(answered(&call(&mut client)));
            }
            proxy.break_at(phase, Fault::Cut, 1);
            let called = call(&mut client);
            assert!(answered(&called) || (!unnoticed && lost(&called)), "{phase:?}, warm {warm}: {called:?}");
            assert!(proxy.delivered("LIMIT 201") <= 1, "{phase:?}: the query ran twice");
            assert!(answered(&call(&mut client)), "{phase:?}, warm {warm}: the next call works");
        }
    }
}
