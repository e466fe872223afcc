//! What can go wrong on the way to a server: settings, encryption, which server. Told apart, each with what to do.

use std::error::Error;

use rustls::{AlertDescription, CertificateError};

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireFault {
    /// A setting, or a file that a setting names.
    Settings,
    /// The server, or somebody who answers for it, does not encrypt.
    NotOffered,
    /// Nobody who is trusted here signed the server's certificate.
    UnknownIssuer,
    /// The server's certificate is not made out to the host.
    HostMismatch,
    /// The server's certificate is not valid at this time.
    Expired,
    /// The server wants another client certificate, or one at all.
    ClientCertificate,
    /// Anything else with encryption.
    Failed,
    /// None of several servers is of the kind that is asked for.
    NoServer,
    /// There is no token to log in with.
    NoToken,
}

impl WireFault {
    /// The stable name.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Settings => "connection_settings",
            Self::NotOffered => "tls_not_offered",
            Self::UnknownIssuer => "tls_unknown_issuer",
            Self::HostMismatch => "tls_host_mismatch",
            Self::Expired => "tls_expired",
            Self::ClientCertificate => "tls_client_certificate",
            Self::Failed => "tls_failed",
            Self::NoServer => "no_such_server",
            Self::NoToken => "token_unavailable",
        }
    }

    const fn next(self) -> &'static str {
        match self {
            Self::Settings => "correct the setting and start again",
            Self::NotOffered => {
                "have its owner turn TLS on (ssl = on); if it is on, somebody in between answers for the server. \
                 Nothing but the question was sent"
            }
            Self::UnknownIssuer => {
                "name the certificate of its authority in --sslrootcert or PGSSLROOTCERT; `system` means those that \
                 this machine trusts"
            }
            Self::HostMismatch => {
                "connect by a name of its subjectAltName, or check with sslmode=verify-ca only who signed it"
            }
            Self::Expired => "have its owner renew it, and check the clock of this machine",
            Self::ClientCertificate => {
                "give --sslcert and --sslkey (PGSSLCERT, PGSSLKEY) with a certificate that the server accepts"
            }
            Self::Failed => {
                "check that host and port are those of a PostgreSQL server that speaks TLS 1.2 or newer"
            }
            Self::NoServer => {
                "wait until a server of that kind is up, or ask for another: target_session_attrs"
            }
            Self::NoToken => "try again later",
        }
    }
}

/// A fault with its words. Holds no key and no password.
#[derive(Debug, thiserror::Error)]
#[error("DATABASE_ERROR ({}): {what}; {next}", fault.reason())]
pub struct WireError {
    /// What went wrong.
    pub fault: WireFault,
    what: String,
    next: String,
}

impl WireError {
    pub(super) fn new(fault: WireFault, what: String) -> Self {
        Self { fault, what, next: fault.next().to_owned() }
    }

    /// A setting that cannot be used.
    pub(crate) fn setting(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { fault: WireFault::Settings, what: what.into(), next: next.into() }
    }

    /// There is no token, for this reason.
    pub(crate) fn no_token(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { fault: WireFault::NoToken, what: what.into(), next: next.into() }
    }

    /// Reads what the driver says of a connection to `place`; `None` when encryption was not at fault.
    pub(super) fn of(error: &tokio_postgres::Error, place: &str) -> Option<Self> {
        if is_not_offered(error) {
            let what =
                format!("the database at {place} was to be reached over TLS only and does not offer it");
            return Some(Self::new(WireFault::NotOffered, what));
        }
        let (fault, what) = cause(error)?;
        Some(Self::new(fault, format!("the database at {place}: {what}")))
    }
}

/// The driver has no other mark for it; tests/it/tls holds the words against the driver.
fn is_not_offered(error: &tokio_postgres::Error) -> bool {
    error.source().is_some_and(|cause| cause.to_string() == "server does not support TLS")
}

/// What rustls says, however deep it is wrapped.
fn cause(error: &tokio_postgres::Error) -> Option<(WireFault, String)> {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        // The source of an I/O error is not what it wraps, but what lies under that.
        let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let wrapped: Option<&(dyn Error + 'static)> = wrapped.map(|inner| inner as _);
        let found = wrapped.unwrap_or(cause).downcast_ref::<rustls::Error>();
        if let Some(found) = found {
            return Some(read(found));
        }
        next = cause.source();
    }
    None
}

fn read(error: &rustls::Error) -> (WireFault, String) {
    match error {
        rustls::Error::InvalidCertificate(wrong) => certificate(wrong),
        rustls::Error::AlertReceived(alert) => alert_of(*alert),
        other => (WireFault::Failed, format!("the TLS handshake failed: {other}")),
    }
}

fn certificate(wrong: &CertificateError) -> (WireFault, String) {
    let server = "the server's certificate";
    match wrong {
        CertificateError::UnknownIssuer => {
            (WireFault::UnknownIssuer, format!("{server} is signed by nobody who is trusted here"))
        }
        other if is_of_authority(other) => {
            (WireFault::UnknownIssuer, format!("{server} signs itself, and is not one that is trusted here"))
        }
        CertificateError::NotValidForName => {
            (WireFault::HostMismatch, format!("{server} is not made out to this host"))
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names = if presented.is_empty() { "nobody".to_owned() } else { presented.join(", ") };
            let expected = expected.to_str();
            (WireFault::HostMismatch, format!("{server} is not made out to {expected} but to {names}"))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (WireFault::Expired, format!("{server} has expired"))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (WireFault::Expired, format!("{server} is not valid yet"))
        }
        other => (WireFault::Failed, format!("{server} cannot be used: {other}")),
    }
}

/// Whether all that is wrong with a certificate is that it is one of an authority. The library has no other mark for it.
pub(super) fn is_of_authority(wrong: &CertificateError) -> bool {
    matches!(wrong, CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity")
}

/// What the server says before it hangs up.
fn alert_of(alert: AlertDescription) -> (WireFault, String) {
    match alert {
        AlertDescription::CertificateRequired => {
            (WireFault::ClientCertificate, "the server demands a client certificate".to_owned())
        }
        AlertDescription::UnknownCA
        | AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::AccessDenied
        | AlertDescription::DecryptError => (
            WireFault::ClientCertificate,
            format!("the server does not accept the client certificate ({alert:?})"),
        ),
        other => (WireFault::Failed, format!("the server ended the TLS handshake ({other:?})")),
    }
}
