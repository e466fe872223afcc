//! Certificates and keys from files, as libpq reads them.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::verifier::Roots;
use crate::database::WireError;
use crate::settings::home_dir;

/// A client certificate with those that signed it, and its key.
pub(super) type Client = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// A file in libpq's directory, if it exists.
pub(super) fn usual(name: &str) -> Option<PathBuf> {
    home_dir().ok().map(|home| home.join(".postgresql").join(name)).filter(|path| path.is_file())
}

/// The authorities that this machine trusts.
pub(super) fn system() -> Result<Roots, WireError> {
    let found = rustls_native_certs::load_native_certs();
    Roots::of(found.certs).ok_or_else(|| {
        WireError::setting(
            "this machine has no certificates of authorities that it trusts",
            "install its package ca-certificates, or name a file in --sslrootcert",
        )
    })
}

/// The authorities of a file.
pub(super) fn roots(path: &Path) -> Result<Roots, WireError> {
    let certificates = certificates(path, "sslrootcert")?;
    Roots::of(certificates).ok_or_else(|| {
        WireError::setting(
            format!("{} (sslrootcert) holds no certificate that can be used", path.display()),
            "name a PEM file with the certificate of the authority that signed the server's",
        )
    })
}

/// A client certificate and its key. A key that others can read is refused, as libpq does.
pub(super) fn client(certificate: &Path, key: &Path) -> Result<Client, WireError> {
    let chain = certificates(certificate, "sslcert")?;
    is_private(key)?;
    let key_read = PrivateKeyDer::from_pem_file(key).map_err(|_| {
        WireError::setting(
            format!("{} (sslkey) holds no key that can be read", key.display()),
            "name the PEM file of the key, without a pass phrase: BEGIN PRIVATE KEY",
        )
    })?;
    Ok((chain, key_read))
}

fn certificates(path: &Path, option: &str) -> Result<Vec<CertificateDer<'static>>, WireError> {
    let unusable = |why: String| {
        WireError::setting(
            format!("{} ({option}) cannot be used: {why}", path.display()),
            "name a PEM file with certificates that this program may read",
        )
    };
    let found = CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
    let found: Result<Vec<_>, _> = found.collect();
    let found = found.map_err(|error| unusable(error.to_string()))?;
    if found.is_empty() { Err(unusable("it holds no certificate".to_owned())) } else { Ok(found) }
}

/// 0600 or less; of a key that is root's, its group may read it.
fn is_private(key: &Path) -> Result<(), WireError> {
    let about = std::fs::metadata(key).map_err(|error| {
        WireError::setting(
            format!("{} (sslkey) cannot be read: {error}", key.display()),
            "name the key of the client certificate in --sslkey or PGSSLKEY",
        )
    })?;
    let open = if about.uid() == 0 && !rustix::process::getuid().is_root() { 0o037 } else { 0o077 };
    if about.mode() & open == 0 {
        return Ok(());
    }
    Err(WireError::setting(
        format!("{} (sslkey) can be read by others and is therefore not used", key.display()),
        format!("chmod 600 {}", key.display()),
    ))
}
