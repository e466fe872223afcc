//! Encryption of connections: libpq's settings, over rustls. Also requests to cancel go through it.

mod binding;
mod files;
mod mode;
mod stream;
mod verifier;

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_rustls::TlsConnector;

use self::mode::SYSTEM;
pub use self::mode::TlsMode;
use self::stream::Encrypted;
use self::verifier::{Roots, Verifier};
use super::WireError;
use super::options::Options;

/// How the connections of one target are encrypted. Clones share what was read from files.
#[derive(Clone, Debug)]
pub struct Tls {
    mode: TlsMode,
    /// Against what the server's certificate is checked, in words; `None`: it is not.
    against: Option<String>,
    shows_certificate: bool,
    client: Option<Arc<ClientConfig>>,
    /// Whether the last connection was encrypted.
    encrypted: Arc<AtomicBool>,
}

impl Tls {
    /// No encryption: sockets of this machine.
    pub(super) fn none() -> Self {
        Self {
            mode: TlsMode::Disable,
            against: None,
            shows_certificate: false,
            client: None,
            encrypted: Arc::default(),
        }
    }

    /// Reads settings, and the files that they name.
    pub(super) fn new(options: &Options) -> Result<Self, WireError> {
        let mode = TlsMode::of(options)?;
        if mode == TlsMode::Disable {
            return Ok(Self::none());
        }
        let (roots, against) = match trusted(options, mode)? {
            Some((roots, against)) => (Some(roots), Some(against)),
            None => (None, None),
        };
        let provider = Arc::new(ring::default_provider());
        let verifier = Verifier::new(Arc::clone(&provider), roots, mode == TlsMode::VerifyFull);
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| WireError::setting(error.to_string(), "build with TLS 1.2 and 1.3"))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let certificate = client_certificate(options)?;
        let shows_certificate = certificate.is_some();
        let mut client = match certificate {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
                WireError::setting(
                    format!("sslcert and sslkey do not fit: {error}"),
                    "name the key of this very certificate in --sslkey or PGSSLKEY",
                )
            })?,
            None => builder.with_no_client_auth(),
        };
        // Direct negotiation demands it; without, it says which protocol is meant.
        client.alpn_protocols = vec![b"postgresql".to_vec()];
        let client = Some(Arc::new(client));
        Ok(Self { mode, against, shows_certificate, client, encrypted: Arc::default() })
    }

    /// What the settings ask for.
    #[must_use]
    pub fn mode(&self) -> TlsMode {
        self.mode
    }

    /// The same for the driver, which knows no more than whether encryption is a must.
    pub(super) fn driver_mode(&self) -> SslMode {
        match self.mode {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            _ => SslMode::Require,
        }
    }

    /// Against what the server's certificate is checked, in words; `None`: it is not.
    #[must_use]
    pub fn checked_against(&self) -> Option<&str> {
        self.against.as_deref()
    }

    /// Whether a client certificate is shown to servers that ask for one.
    #[must_use]
    pub fn shows_certificate(&self) -> bool {
        self.shows_certificate
    }

    /// Whether the last connection was encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encrypted.load(Ordering::Relaxed)
    }
}

/// The authorities to check the server's certificate against, in fact and in words.
fn trusted(options: &Options, mode: TlsMode) -> Result<Option<(Roots, String)>, WireError> {
    let file = match options.get("sslrootcert") {
        Some(SYSTEM) => {
            return Ok(Some((files::system()?, "the authorities that this machine trusts".to_owned())));
        }
        Some(path) => Some(PathBuf::from(path)),
        None => files::usual("root.crt"),
    };
    match file {
        Some(path) => Ok(Some((files::roots(&path)?, path.display().to_string()))),
        None if mode >= TlsMode::VerifyCa => Err(WireError::setting(
            format!("sslmode={mode} needs to know which authority signs the server's certificate"),
            "name its certificate in --sslrootcert or PGSSLROOTCERT; `system` means those that this machine trusts",
        )),
        None => Ok(None),
    }
}

fn client_certificate(options: &Options) -> Result<Option<files::Client>, WireError> {
    let usual = |name: &str| files::usual(name);
    let certificate = options.get("sslcert").map(PathBuf::from).or_else(|| usual("postgresql.crt"));
    let key = options.get("sslkey").map(PathBuf::from).or_else(|| usual("postgresql.key"));
    match (certificate, key) {
        (Some(certificate), Some(key)) => files::client(&certificate, &key).map(Some),
        (Some(certificate), None) => Err(alone("sslcert", &certificate, "sslkey")),
        (None, Some(key)) if options.get("sslkey").is_some() => Err(alone("sslkey", &key, "sslcert")),
        (None, _) => Ok(None),
    }
}

fn alone(given: &str, path: &Path, missing: &str) -> WireError {
    WireError::setting(
        format!("{} ({given}) stands alone: a client certificate needs its key", path.display()),
        format!("give --{missing} or {} as well", format_args!("PG{}", missing.to_uppercase())),
    )
}

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type TlsConnect = Handshake;
    type Error = WireError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, WireError> {
        // Also called where nothing will be encrypted, and for sockets, which have no host.
        self.encrypted.store(false, Ordering::Relaxed);
        Ok(Handshake { tls: self.clone(), host: host.to_owned() })
    }
}

/// One handshake to come.
pub struct Handshake {
    tls: Tls,
    host: String,
}

impl<S> TlsConnect<S> for Handshake
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let unusable = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
            let client = self.tls.client.as_ref().ok_or_else(|| unusable("encryption is off"))?;
            let name = ServerName::try_from(self.host).map_err(|_| unusable("not a host name"))?;
            let stream = TlsConnector::from(Arc::clone(client)).connect(name, stream).await?;
            self.tls.encrypted.store(true, Ordering::Relaxed);
            Ok(Encrypted(stream))
        })
    }
}
