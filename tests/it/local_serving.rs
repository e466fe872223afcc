//! Serving from the managed local server: it starts at the first call that needs it, and again when it went down.

use serde_json::json;

use crate::support::mcp::Client;
use crate::support::shop::SEATTLE;
use crate::throw_away::ThrowAway;

fn serve(server: &ThrowAway) -> Client {
    let settings = server.command(&["--rls-user", SEATTLE]);
    let mut client = Client::start(settings);
    client.initialize();
    client
}

const STORES: &str = "SELECT string_agg(name, ',') FROM retail.stores";

#[test]
fn discovery_does_not_start_the_server_and_the_first_query_does() {
    let server = ThrowAway::new();
    server.ok(&["db", "create"]);
    server.ok(&["db", "down"]);
    let mut client = serve(&server);
    assert!(client.request("tools/list", json!({}))["result"]["tools"].is_array());
    assert_eq!(server.status("state"), "\"stopped\"");
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    assert_eq!(server.status("state"), "\"running\"");
}

#[test]
fn a_server_that_went_down_between_two_calls_is_started_again() {
    let server = ThrowAway::new();
    server.ok(&["db", "create"]);
    let mut client = serve(&server);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
    server.ok(&["db", "down"]);
    assert_eq!(client.value(STORES), "Zava Retail Seattle");
}

#[test]
fn several_servers_whose_first_calls_come_at_once_share_one_postgresql() {
    let server = ThrowAway::new();
    server.ok(&["db", "create"]);
    server.ok(&["db", "down"]);
    let mut clients: Vec<Client> = (0..5).map(|_| serve(&server)).collect();
    let ask = json!({"name": "execute_sales_query", "arguments": {"postgresql_query": STORES}});
    let ids: Vec<u64> = clients.iter_mut().map(|client| client.send("tools/call", ask.clone())).collect();
    for (client, id) in clients.iter_mut().zip(ids) {
        assert_eq!(client.answer(id)["result"]["structuredContent"]["r"], json!([["Zava Retail Seattle"]]));
    }
}
