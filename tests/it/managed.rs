//! A managed server: the owner may make roles and databases, and nobody is a superuser.

use serde_json::Value;

use crate::search::double::Double;
use crate::support::mcp::Client;
use crate::support::shop::{HEAD_OFFICE, PUGET_SOUND, REDMOND, SEATTLE};
use crate::throw_away::{Answer, ThrowAway};

const STORES: &str = "SELECT string_agg(name, ',' ORDER BY name) FROM retail.stores";

/// A server whose superuser is out of reach from here on, and the owner that its provider hands out.
struct Managed {
    server: ThrowAway,
}

impl Managed {
    fn new() -> Self {
        let server = ThrowAway::new();
        server.ok(&["db", "up"]);
        server.script("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD 'keeper'");
        Self { server }
    }

    fn url(&self, login: &str, password: &str, database: &str) -> String {
        let socket = self.server.data().join("socket");
        format!("host='{}' dbname={database} user={login} password={password}", socket.display())
    }

    fn run(&self, database: &str, args: &[&str]) -> Answer {
        let url = self.url("keeper", "keeper", database);
        self.server.run(&[args, &["--admin-url", &url]].concat())
    }

    #[track_caller]
    fn ok(&self, database: &str, args: &[&str]) -> String {
        let answer = self.run(database, args);
        assert_eq!(answer.code, Some(0), "{args:?}: {answer:?}");
        answer.stdout
    }

    /// Makes the shop. This pgvector is not marked as trusted, so it takes whoever runs the server once.
    #[track_caller]
    fn shop(&self) -> String {
        let refused = self.run("shop", &["db", "create"]);
        assert!(refused.stderr.contains("(pgvector_refused)"), "{refused:?}");
        assert!(refused.stderr.contains("azure.extensions"), "{refused:?}");
        self.server.script_in("shop", "CREATE EXTENSION vector WITH SCHEMA public");
        refused.stdout + &self.ok("shop", &["db", "create"])
    }

    /// Adds an identity; its connection string.
    #[track_caller]
    fn add(&self, database: &str, id: &str, more: &[&str]) -> String {
        let said = self.ok(database, &[&["identity", "add", "--rls-user", id], more].concat());
        let url = said.lines().find(|line| line.starts_with("host=")).unwrap_or_else(|| panic!("{said}"));
        url.to_owned()
    }
}

fn doctor(server: &ThrowAway, id: &str, url: &str) -> (Option<i32>, Vec<Value>) {
    let mut command = server.command(&["doctor", "--json", "--rls-user", id]);
    command.env("DATABASE_URL", url).env("EMBEDDING_PROVIDER", "none");
    let output = command.output().expect("it runs");
    (output.status.code(), serde_json::from_slice(&output.stdout).expect("JSON"))
}

fn client(id: &str, url: &str) -> Client {
    Client::spawn(&["--rls-user", id], &[("DATABASE_URL", url)])
}

#[test]
fn an_owner_without_a_superuser_makes_fills_and_serves_a_shop() {
    let managed = Managed::new();
    let created = managed.shop();
    assert!(
        created.contains("created the database shop") && created.contains("needs a superuser"),
        "{created}"
    );
    let again = managed.ok("shop", &["db", "create"]);
    assert!(again.contains("nothing was changed"), "{again}");
    let sizes = ["--customers", "200", "--orders", "1000", "--until", "2026-06-30"];
    let seeded = managed.ok("shop", &[&["db", "seed"][..], &sizes].concat());
    assert!(seeded.contains("1000 orders"), "{seeded}");
    managed.ok("shop", &[&["db", "seed", "--replace", "--yes"][..], &sizes].concat());

    let seattle = managed.add("shop", SEATTLE, &["--store", "Zava Retail Seattle"]);
    let redmond = managed.add("shop", REDMOND, &["--store", "Zava Retail Redmond"]);
    let stores = ["--kind", "regional", "--store", "Zava Retail Seattle", "--store", "Zava Retail Redmond"];
    let region = managed.add("shop", PUGET_SOUND, &stores);
    let office = managed.add("shop", HEAD_OFFICE, &["--kind", "head_office"]);
    let listed = managed.ok("shop", &["identity", "list"]);
    assert!(listed.contains("Zava Retail Seattle") && listed.contains("all stores"), "{listed}");
    let refused = managed.run("shop", &["identity", "add", "--rls-user", REDMOND, "--store", "Nowhere"]);
    assert!(refused.stderr.contains("store_unknown"), "{refused:?}");
    // What was lifted to look at the stores is in force again.
    managed.server.script_in(
        "shop",
        "DO $$ BEGIN ASSERT (SELECT bool_and(relforcerowsecurity) AND count(*) = 5 FROM pg_class
           WHERE relnamespace = 'retail'::regnamespace AND relrowsecurity); END $$",
    );

    let all = client(HEAD_OFFICE, &office).query(STORES);
    assert_eq!(all["r"][0][0].as_str().expect("text").split(',').count(), 8, "{all}");
    for (id, url, sees) in [
        (SEATTLE, &seattle, "Zava Retail Seattle"),
        (REDMOND, &redmond, "Zava Retail Redmond"),
        (PUGET_SOUND, &region, "Zava Retail Redmond,Zava Retail Seattle"),
    ] {
        let mut client = client(id, url);
        assert_eq!(client.value(STORES), sees);
        let orders = client.query("SELECT count(*) > 0, count(DISTINCT store_id) FROM retail.orders");
        assert_eq!(orders["r"][0][0], true, "{orders}");
        assert_eq!(orders["r"][0][1], sees.split(',').count(), "{orders}");
    }
    // Another's login is no way in.
    let said = client(REDMOND, &seattle).refused(STORES);
    assert!(said.starts_with("AUTHORIZATION_ERROR (identity_mismatch)"), "{said}");
}

