//! A database, a person, and a server process between them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::support::mcp::Client;
use crate::support::shop::{Database, HEAD_OFFICE, PUGET_SOUND, SEATTLE};

use super::case::{Case, filled};
use super::markers::Secrets;

/// Everything that a query could leave behind in a session, and what the person sees. Settings with a dot come with
/// the library of an extension when it is first used; one that was made up stays, empty, after a roll-back.
const STATE: &str = "SELECT session_user::text, current_user::text, current_setting('role'), \
    current_setting('app.current_rls_user_id'), nullif(current_setting('zava.made_up', true), ''), current_setting('transaction_read_only'), \
    (SELECT md5(string_agg(name || '=' || coalesce(setting, ''), ',' ORDER BY name)) FROM pg_settings WHERE name NOT LIKE '%.%'), \
    (SELECT count(*) FROM pg_cursor()), (SELECT count(*) FROM pg_listening_channels()), pg_my_temp_schema()::text, \
    (SELECT count(*) FROM retail.inventory), (SELECT count(*) FROM retail.stores)";

/// What the placeholders of the cases stand for; ids come with their quotes.
const FILL: &str = "
    WITH o AS (SELECT store_id, manager_id FROM retail.stores WHERE store_id NOT IN (own) ORDER BY store_id DESC LIMIT 1)
    SELECT jsonb_build_object(
      'own', (SELECT string_agg(quote_literal(store_id), ', ') FROM retail.stores WHERE store_id IN (own)),
      'others', (SELECT string_agg(quote_literal(store_id), ', ') FROM retail.stores WHERE store_id NOT IN (own)),
      'other', (SELECT quote_literal(store_id) FROM o),
      'other_manager', (SELECT manager_id FROM o),
      'other_login', (SELECT login FROM zava.principal JOIN o ON rls_user_id = manager_id),
      'other_customer', (SELECT min(quote_literal(customer_id)) FROM retail.customers JOIN o USING (store_id)),
      'other_order', (SELECT min(quote_literal(order_id)) FROM retail.orders JOIN o USING (store_id)),
      'other_item', (SELECT min(quote_literal(order_item_id)) FROM retail.order_items JOIN o USING (store_id)))::text";

/// The stores of the two people, as queries.
pub(crate) const SEATTLES_STORE: &str =
    "SELECT store_id FROM retail.stores WHERE name = 'Zava Retail Seattle'";
pub(crate) const PUGET_SOUNDS_STORES: &str =
    "SELECT store_id FROM zava.principal_store WHERE login = 'zava_puget_sound'";

/// One person in front of one database.
pub(super) struct Stage<'a> {
    pub(super) database: &'a Database,
    pub(super) name: &'static str,
    pub(super) login: String,
    pub(super) fill: Vec<(&'static str, String)>,
    pub(super) secrets: Secrets,
    /// What the superuser does once the server has checked the database: it would refuse to serve it afterwards.
    pub(super) harm: Option<String>,
    args: Vec<String>,
    url: String,
}

