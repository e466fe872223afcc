//! The managed local PostgreSQL is reached by its owner and by nobody else.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use zava_mcp::database::Owner;

use crate::throw_away::{ThrowAway, block_on};

const UP: &[&str] = &["db", "up"];

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777
}

#[test]
fn only_the_owner_can_read_the_passwords_and_enter_the_socket_directory() {
    let server = ThrowAway::new();
    server.ok(UP);
    assert_eq!(mode(&server.data().join("credentials.json")), 0o600);
    assert_eq!(mode(&server.data().join("socket")), 0o700);
    assert_eq!(mode(&server.data().join("cluster")), 0o700);
}

#[test]
fn a_wrong_password_is_refused_and_passwords_are_kept_as_scram() {
    let server = ThrowAway::new();
    server.ok(UP);
    let mut config = server.server().owner_config("postgres").expect("credentials");
    config.password("wrong");
    let refused = block_on(Owner::connect(&config)).err().expect("refused");
    assert_eq!(refused.sqlstate(), Some("28P01"));
    let kept = server.value("SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = 'postgres'");
    assert_eq!(kept, "SCRAM-SHA-256$");
}

#[test]
fn no_network_port_is_listened_on() {
    let server = ThrowAway::new();
    server.ok(UP);
    assert_eq!(server.value("SHOW listen_addresses"), "");
    let files = std::fs::read_dir(format!("/proc/{}/fd", server.pid())).expect("Linux").flatten();
    let links: Vec<String> =
        files.filter_map(|file| Some(std::fs::read_link(file.path()).ok()?.display().to_string())).collect();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let table = std::fs::read_to_string(table).unwrap_or_default();
        let inodes = table.lines().skip(1).filter_map(|line| line.split_whitespace().nth(9));
        assert!(!inodes.into_iter().any(|inode| links.contains(&format!("socket:[{inode}]"))));
    }
}
