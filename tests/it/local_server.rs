//! The managed local PostgreSQL survives everything that happens to a program on somebody's machine.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process};

use crate::throw_away::{Answer, ThrowAway};

const UP: &[&str] = &["db", "up"];
const DOWN: &[&str] = &["db", "down"];
const STATUS: &[&str] = &["db", "status"];

/// How often a server became ready, by its own log.
fn starts(server: &ThrowAway) -> usize {
    let log = std::fs::read_to_string(server.data().join("server.log")).expect("a log");
    log.matches("ready to accept connections").count()
}

fn signal(pid: i32, signal: Signal) {
    kill_process(Pid::from_raw(pid).expect("a pid"), signal).expect("it lives");
}

#[test]
fn data_outlives_down_and_up() {
    let server = ThrowAway::new();
    assert!(server.ok(UP).contains("Made a new PostgreSQL cluster"));
    server.script("CREATE EXTENSION vector; CREATE TABLE kept AS SELECT 'still here' AS word");
    assert!(server.ok(DOWN).contains("stopped"));
    assert!(server.ok(DOWN).contains("was not running"));
    assert!(server.ok(UP).contains("PostgreSQL started"));
    assert_eq!(server.value("SELECT word FROM kept"), "still here");
}

#[test]
fn a_second_up_changes_nothing() {
    let server = ThrowAway::new();
    server.ok(UP);
    let pid = server.pid();
    assert!(server.ok(UP).contains("already running"));
    assert_eq!((server.pid(), starts(&server)), (pid, 1));
}

#[test]
fn ten_ups_at_once_all_succeed_with_one_server() {
    let server = ThrowAway::new();
    for round in 1..=2 {
        let ups: Vec<Child> = (0..10).map(|_| server.command(UP).spawn().expect("it runs")).collect();
        for up in ups {
            let answer = Answer::from(up.wait_with_output().expect("it ends"));
            assert_eq!(answer.code, Some(0), "{answer:?}");
        }
        assert_eq!(starts(&server), round);
        server.ok(DOWN);
    }
}

#[test]
fn up_recovers_from_a_killed_server() {
    let server = ThrowAway::new();
    server.ok(UP);
    server.script("CREATE TABLE kept AS SELECT 'committed' AS word");
    signal(server.pid(), Signal::KILL);
    server.ok(UP);
    assert_eq!(server.value("SELECT word FROM kept"), "committed");
}

#[test]
fn up_recovers_when_a_process_of_the_killed_server_hangs_on() {
    let server = ThrowAway::new();
    server.ok(UP);
    let checkpointer = "SELECT pid::text FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
    let checkpointer = server.value(checkpointer).parse().expect("a pid");
    signal(checkpointer, Signal::STOP);
    signal(server.pid(), Signal::KILL);
    server.ok(UP);
    assert_eq!(starts(&server), 2);
}