#[test]
fn doctor_grades_it_b_and_names_what_stays_open() {
    let managed = Managed::new();
    managed.shop();
    managed.ok("shop", &["db", "seed", "--customers", "50", "--orders", "300", "--until", "2026-06-30"]);
    let seattle = managed.add("shop", SEATTLE, &["--store", "Zava Retail Seattle"]);
    let (code, findings) = doctor(&managed.server, SEATTLE, &seattle);
    let named =
        |name: &str| findings.iter().find(|finding| finding["name"] == name).cloned().unwrap_or_default();
    assert_eq!(code, Some(0), "{findings:?}");
    assert!(named("identity")["detail"].as_str().expect("text").contains("proven"), "{findings:?}");
    assert!(named("grade")["detail"].as_str().expect("text").contains('B'), "{findings:?}");
    let bad: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["outcome"] != "ok")
        .map(|finding| finding["name"].as_str().expect("a name"))
        .filter(|name| *name != "grade")
        .collect();
    assert_eq!(
        bad,
        ["strict_profile", "strict_profile", "statistics", "sampling", "temp_files"],
        "{findings:?}"
    );
}

/// What the strict profile would close stays open; whose rows are shown does not depend on it.
#[test]
fn the_identity_holds_without_the_strict_profile() {
    let managed = Managed::new();
    managed.shop();
    managed.ok("shop", &["db", "seed", "--customers", "200", "--orders", "1000", "--until", "2026-06-30"]);
    let seattle = managed.add("shop", SEATTLE, &["--store", "Zava Retail Seattle"]);
    managed.add("shop", REDMOND, &["--store", "Zava Retail Redmond"]);
    let mut client = client(SEATTLE, &seattle);
    let mine = client.value("SELECT count(*) FROM retail.orders");
    assert_ne!(mine, 0);
    for attack in [
        format!("WITH x AS MATERIALIZED (SELECT set_config('app.current_rls_user_id', '{REDMOND}', true)) SELECT (SELECT count(*) FROM retail.orders) FROM x"),
        "WITH x AS MATERIALIZED (SELECT set_config('row_security', 'off', true)) SELECT (SELECT count(*) FROM retail.orders) FROM x".to_owned(),
        "WITH x AS MATERIALIZED (SELECT set_config('role', 'zava_owner', true)) SELECT (SELECT count(*) FROM retail.orders) FROM x".to_owned(),
        "WITH x AS MATERIALIZED (SELECT set_config('session_authorization', 'keeper', true)) SELECT (SELECT count(*) FROM retail.orders) FROM x".to_owned(),
        "WITH x AS MATERIALIZED (SELECT set_config('search_path', 'retail', true)) SELECT (SELECT count(*) FROM retail.orders) FROM x".to_owned(),
        "SELECT (xpath('//c/text()', query_to_xml('SELECT count(*) AS c FROM retail.orders', false, true, '')))[1]::text::bigint".to_owned(),
        "SELECT count(*) FROM retail.orders TABLESAMPLE SYSTEM (100)".to_owned(),
    ] {
        let called = client.call("execute_sales_query", serde_json::json!({"postgresql_query": attack}));
        let rows = called.structured.as_ref().map(|answer| answer["r"][0][0].clone());
        assert!(called.is_error || rows == Some(mine.clone()), "{attack}: {}", called.text);
    }
    for write in [
        "SELECT lo_create(0) FROM retail.stores",
        "WITH gone AS (DELETE FROM retail.orders RETURNING 1) SELECT count(*) FROM gone",
        "SELECT query_to_xml('DELETE FROM retail.orders', false, true, '')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT count(*) FROM zava_admin.applied_step",
        "SELECT count(*) FROM pg_authid",
    ] {
        client.refused(write);
    }
    assert_eq!(client.value("SELECT count(*) FROM retail.orders"), mine);
    assert_eq!(client.value("SELECT count(*) FROM zava.principal"), 1);
}

