//! A full disk is one clear error, and room on it makes the next `up` work.
//!
//! These tests need a disk of their own. They make one in memory, in a mount namespace, which root may do on most
//! systems; where it may not, they say so on stderr and check nothing.

use std::process::Command;

use crate::throw_away::{Answer, ThrowAway};

/// Runs a shell script whose `$1` is a fresh disk with those options at the data directory, `$0` the binary.
fn on_small_disk(server: &ThrowAway, options: &str, script: &str) -> Option<Answer> {
    std::fs::create_dir(server.data()).expect("made");
    let mount = format!("mount -t tmpfs -o {options} tmpfs \"$1\" || exit 99\n{script}");
    let settings = server.command(&[]);
    let mut shell = Command::new("unshare");
    shell.args(["-m", "sh", "-c", &mount, env!("CARGO_BIN_EXE_zava-mcp")]).arg(server.data());
    shell.env_clear().envs(settings.get_envs().filter_map(|(key, value)| Some((key, value?))));
    let answer =
        shell.output().ok().map(Answer::from).filter(|answer| matches!(answer.code, Some(0 | 2..=98)));
    if answer.is_none() {
        eprintln!("SKIPPED: no mounts are allowed here");
    }
    answer
}

/// Takes an answer whose script ended with 10 plus the exit code of the command in question.
fn outcome(mut answer: Answer) -> Answer {
    answer.code = answer.code.map(|code| code - 10);
    answer
}

#[test]
fn where_mounts_are_allowed_a_disk_too_small_for_a_cluster_is_refused_beforehand() {
    let server = ThrowAway::new();
    let script = "\"$0\" db up; exit $((10 + $?))";
    let Some(answer) = on_small_disk(&server, "size=20m", script) else { return };
    outcome(answer).refusal("disk_full");
}

#[test]
fn where_mounts_are_allowed_a_disk_that_fills_up_while_the_cluster_is_made_keeps_nothing_of_it() {
    let server = ThrowAway::new();
    // Room enough, but not for so many files.
    let script = "\"$0\" db up; code=$?; ls -A \"$1\"; exit $((10 + code))";
    let Some(answer) = on_small_disk(&server, "size=200m,nr_inodes=300", script) else { return };
    let answer = outcome(answer);
    assert!(answer.refusal("init_failed").contains("No space left on device"), "{answer:?}");
    assert_eq!(answer.stdout, "up.lock\n");
}

#[test]
fn where_mounts_are_allowed_a_start_on_a_full_disk_says_so_and_works_again_with_room() {
    let server = ThrowAway::new();
    let script = "
        \"$0\" db up && \"$0\" db down || exit 98
        head -c 300m /dev/zero >\"$1/filler\" 2>/dev/null
        \"$0\" db up; code=$?
        rm \"$1/filler\"
        \"$0\" db up && \"$0\" db down || exit 98
        exit $((10 + code))";
    let Some(answer) = on_small_disk(&server, "size=150m", script) else { return };
    let answer = outcome(answer);
    assert!(answer.refusal("start_failed").contains("only 0 MB are free"), "{answer:?}");
}
