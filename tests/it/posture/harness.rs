//! A database to break, with a login of its own, and what `doctor` and the server say about it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::{Case, Mend, Then, command};
use crate::support::mcp::Client;
use crate::support::shop::{Database, connect};
use crate::throw_away::{Answer, block_on};

const PASSWORD: &str = "hunter2";

/// A copy of the seeded shop and a login, both gone with the value.
pub(super) struct Broken {
    database: Option<Database>,
    /// The login. Roles belong to the whole server: all that a harm makes begin with this name.
    pub(super) me: String,
    id: String,
}

/// What `doctor --json` printed.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) code: Option<i32>,
    pub(super) findings: Vec<Finding>,
}

/// One line of it.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) outcome: String,
    pub(super) detail: String,
    pub(super) remedy: String,
}

impl Broken {
    /// A copy with a new login, which is the manager of the Tacoma store.
    pub(super) fn copy() -> Self {
        let broken = Self::of(Database::copy());
        broken.harm(
            "CREATE ROLE {me} LOGIN PASSWORD 'hunter2' IN ROLE zava_manager; ALTER ROLE {me} SET temp_file_limit = '1GB';
             UPDATE retail.stores SET manager_id = '{id}' WHERE name = 'Zava Retail Tacoma';
             INSERT INTO zava.principal VALUES ('{me}', '{id}', 'store', 'Tacoma');
             INSERT INTO zava.principal_store SELECT '{me}', store_id FROM retail.stores WHERE manager_id = '{id}'",
        );
        broken
    }

    /// A database to which nothing was done yet.
    pub(super) fn of(database: Database) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let me = format!("zava_it_{}_{number}", std::process::id());
        let id = format!("{:08x}-0000-4000-8000-{number:012x}", std::process::id());
        Self { database: Some(database), me, id }
    }

    pub(super) fn database(&self) -> &Database {
        self.database.as_ref().expect("not dropped yet")
    }

    /// Fills in the names.
    pub(super) fn named(&self, sql: &str) -> String {
        sql.replace("{me}", &self.me).replace("{db}", &self.database().name).replace("{id}", &self.id)
    }

    /// Runs a script as the superuser.
    pub(super) fn harm(&self, sql: &str) {
        self.database().script(&self.named(sql));
    }

    fn url(&self) -> String {
        self.database().url_as(&self.me, PASSWORD)
    }

    /// What the server answers to the simplest question, and what it logs.
    pub(super) fn ask(&self, flags: &[&str]) -> (String, String) {
        let args = [&["--rls-user", self.id.as_str()], flags].concat();
        let mut client = Client::spawn(&args, &[("DATABASE_URL", &self.url())]);
        let text = client.call("execute_sales_query", json!({"postgresql_query": "SELECT 1"})).text;
        let (code, log) = client.hang_up();
        assert_eq!(code, Some(0), "{log}");
        (text, log)
    }

    /// What a server of this database answers, for more than one question.
    pub(super) fn serve(&self, flags: &[&str]) -> Client {
        let args = [&["--rls-user", self.id.as_str()], flags].concat();
        Client::spawn(&args, &[("DATABASE_URL", &self.url())])
    }

    /// What `doctor` says.
    pub(super) fn doctor(&self, flags: &[&str]) -> Report {
        let args = [&["doctor", "--json", "--rls-user", self.id.as_str()], flags].concat();
        let mut command = self.database().admin(&args);
        let answer = Answer::from(command.env("DATABASE_URL", self.url()).output().expect("it runs"));
        let findings: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
        let text =
            |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let read = |finding| Finding {
            name: text(finding, "name"),
            outcome: text(finding, "outcome"),
            detail: text(finding, "detail"),
            remedy: text(finding, "remedy"),
        };
        Report {
            code: answer.code,
            findings: findings.as_array().expect("a list").iter().map(read).collect(),
        }
    }

    /// Runs every remedy that `doctor` names, until it names none; the server must serve then.
    pub(super) fn mend(&self, harm: &str, mut report: Report, flags: &[&str]) {
        for _ in 0..4 {
            let bad: Vec<Finding> = report.bad().cloned().collect();
            if bad.is_empty() {
                let (text, _) = self.ask(flags);
                assert!(text.starts_with('{') && report.code == Some(0), "{harm}: {text} {report:?}");
                return;
            }
            for finding in bad {
                self.apply(harm, &finding);
            }
            report = self.doctor(flags);
        }
        panic!("{harm}: not mended by what doctor names: {report:?}");
    }

    fn apply(&self, harm: &str, finding: &Finding) {
        let command_line = finding.remedy.split(',').next().expect("a command");
        if let Some(file) = command_line.strip_prefix("psql -f ") {
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            return self.harm(&std::fs::read_to_string(file).expect("the remedy's file"));
        }
        let Some(args) = command_line.strip_prefix("zava-mcp ") else { return self.harm(&finding.remedy) };
        let args: Vec<&str> = args.split(' ').collect();
        let answer = command(self.database(), &args);
        assert_eq!(answer.code, Some(0), "{harm}: {finding:?} {answer:?}");
    }
}

impl Report {
    /// Findings about safety that are not as they should be.
    pub(super) fn bad(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.outcome != "ok" && finding.name != "grade")
    }

    /// The first finding of a check that is not as it should be.
    pub(super) fn finding(&self, check: &str) -> Option<&Finding> {
        self.bad().find(|finding| finding.name == check)
    }

    /// The letter.
    pub(super) fn grade(&self) -> &str {
        let grade = self.findings.iter().find(|finding| finding.name == "grade").expect("a grade");
        grade.detail.split(':').next().expect("a letter")
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        drop(self.database.take());
        let drop_roles = format!(
            "DO $$ DECLARE r name; BEGIN
               FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE '{}%' ORDER BY length(rolname) DESC LOOP
                 EXECUTE format('DROP OWNED BY %I; DROP ROLE %I', r, r);
               END LOOP; END $$",
            self.me
        );
        let _ = block_on(async { connect("postgres").await.script("drop the login", &drop_roles).await });
    }
}

/// Writes a line of `target/posture.md`. The tests run side by side: whoever is last has them all.
pub(super) fn note(broken: &Broken, (harm, check, then, mend): &Case, remedy: &str) {
    static LINES: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let harm = harm.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let then = match then {
        Then::Refused(reason) => format!("refused: `{reason}`"),
        Then::Warned => "warned".to_owned(),
    };
    let mended = if *mend == Mend::AsNamed { "ran" } else { "for a person" };
    let remedy = remedy
        .replace(&broken.me, "{me}")
        .replace(&broken.id, "{id}")
        .replace(&broken.database().name, "{db}");
    let short: String = remedy.chars().take(160).collect();
    let line = format!("| `{check}` | `{harm}` | {then} | {mended}: `{short}` |");
    let mut lines = LINES.lock().expect("no test panics here");
    lines.insert(format!("{check} {harm}"), line);
    let head = "# Posture\n\nDatabases broken on purpose, what the server did, and what `zava-mcp doctor` named.\n\n\
        | check | harm | server | remedy |\n|---|---|---|---|\n";
    let text = format!("{head}{}\n", lines.values().cloned().collect::<Vec<_>>().join("\n"));
    let target = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let file = target.join("posture.md");
    std::fs::write(file, text).expect("target/ can be written");
}