#[test]
fn vectors_are_made_and_people_leave_without_a_superuser() {
    let managed = Managed::new();
    managed.shop();
    managed.ok("shop", &["db", "seed", "--customers", "50", "--orders", "300", "--until", "2026-06-30"]);
    let model = Double::start();
    let url = managed.url("keeper", "keeper", "shop");
    let mut embed = managed.server.command(&["embed", "--admin-url", &url]);
    embed.envs(model.environment());
    let answer = Answer::from(embed.output().expect("it runs"));
    assert!(answer.code == Some(0) && answer.stdout.contains("Embedded 448 products"), "{answer:?}");

    let seattle = managed.add("shop", SEATTLE, &["--store", "Zava Retail Seattle"]);
    assert_eq!(client(SEATTLE, &seattle).value(STORES), "Zava Retail Seattle");
    let removed = managed.ok("shop", &["identity", "remove", "--rls-user", SEATTLE]);
    assert!(removed.contains("and its login"), "{removed}");
    let said = client(SEATTLE, &seattle).refused(STORES);
    assert!(said.starts_with("DATABASE_ERROR (login_refused)"), "{said}");
}

#[test]
fn a_database_of_the_owner_is_protected_and_its_policies_are_laid_over() {
    let managed = Managed::new();
    managed.server.script("CREATE DATABASE theirs OWNER keeper");
    managed.server.script_in(
        "theirs",
        &format!(
            "SET ROLE keeper; CREATE SCHEMA retail;
             CREATE TABLE retail.stores (store_id int PRIMARY KEY, store_name text UNIQUE, rls_user_id uuid);
             CREATE TABLE retail.orders (order_id int PRIMARY KEY, store_id int REFERENCES retail.stores, order_date date);
             INSERT INTO retail.stores VALUES (1, 'One', '{SEATTLE}'), (2, 'Two', '{REDMOND}');
             INSERT INTO retail.orders SELECT n, 1 + n % 2, '2026-01-01' FROM generate_series(1, 9) AS n"
        ),
    );
    let done = managed.ok("theirs", &["db", "protect"]);
    assert!(done.contains("protected  retail.orders") && done.contains("needs a superuser"), "{done}");
    let urls: Vec<&str> = done.lines().filter(|line| line.starts_with("host=")).collect();
    assert_eq!(urls.len(), 2, "{done}");
    let counts: Vec<Value> = [(SEATTLE, urls[0]), (REDMOND, urls[1])]
        .map(|(id, url)| client(id, url).value("SELECT count(*) FROM retail.orders"))
        .into();
    assert_eq!(counts, [4, 5]);
    let again = managed.ok("theirs", &["db", "protect"]);
    assert!(again.contains("nothing was changed"), "{again}");
}

#[test]
fn what_only_somebody_else_can_mend_is_said_before_anything_is_changed() {
    let managed = Managed::new();
    managed.server.script("CREATE ROLE zava_owner; CREATE ROLE zava_manager");
    let answer = managed.run("shop", &["db", "create"]);
    assert!(
        answer.stderr.contains("(foreign_roles)") && answer.stderr.contains("WITH ADMIN OPTION"),
        "{answer:?}"
    );
    managed.server.script("GRANT zava_owner, zava_manager TO keeper WITH ADMIN OPTION");
    managed.shop();

    managed.server.script("CREATE DATABASE elsewhere OWNER keeper");
    managed
        .server
        .script_in("elsewhere", "CREATE SCHEMA extensions; CREATE EXTENSION vector WITH SCHEMA extensions");
    let answer = managed.run("elsewhere", &["db", "create"]);
    assert!(
        answer.stderr.contains("(pgvector_elsewhere)") && answer.stderr.contains("SET SCHEMA public"),
        "{answer:?}"
    );
    managed.server.script_in("elsewhere", "ALTER EXTENSION vector SET SCHEMA public");
    managed.ok("elsewhere", &["db", "create"]);
}
