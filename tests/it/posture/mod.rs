//! Databases broken on purpose: the server refuses or warns with the stated reason, `doctor` names what is wrong, and
//! the remedy that it names mends it.
//!
//! A harm is a script for the superuser; `{me}` is the login in question, `{db}` the database. What the runs showed is
//! written to `target/posture.md`.

mod asserted;
mod functions;
mod harness;
mod login;
mod policies;
mod protected;
mod rights;
mod sound;
mod strict;
mod tables;

use self::harness::Broken;
use crate::support::shop::Database;
use crate::throw_away::Answer;

/// What is expected of a harm.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// The server refuses with this reason.
    Refused(&'static str),
    /// The server serves and says so on its log.
    Warned,
}
use Then::{Refused, Warned};

/// How the remedy is tried.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mend {
    /// `doctor` names commands or SQL; they are run, and the database is sound again.
    AsNamed,
    /// `doctor` says what to do, which is for a person.
    ByHand,
}
use Mend::{AsNamed, ByHand};

/// A harm, the check that finds it, what follows, and how it is mended.
type Case = (&'static str, &'static str, Then, Mend);

/// Runs every case, each on a database that was sound before.
fn run(cases: &[Case]) {
    let mut mended: Option<Broken> = None;
    for case in cases {
        let (harm, .., mend) = case;
        let broken = mended.take().unwrap_or_else(Broken::copy);
        broken.harm(harm);
        holds(&broken, case, &[]);
        // Objects that a harm makes stay, and their names are taken.
        mended = (*mend == AsNamed && !harm.contains("CREATE")).then_some(broken);
    }
}

/// Checks one case; `flags` are those of the server.
#[track_caller]
fn holds(broken: &Broken, case: &Case, flags: &[&str]) {
    let (harm, check, then, mend) = case;
    let (text, log) = broken.ask(flags);
    let report = broken.doctor(flags);
    let finding = report.finding(check).unwrap_or_else(|| panic!("{harm}: no {check} in {report:?}"));
    assert!(!finding.remedy.is_empty(), "{harm}: a remedy for {finding:?}");
    match then {
        Refused(reason) => {
            let code = format!("AUTHORIZATION_ERROR ({reason})");
            assert!(text.starts_with(&code) && text.contains("\nNext: "), "{harm}: {text}\n{log}");
            assert_eq!((finding.outcome.as_str(), report.code), ("fail", Some(3)), "{harm}: {report:?}");
        }
        Warned => {
            assert!(text.starts_with('{'), "{harm}: {text}");
            assert!(log.contains("WARN") && log.contains(&format!("check=\"{check}\"")), "{harm}: {log}");
            assert_eq!((finding.outcome.as_str(), report.code), ("warn", Some(0)), "{harm}: {report:?}");
        }
    }
    harness::note(broken, case, &finding.remedy);
    if *mend == AsNamed {
        broken.mend(harm, report, flags);
    }
}

/// What an admin command answered, for tests that need more than one database.
fn command(database: &Database, args: &[&str]) -> Answer {
    Answer::from(database.admin(args).output().expect("it runs"))
}
