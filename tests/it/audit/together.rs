//! Several processes, and one that is killed: one chain without a gap.

use serde_json::json;

use super::{Place, intact};
use crate::support::shop::{REDMOND, SEATTLE};

#[test]
fn two_processes_of_two_people_write_one_chain_at_once() {
    let place = Place::new();
    let each = 60;
    std::thread::scope(|scope| {
        for identity in [SEATTLE, REDMOND] {
            let place = &place;
            scope.spawn(move || {
                let mut client = place.serve(identity, &["--audit-required"]);
                let call =
                    json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELECT 1"}});
                let ids: Vec<u64> = (0..each).map(|_| client.send("tools/call", call.clone())).collect();
                for id in ids {
                    let answer = client.answer(id);
                    assert_ne!(answer["result"]["isError"], true, "{answer}");
                }
                client.hang_up();
            });
        }
    });
    let told = intact(&place.dir());
    assert!(told.contains(&format!("{} calls", 2 * each)), "{told}");
    let calls = place.calls();
    let of = |identity: &str| calls.iter().filter(|call| call["identity"] == identity).count();
    assert_eq!((of(SEATTLE), of(REDMOND)), (each, each));
}

#[test]
fn a_process_that_is_killed_leaves_a_whole_chain_with_every_call_that_was_answered() {
    let place = Place::new();
    let mut answered = 0;
    for _ in 0..5 {
        let mut client = place.serve(SEATTLE, &["--audit-required"]);
        let call = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": "SELECT 1"}});
        let ids: Vec<u64> = (0..100).map(|_| client.send("tools/call", call.clone())).collect();
        for id in &ids[..20] {
            client.answer(*id);
            answered += 1;
        }
        // Dropping a client kills its server.
        drop(client);
    }
    let told = intact(&place.dir());
    let lines = place.calls().len();
    assert!(answered == 100 && lines >= answered, "{lines} lines for {answered} answers: {told}");
}
