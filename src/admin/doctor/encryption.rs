//! How connections to the database are encrypted, and whether the server's certificate is checked.

use super::finding::Finding;
use crate::database::{Target, TlsMode};

const NAME: &str = "encryption";
const VERIFY: &str = "give --sslmode verify-full with --sslrootcert FILE, or `system` for the authorities that this machine \
     trusts (PGSSLMODE, PGSSLROOTCERT)";

/// What the last connection was like.
pub(super) fn finding(target: &Target) -> Finding {
    let tls = target.tls();
    let mode = tls.mode();
    match tls.checked_against() {
        Some(against) if tls.is_encrypted() => {
            let name = if mode == TlsMode::VerifyFull { ", and its name against the host" } else { "" };
            let shown = if tls.shows_certificate() { "; a client certificate is shown" } else { "" };
            let detail = format!("TLS; the server's certificate is checked against {against}{name}{shown}");
            Finding::ok(NAME, detail)
        }
        None if tls.is_encrypted() => {
            let detail = format!(
                "TLS, but whose server it is nobody checks: sslmode={mode} without sslrootcert takes any certificate"
            );
            Finding::warn(NAME, detail, VERIFY)
        }
        _ if target.stays_here() => Finding::ok(NAME, "none, and none is needed on this machine"),
        _ if mode == TlsMode::Disable => Finding::warn(NAME, "none: sslmode=disable", VERIFY),
        _ => Finding::warn(
            NAME,
            format!("none: the server does not offer TLS, and sslmode={mode} asks no more"),
            VERIFY,
        ),
    }
}
