//! Certificates of authorities, servers and people, made for one test.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;

/// Somebody who signs.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    dir: tempfile::TempDir,
}

/// A certificate and its key.
pub(super) struct Made {
    der: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Authority {
    pub(super) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        Self { issuer, dir: tempfile::tempdir().expect("a directory") }
    }

    /// The file for `sslrootcert`.
    pub(super) fn file(&self) -> String {
        let path = self.dir.path().join("root.crt");
        std::fs::write(&path, self.issuer.pem()).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// A server's certificate for these hosts.
    pub(super) fn server(&self, hosts: &[&str]) -> Made {
        self.sign(params(hosts, ExtendedKeyUsagePurpose::ServerAuth))
    }

    /// A server's certificate whose time is over.
    pub(super) fn expired(&self, hosts: &[&str]) -> Made {
        let mut params = params(hosts, ExtendedKeyUsagePurpose::ServerAuth);
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        self.sign(params)
    }

    /// A client's certificate.
    pub(super) fn client(&self, name: &str) -> Made {
        self.sign(params(&[name], ExtendedKeyUsagePurpose::ClientAuth))
    }

    fn sign(&self, params: CertificateParams) -> Made {
        let key = KeyPair::generate().expect("a key");
        let made = params.signed_by(&key, &self.issuer).expect("a certificate");
        Made { der: made.der().clone(), pem: made.pem(), key }
    }

    fn store(&self) -> RootCertStore {
        let mut store = RootCertStore::empty();
        let der: &CertificateDer<'static> = self.issuer.der();
        store.add(der.clone()).expect("an authority");
        store
    }
}

/// A certificate that signs itself and claims to be an authority, as many servers have one.
pub(super) fn self_signed(hosts: &[&str]) -> Made {
    let mut params = params(hosts, ExtendedKeyUsagePurpose::ServerAuth);
    params.extended_key_usages.clear();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let made = params.self_signed(&key).expect("a certificate");
    Made { der: made.der().clone(), pem: made.pem(), key }
}

fn params(hosts: &[&str], purpose: ExtendedKeyUsagePurpose) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut params = CertificateParams::new(hosts).expect("parameters");
    params.distinguished_name.push(DnType::CommonName, "of a test");
    params.extended_key_usages.push(purpose);
    params
}

impl Made {
    /// Files for `sslcert` and `sslkey`, the key with that mode.
    pub(super) fn files(&self, dir: &Path, mode: u32) -> (PathBuf, PathBuf) {
        let (certificate, key) = (dir.join("postgresql.crt"), dir.join("postgresql.key"));
        std::fs::write(&certificate, &self.pem).expect("written");
        std::fs::write(&key, self.key.serialize_pem()).expect("written");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).expect("set");
        (certificate, key)
    }

    /// A line out of the middle of the key.
    pub(super) fn secret(&self) -> String {
        self.key.serialize_pem().lines().nth(1).expect("a line").to_owned()
    }

    /// A server that shows it, and demands a certificate of this authority from clients if there is one.
    pub(super) fn config(&self, clients: Option<&Authority>) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = match clients {
            Some(authority) => {
                let roots = Arc::new(authority.store());
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
                builder.with_client_cert_verifier(verifier.expect("a verifier"))
            }
            None => builder.with_no_client_auth(),
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let mut config = builder.with_single_cert(vec![self.der.clone()], key).expect("it fits");
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Arc::new(config)
    }
}