/// The placeholders for a person of the shop; `own` is a query of her stores.
pub(crate) fn fill(
    database: &Database,
    name: &str,
    identity: &str,
    own: &str,
) -> Vec<(&'static str, String)> {
    let found = database.value(&FILL.replace("(own)", &format!("({own})")));
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let names = [
        "own",
        "others",
        "other",
        "other_manager",
        "other_login",
        "other_customer",
        "other_order",
        "other_item",
    ];
    let mut fill: Vec<(&'static str, String)> =
        names.into_iter().map(|name| (name, found[name].as_str().expect(name).to_owned())).collect();
    fill.extend([
        ("own_manager", identity.to_owned()),
        ("head_office", HEAD_OFFICE.to_owned()),
        ("login", format!("zava_{name}")),
        ("database", database.name.clone()),
    ]);
    fill
}

impl<'a> Stage<'a> {
    /// The manager of the Seattle store in the marked shop.
    pub(super) fn seattle(database: &'a Database) -> Self {
        Self::shop(database, "seattle", SEATTLE, SEATTLES_STORE)
    }

    /// The manager of the six stores around Puget Sound in the marked shop.
    pub(super) fn puget_sound(database: &'a Database) -> Self {
        Self::shop(database, "puget_sound", PUGET_SOUND, PUGET_SOUNDS_STORES)
    }

    fn shop(database: &'a Database, name: &'static str, identity: &str, own: &str) -> Self {
        let secrets = Secrets::of_shop(database, &format!("store_id IN ({own})"));
        let args = vec!["--rls-user".to_owned(), identity.to_owned()];
        let (url, fill) = (database.url(identity), fill(database, name, identity, own));
        Self { database, name, login: format!("zava_{name}"), fill, secrets, harm: None, args, url }
    }

    /// The manager of the Seattle store in the original's database, where only a setting says who she is.
    pub(super) fn original(database: &'a Database) -> Self {
        let fill = [
            ("own", "1"),
            ("others", "2, 3, 4, 5, 6, 7, 8"),
            ("other_manager", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
            ("other_login", "postgres"),
            ("other_customer", "'7'"),
            ("other_order", "'1'"),
            ("other_item", "'1'"),
            ("other", "'2'"),
            ("own_manager", SEATTLE),
            ("head_office", HEAD_OFFICE),
            ("login", "store_manager"),
            ("database", database.name.as_str()),
        ];
        let hidden = "SELECT string_agg(email, E'\\n') FROM retail.customers WHERE primary_store_id <> 1 \
            AND customer_id NOT IN (SELECT customer_id FROM retail.orders WHERE store_id = 1)";
        Self {
            database,
            name: "original",
            login: "store_manager".to_owned(),
            fill: fill.into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
            secrets: Secrets::addresses(database, hidden),
            harm: None,
            args: ["--rls-user", SEATTLE, "--allow-asserted-identity"].map(str::to_owned).to_vec(),
            url: database.url_as("store_manager", "hunter2"),
        }
    }

    /// The same after `db protect`: her own login says who she is.
    pub(super) fn protected(database: &'a Database) -> Self {
        let args = vec!["--rls-user".to_owned(), SEATTLE.to_owned()];
        let (login, url) = ("zava_seattle".to_owned(), database.url(SEATTLE));
        let mut stage = Self { name: "protected", login, args, url, ..Self::original(database) };
        stage.secrets.add(database, "SELECT store_name FROM retail.stores WHERE store_id <> 1");
        stage.secrets.add(database, "SELECT rls_user_id::text FROM retail.stores WHERE store_id <> 1");
        for (name, value) in &mut stage.fill {
            match *name {
                "login" => value.clone_from(&stage.login),
                "other_login" => "zava_bellevue".clone_into(value),
                _ => {}
            }
        }
        stage
    }

    /// Head office after `db protect`: nothing is hidden from it, and it changes nothing either.
    pub(super) fn protected_head_office(database: &'a Database) -> Self {
        let mut stage = Self::protected(database);
        stage.name = "protected, head office";
        "zava_hq".clone_into(&mut stage.login);
        stage.args = vec!["--rls-user".to_owned(), HEAD_OFFICE.to_owned()];
        stage.url = database.url(HEAD_OFFICE);
        stage.secrets = Secrets::default();
        for (name, value) in &mut stage.fill {
            match *name {
                "own" => "1, 2, 3, 4, 5, 6, 7, 8".clone_into(value),
                "own_manager" => HEAD_OFFICE.clone_into(value),
                "login" => value.clone_from(&stage.login),
                _ => {}
            }
        }
        stage
    }

    /// The cases that this database understands, as it has their tables and columns, or that must fail by an unknown name.
    pub(super) fn understood(&self, mut cases: Vec<Case>) -> Vec<Case> {
        let asked = |case: &Case| -> Vec<String> {
            let texts = [&case.sql, &case.value_sql].into_iter().flatten();
            texts.map(|sql| filled(sql, &self.fill)).collect()
        };
        cases.retain(|case| {
            case.by_unknown() || asked(case).iter().all(|sql| self.database.knows_names_of(sql))
        });
        cases
    }

    /// Waits until no other test asks as the same login: what is left open is looked for by login.
    pub(super) fn alone(&self) -> MutexGuard<'static, ()> {
        static LOGINS: Mutex<BTreeMap<String, &'static Mutex<()>>> = Mutex::new(BTreeMap::new());
        let who = format!("{} {}", self.database.name, self.login);
        let mut logins = LOGINS.lock().unwrap_or_else(PoisonError::into_inner);
        let login: &'static Mutex<()> = logins.entry(who).or_insert_with(|| Box::leak(Box::default()));
        drop(logins);
        login.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A server process, with more arguments.
    pub(super) fn serve(&self, more: &[&str]) -> Client {
        let args: Vec<&str> = self.args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        Client::spawn(&args, &[("DATABASE_URL", &self.url)])
    }

    /// The state of the session, which no case may change.
    pub(super) fn state(client: &mut Client) -> serde_json::Value {
        client.query(STATE)["r"].clone()
    }
}
