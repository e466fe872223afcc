//! Asks one database many things, several at a time.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::support::mcp::Client;
use crate::support::shop::Database;

/// Calls that are under way at the same time: as many as a process has connections.
const AT_ONCE: usize = 4;

/// What a call says and a reply is made to say instead of the name of the database.
pub(super) const THE_DATABASE: &str = "the_database_in_question";

/// Who asks, and with which limits.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    pub(super) identity: &'static str,
    /// Of one statement, in seconds.
    pub(super) timeout: u32,
}

/// What came back.
#[derive(Clone)]
pub(super) struct Reply {
    /// All of it but the number of the message: result or error.
    pub(super) text: String,
    /// `None` is an error.
    pub(super) rows: Option<usize>,
}

/// The call that runs a query.
pub(super) fn call(sql: &str, max_rows: u32) -> Value {
    json!({"name": "execute_sales_query", "arguments": {"postgresql_query": sql, "max_rows": max_rows}})
}

impl Asker {
    /// The reply to each call. The name of the database is made the same for all.
    pub(super) fn ask(self, database: &Database, calls: &[Value]) -> Vec<Reply> {
        let mut client = self.serve(database);
        let (mut waiting, mut replies) = (VecDeque::new(), Vec::with_capacity(calls.len()));
        let mut next = |client: &mut Client, waiting: &mut VecDeque<u64>| {
            let id = waiting.pop_front().expect("one is under way");
            replies.push(Reply::of(client.answer(id), database));
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
        replies
    }

    /// A process that never runs out of patience or room.
    fn serve(self, database: &Database) -> Client {
        let limits = format!("--statement-timeout {} --connect-timeout 60 --max-bytes 4000000", self.timeout);
        let args: Vec<&str> = ["--rls-user", self.identity].into_iter().chain(limits.split(' ')).collect();
        Client::spawn(&args, &[("DATABASE_URL", &database.url(self.identity))])
    }
}

impl Reply {
    fn of(mut message: Value, database: &Database) -> Self {
        let result = &message["result"];
        let is_error = result.is_null() || result["isError"] == true;
        let rows = result["structuredContent"]["n"].as_u64().and_then(|rows| usize::try_from(rows).ok());
        let rows = if is_error { None } else { Some(rows.unwrap_or(0)) };
        message.as_object_mut().expect("a message").remove("id");
        Self { text: message.to_string().replace(&database.name, THE_DATABASE), rows }
    }

    /// Whether both have the same rows, in any order.
    pub(super) fn has_the_rows_of(&self, other: &Self) -> bool {
        let sorted = |reply: &Self| {
            let message: Value = serde_json::from_str(&reply.text).expect("JSON");
            let answer = &message["result"]["structuredContent"];
            let mut rows: Vec<String> = answer["r"].as_array()?.iter().map(Value::to_string).collect();
            rows.sort_unstable();
            Some((answer["c"].clone(), answer["truncated"].clone(), rows))
        };
        sorted(self).is_some_and(|rows| Some(rows) == sorted(other))
    }

    /// Whether the time limit ended it.
    pub(super) fn timed_out(&self) -> bool {
        self.rows.is_none() && self.text.contains("QUERY_TIMEOUT (")
    }
}
