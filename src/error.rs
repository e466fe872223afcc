//! What a client may be told when a call fails: a stable code, what was wrong, what to do next.
//!
//! There is no `From<anyhow::Error>` here, on purpose: nothing reaches a client unless somebody wrote it for clients.

use std::fmt;

/// The family of a failure. The names are those of the original sample; they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The arguments cannot be used as they are.
    Validation,
    /// The identity may not do or see this.
    Authorization,
    /// The database refused, failed or cannot be reached.
    Database,
    /// The query ran into its time limit.
    QueryTimeout,
    /// This program failed.
    Mcp,
}

impl Code {
    /// The code as clients see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Validation => "VALIDATION_ERROR",
            Self::Authorization => "AUTHORIZATION_ERROR",
            Self::Database => "DATABASE_ERROR",
            Self::QueryTimeout => "QUERY_TIMEOUT",
            Self::Mcp => "MCP_ERROR",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:ident $name:literal;)*) => {
        /// The narrow, stable reason of a failure. Add new ones; never change or reuse a name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason { $($(#[$doc])* $variant,)* }

        impl Reason {
            /// All reasons, for the test that pins their names.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name as clients see it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The family it belongs to.
            #[must_use]
            pub const fn code(self) -> Code {
                match self { $(Self::$variant => Code::$code,)* }
            }
        }
    };
}

reasons! {
    /// An argument is missing, unknown or of the wrong type.
    InvalidArguments = Validation "invalid_arguments";
    /// The SQL is empty.
    EmptySql = Validation "empty_sql";
    /// The SQL holds more than one statement.
    SeveralStatements = Validation "several_statements";
    /// The SQL is something else than one SELECT.
    NotASelect = Validation "not_a_select";
    /// The SQL waits for parameters.
    Parameters = Validation "parameters";
    /// PostgreSQL's grammar does not accept the SQL.
    Syntax = Validation "syntax";
    /// The SQL names something that does not exist.
    UnknownName = Validation "unknown_name";
    /// A table that does not exist, or may not be seen.
    UnknownTable = Validation "unknown_table";
    /// A store, category or the like that does not exist, or may not be seen.
    UnknownValue = Validation "unknown_value";
    /// A name or type that PostgreSQL cannot resolve, a missing GROUP BY and the like.
    Semantics = Validation "semantics";
    /// A value that cannot be computed: division by zero, a malformed date.
    DataException = Validation "data_exception";
    /// The answer of a query is no chart, or not the one that was asked for.
    NotChartable = Validation "not_chartable";
    /// The login belongs to another RLS user id.
    IdentityMismatch = Authorization "identity_mismatch";
    /// No login is known for this RLS user id.
    IdentityUnknown = Authorization "identity_unknown";
    /// Only a setting carries the identity.
    IdentityAsserted = Authorization "identity_asserted";
    /// The login bypasses row security.
    UnsafeLogin = Authorization "unsafe_login";
    /// The login may make roles or databases, or replicate.
    LoginAttributes = Authorization "login_attributes";
    /// The login is in a role that may do more than read.
    StrongRole = Authorization "strong_role";
    /// A setting of the login or the database weakens row security.
    WeakeningSetting = Authorization "weakening_setting";
    /// Kind, group and stores of the login contradict each other.
    IdentityKind = Authorization "identity_kind";
    /// What tells logins apart was changed, or shows more than the login's own line.
    IdentityChanged = Authorization "identity_changed";
    /// Row security is off, or does not bind the owner.
    RowSecurityOff = Authorization "row_security_off";
    /// A row policy is missing or not the one of this version.
    PolicyChanged = Authorization "policy_changed";
    /// Something that row security does not guard shows store data.
    UnprotectedData = Authorization "unprotected_data";
    /// The login can write.
    Writable = Authorization "writable";
    /// The login can create objects.
    CanCreate = Authorization "can_create";
    /// The login can run a function with somebody else's rights.
    DefinerFunction = Authorization "definer_function";
    /// The login can run a function that is shown rows before the policies.
    LeakproofFunction = Authorization "leakproof_function";
    /// The login can run a function that reaches out of the database.
    DangerousFunction = Authorization "dangerous_function";
    /// Others than the owner may put names where the login looks them up.
    OpenSearchPath = Authorization "open_search_path";
    /// The store does not exist, or is somebody else's.
    StoreNotYours = Authorization "store_not_yours";
    /// A right is missing.
    PermissionDenied = Authorization "permission_denied";
    /// The statement would write.
    ReadOnly = Authorization "read_only";
    /// No connection.
    Unreachable = Database "unreachable";
    /// The database does not accept login and password.
    LoginRefused = Database "login_refused";
    /// A setting of the connection cannot be used.
    ConnectionSettings = Database "connection_settings";
    /// The server does not offer TLS, and the settings ask for it.
    TlsNotOffered = Database "tls_not_offered";
    /// Nobody who is trusted signed the server's certificate.
    TlsUnknownIssuer = Database "tls_unknown_issuer";
    /// The server's certificate is made out to another host.
    TlsHostMismatch = Database "tls_host_mismatch";
    /// The server's certificate is not valid at this time.
    TlsExpired = Database "tls_expired";
    /// The server wants a client certificate, or another one.
    TlsClientCertificate = Database "tls_client_certificate";
    /// The TLS handshake failed for another reason.
    TlsFailed = Database "tls_failed";
    /// No server of the kind that the settings ask for.
    NoSuchServer = Database "no_such_server";
    /// Entra ID gave no token to log in with.
    TokenUnavailable = Database "token_unavailable";
    /// The managed local server cannot be used.
    LocalServer = Database "local_server";
    /// All connections are in use.
    PoolExhausted = Database "pool_exhausted";
    /// The shop's schema is not there.
    SchemaMissing = Database "schema_missing";
    /// The database took the connection and does not answer.
    Unresponsive = Database "unresponsive";
    /// A connection pooler stands before the database that this program cannot work with.
    PoolerUnsupported = Database "pooler_unsupported";
    /// The connection was lost during the call.
    ConnectionLost = Database "connection_lost";
    /// A limit of the database was hit.
    ResourceLimit = Database "resource_limit";
    /// PostgreSQL refused for another reason.
    QueryFailed = Database "query_failed";
    /// The statement ran too long.
    StatementTimeout = QueryTimeout "statement_timeout";
    /// The statement waited too long for a lock that somebody else holds.
    LockTimeout = QueryTimeout "lock_timeout";
    /// The call could not be entered in the audit log, and none is answered without.
    AuditUnavailable = Mcp "audit_unavailable";
    /// A defect of this program; the log has the cause.
    Internal = Mcp "internal";
}

