//! Nobody lives on in the cache: before an answer is given again, PostgreSQL has said who asks and what they may see.

use serde_json::json;

use super::{ask, questions, serve};
use crate::support::shop::{Database, SEATTLE};

#[test]
fn another_store_a_lost_right_or_another_policy_end_what_was_kept() {
    let changes = [
        // The store that the login belongs to.
        "UPDATE zava.principal_store SET store_id = (SELECT store_id FROM retail.stores WHERE name = 'Zava Retail Redmond') \
         WHERE login = 'zava_seattle'",
        "REVOKE SELECT ON retail.customers FROM zava_manager",
        "CREATE POLICY later ON retail.orders AS RESTRICTIVE FOR SELECT USING (false)",
        "ALTER TABLE retail.orders ADD COLUMN channel text",
    ];
    let database = Database::copy();
    let mut client = serve(&database, SEATTLE, &[]);
    let [_, _, (tool, question)] = questions();
    for change in changes {
        ask(&mut client, tool, &question);
        assert!(ask(&mut client, tool, &question).1.is_some(), "{change}");
        database.script(change);
        assert_eq!(ask(&mut client, tool, &question).1, None, "{change}");
    }
}

#[test]
fn a_login_that_is_no_longer_known_gets_an_error_and_not_what_was_kept() {
    let database = Database::copy();
    let mut client = serve(&database, SEATTLE, &[]);
    for (tool, question) in questions() {
        ask(&mut client, tool, &question);
        assert!(ask(&mut client, tool, &question).1.is_some());
    }
    database.script(
        "DELETE FROM zava.principal WHERE login = 'zava_seattle'; \
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE usename = 'zava_seattle' AND datname = current_database()",
    );
    for (tool, question) in questions() {
        let called = client.call(tool, question);
        assert!(called.is_error && called.text.contains("identity_unknown"), "{tool}: {}", called.text);
    }
}

#[test]
fn a_database_that_is_down_answers_nothing_from_the_cache() {
    let database = Database::copy();
    let mut client = serve(&database, SEATTLE, &[]);
    let [(tool, question), ..] = questions();
    ask(&mut client, tool, &question);
    assert!(ask(&mut client, tool, &question).1.is_some());
    drop(database);
    let called = client.call(tool, json!({"time_period": "2026-06"}));
    assert!(called.is_error && called.text.starts_with("DATABASE_ERROR"), "{}", called.text);
}
