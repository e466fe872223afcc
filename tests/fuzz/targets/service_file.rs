//! Any service file and any password file of libpq: a password in them shows nowhere, and is found where it belongs.
//!
//! Input: the service file, a line of three dashes, the password file.
#![no_main]

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use zava_mcp::settings::{ConnectionArgs, stored_password};
use zava_mcp_fuzz::{SCRATCH, SECRET};

static FILES: LazyLock<[PathBuf; 2]> = LazyLock::new(|| {
    let [services, passwords] = ["services", "passwords"].map(|name| SCRATCH.join(name));
    for file in [&services, &passwords] {
        std::fs::write(file, "").expect("writable");
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).expect("its owner's");
    }
    // SAFETY: no other thread is there yet that could read the environment.
    unsafe {
        std::env::set_var("PGSERVICE", "zava");
        std::env::set_var("PGSERVICEFILE", &services);
        std::env::set_var("PGPASSFILE", &passwords);
    }
    [services, passwords]
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(data) else { return Corpus::Reject };
    // Who finds the password himself may write it where it shows.
    if input.contains(SECRET) {
        return Corpus::Reject;
    }
    let (settings, lines) = input.split_once("\n---\n").unwrap_or((input, ""));
    let [services, passwords] = &*FILES;
    std::fs::write(services, format!("[zava]\npassword={SECRET}\n{settings}")).expect("writable");
    let shown = match ConnectionArgs::default().source() {
        Ok(source) => format!("{source:?}"),
        Err(error) => format!("{error:?} {error}"),
    };
    assert!(!shown.contains(SECRET), "{shown}");
    std::fs::write(passwords, format!("{lines}\n*:*:*:zava_seattle:{SECRET}\n")).expect("writable");
    assert!(stored_password("db.example", 5432, "zava", "zava_seattle").is_some());
    Corpus::Keep
});