/// Why a call failed, in words that are safe to show to a client.
#[derive(Debug)]
pub struct ToolError {
    /// The stable reason.
    pub reason: Reason,
    /// What was wrong, one sentence.
    pub message: String,
    /// Lines that point at it: the SQL with a caret, PostgreSQL's hint.
    pub details: Vec<String>,
    /// What to do next, one sentence.
    pub next: String,
}

impl ToolError {
    /// A failure with nothing to point at.
    pub fn new(reason: Reason, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self { reason, message: message.into(), details: Vec::new(), next: next.into() }
    }

    /// A defect of this program. The cause goes to the log here and nowhere else.
    pub fn internal(doing: &str, cause: &dyn std::error::Error) -> Self {
        tracing::error!("could not {doing}: {}", chain(cause));
        Self::new(
            Reason::Internal,
            format!("could not {doing} because of an internal failure"),
            "look into the server's log for the cause; another call may work",
        )
    }
}

impl std::error::Error for ToolError {}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.reason.code().as_str(), self.reason.as_str(), self.message)?;
        for line in &self.details {
            write!(f, "\n{line}")?;
        }
        write!(f, "\nNext: {}", self.next)
    }
}

/// An error with its causes, `: ` between them.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Code, Reason, ToolError};

    #[test]
    fn the_reasons_of_failures_are_stable() {
        let mut families: Vec<(Code, Vec<&str>)> = Vec::new();
        for reason in Reason::ALL {
            match families.last_mut() {
                Some((code, names)) if *code == reason.code() => names.push(reason.as_str()),
                _ => families.push((reason.code(), vec![reason.as_str()])),
            }
        }
        let lines = families.iter().map(|(code, names)| format!("{}: {}", code.as_str(), names.join(" ")));
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    VALIDATION_ERROR: invalid_arguments empty_sql several_statements not_a_select parameters syntax unknown_name unknown_table unknown_value semantics data_exception not_chartable
    AUTHORIZATION_ERROR: identity_mismatch identity_unknown identity_asserted unsafe_login login_attributes strong_role weakening_setting identity_kind identity_changed row_security_off policy_changed unprotected_data writable can_create definer_function leakproof_function dangerous_function open_search_path store_not_yours permission_denied read_only
    DATABASE_ERROR: unreachable login_refused connection_settings tls_not_offered tls_unknown_issuer tls_host_mismatch tls_expired tls_client_certificate tls_failed no_such_server token_unavailable local_server pool_exhausted schema_missing unresponsive pooler_unsupported connection_lost resource_limit query_failed
    QUERY_TIMEOUT: statement_timeout lock_timeout
    MCP_ERROR: audit_unavailable internal
    ");
    }

    #[test]
    fn a_failure_reads_as_code_reason_message_details_and_next_step() {
        let mut error = ToolError::new(Reason::EmptySql, "the SQL is empty", "send one SELECT");
        error.details.push("  ^".to_owned());
        assert_eq!(
            error.to_string(),
            "VALIDATION_ERROR (empty_sql): the SQL is empty\n  ^\nNext: send one SELECT"
        );
    }
}