#[test]
fn pid_files_that_now_name_another_living_program_are_seen_through() {
    let server = ThrowAway::new();
    server.ok(UP);
    let notes = ["cluster/postmaster.pid", "socket/.s.PGSQL.5432.lock"].map(|name| server.data().join(name));
    let texts = notes.clone().map(|note| std::fs::read_to_string(note).expect("it runs"));
    let pid = server.pid().to_string();
    server.ok(DOWN);

    // Of the same user, because PostgreSQL already sees through those of others.
    let owner = std::fs::metadata(server.data().join("cluster")).expect("a cluster").uid();
    let mut sleep = Command::new("sleep");
    let mut other = sleep.arg("60").uid(owner).spawn().expect("sleep runs");
    for (note, text) in notes.iter().zip(&texts) {
        std::fs::write(note, text.replacen(&pid, &other.id().to_string(), 1)).expect("written");
    }
    assert_eq!(server.status("state"), r#""stopped""#);
    assert!(server.ok(DOWN).contains("was not running"));
    server.ok(UP);
    assert!(matches!(other.try_wait(), Ok(None)), "the other program is left alone");
    other.kill().and_then(|()| other.wait()).expect("ended");
}

#[test]
fn a_lock_file_that_was_left_behind_locks_nobody_out() {
    let server = ThrowAway::new();
    std::fs::create_dir(server.data()).expect("made");
    std::fs::write(server.data().join("up.lock"), "").expect("written");
    std::fs::create_dir(server.data().join("scratch-1")).expect("made");
    server.ok(UP);
    assert!(!server.data().join("scratch-1").exists(), "what a killed `up` left is cleared away");
}

#[test]
fn up_killed_at_any_moment_leaves_nothing_that_the_next_one_cannot_use() {
    let server = ThrowAway::new();
    for milliseconds in [5, 30, 80, 150, 250, 350] {
        let mut up = server.command(UP).spawn().expect("it runs");
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        up.kill().and_then(|()| up.wait()).expect("killed");
    }
    server.ok(UP);
    assert_eq!(server.value("SHOW password_encryption"), "scram-sha-256");
    let scratch = std::fs::read_dir(server.data()).expect("listed").flatten();
    let scratch = scratch.filter(|entry| entry.file_name().to_string_lossy().starts_with("scratch-"));
    assert_eq!(scratch.count(), 0);
}

#[test]
fn without_binaries_there_is_one_error_and_nothing_is_made() {
    let server = ThrowAway::new();
    let mut up = server.command(UP);
    let answer = Answer::from(up.env_remove("ZAVA_PG_BIN_DIR").output().expect("it runs"));
    assert!(answer.refusal("binaries_missing").contains("scripts/install-postgres"));
    assert!(!server.data().exists());
}

#[test]
fn reset_asks_first_and_then_removes_everything_but_the_binaries() {
    let server = ThrowAway::new();
    server.ok(UP);
    server.refused(&["db", "reset"], "not_confirmed");
    assert_eq!(server.status("state"), r#""running""#);
    server.ok(&["db", "reset", "--yes"]);
    let left = std::fs::read_dir(server.data()).expect("listed").flatten().map(|entry| entry.file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["up.lock"]);
    assert!(server.ok(UP).contains("Made a new"));
}

#[test]
fn a_data_directory_may_have_spaces_quotes_and_other_oddities() {
    let server = ThrowAway::named("it's a \"dir\", $HOME \\ ü");
    server.ok(UP);
    assert_eq!(server.value("SELECT 'reached'"), "reached");
    server.ok(DOWN);
}

#[test]
fn a_moved_data_directory_still_works() {
    let server = ThrowAway::new();
    server.ok(UP);
    server.ok(DOWN);
    let moved = server.outer().join("moved");
    std::fs::rename(server.data(), &moved).expect("moved");
    std::os::unix::fs::symlink(&moved, server.data()).expect("linked");
    assert!(server.ok(UP).contains("PostgreSQL started"));
}

#[test]
fn a_data_directory_too_long_for_a_socket_is_refused_before_anything_is_made() {
    let server = ThrowAway::named(&"d".repeat(100));
    let refusal = server.refused(UP, "data_dir_too_long");
    assert!(refusal.contains("take 107"), "{refusal}");
    assert!(!server.data().exists());
}

#[test]
fn a_data_directory_that_cannot_be_made_is_one_error() {
    let server = ThrowAway::named("file/d");
    std::fs::write(server.outer().join("file"), "").expect("written");
    server.refused(UP, "data_dir_unusable");
}

#[test]
fn a_cluster_without_its_passwords_says_so_and_can_be_reset() {
    let server = ThrowAway::new();
    server.ok(UP);
    server.ok(DOWN);
    std::fs::remove_file(server.data().join("credentials.json")).expect("removed");
    server.refused(UP, "credentials_missing");
    server.ok(&["db", "reset", "--yes"]);
    server.ok(UP);
}

#[test]
fn a_start_that_postgresql_refuses_gives_its_reason() {
    let server = ThrowAway::new();
    server.ok(UP);
    server.ok(DOWN);
    std::fs::write(server.data().join("cluster/postgresql.auto.conf"), "no_such_setting = 1\n")
        .expect("written");
    assert!(server.refused(UP, "start_failed").contains("no_such_setting"));
}

#[test]
fn status_names_each_state_and_only_running_is_a_success() {
    let server = ThrowAway::new();
    let mut status = server.command(&["db", "status", "--json"]);
    let answer = Answer::from(status.env_remove("ZAVA_PG_BIN_DIR").output().expect("it runs"));
    assert!(answer.stdout.contains("not_installed"), "{answer:?}");
    server.refused(STATUS, "not_running");
    assert_eq!(server.status("state"), r#""no_cluster""#);
    server.ok(UP);
    assert!(server.ok(STATUS).contains("running"));
    assert!(server.status("bytes").parse::<u64>().expect("a number") > 20_000_000);
    server.ok(DOWN);
    server.refused(STATUS, "not_running");
    assert_eq!(server.status("state"), r#""stopped""#);
}
