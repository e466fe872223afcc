//! Asks one database many things, several at a time.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::Database;

/// Calls that are under way at the same time: as many as a process has connections.
const AT_ONCE: usize = 4;

/// What a call says and an answer is made to say instead of the name of the database.
pub(super) const THE_DATABASE: &str = "the_database_in_question";

/// Who asks, and with which limits.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    pub(super) identity: &'static str,
    /// Of one statement, in seconds.
    pub(super) timeout: u32,
}

/// The call that runs a query and wants all its rows.
pub(super) fn call(sql: &str) -> Value {
    json!({"name": "execute_sales_query", "arguments": {"postgresql_query": sql, "max_rows": 10_000}})
}

impl Asker {
    /// Everything that came back for each call, as text: results and errors, with the name of the database made the same
    /// for all.
    pub(super) fn ask(self, database: &Database, calls: &[Value]) -> Vec<String> {
        let (url, timeout) = (database.url(self.identity), self.timeout);
        let args = format!("--statement-timeout {timeout} --connect-timeout 60 --max-bytes 4000000");
        let args: Vec<&str> = ["--rls-user", self.identity].into_iter().chain(args.split(' ')).collect();
        let mut client = Client::spawn(&args, &[("DATABASE_URL", &url)]);
        let (mut waiting, mut answers) = (VecDeque::new(), Vec::with_capacity(calls.len()));
        let mut next = |client: &mut Client, waiting: &mut VecDeque<u64>| {
            let id = waiting.pop_front().expect("one is under way");
            answers.push(whole(&client.answer(id)).replace(&database.name, THE_DATABASE));
        };
        for call in calls {
            if waiting.len() == AT_ONCE {
                next(&mut client, &mut waiting);
            }
            let call = call.to_string().replace(THE_DATABASE, &database.name);
            waiting.push_back(client.send("tools/call", serde_json::from_str(&call).expect("still JSON")));
        }
        while !waiting.is_empty() {
            next(&mut client, &mut waiting);
        }
        answers
    }
}

/// The message without its number.
fn whole(message: &Value) -> String {
    let mut message = message.clone();
    message.as_object_mut().expect("a message").remove("id");
    message.to_string()
}
