//! From a failure of the database room to what a client may be told.

use super::unsafe_database::unsafe_database;
use crate::database::local::LocalError;
use crate::database::{DatabaseError, IdentityError, WireError, WireFault};
use crate::error::{Reason, ToolError, chain};

const SEE_STATUS: &str = "check with `zava-mcp doctor`, which says what to do";
const SEE_IDENTITIES: &str = "`zava-mcp identity list` shows which RLS user id goes with which login";

impl From<DatabaseError> for ToolError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Local(error) => local(&error),
            DatabaseError::Wire(error) => wire(&error),
            DatabaseError::Identity(error) => identity(&error),
            DatabaseError::Unsafe(findings) => unsafe_database(&findings),
            DatabaseError::Malformed { variable, .. } => Self::new(
                Reason::Unreachable,
                format!("{variable} is not a valid PostgreSQL connection string"),
                "correct it in the client's configuration and start this server again",
            ),
            DatabaseError::Connect { ref place, .. } => connect(&error, place),
            DatabaseError::Timeout { waiting: true, seconds, .. } => Self::new(
                Reason::PoolExhausted,
                format!("all database connections of this server were busy for {seconds} s"),
                "wait until earlier calls have ended, then call again",
            ),
            DatabaseError::Timeout { .. } => Self::new(Reason::Unreachable, error.to_string(), SEE_STATUS),
            DatabaseError::Silent { .. } => Self::new(
                Reason::Unresponsive,
                error.to_string(),
                "call again; if it stays silent, its owner has to look at it",
            ),
            DatabaseError::Pooler => Self::new(
                Reason::PoolerUnsupported,
                error.to_string(),
                "use PgBouncer 1.21 or newer with max_prepared_statements above 0, or pool_mode = session, or connect without it",
            ),
            DatabaseError::NoShop { place } => schema_missing(&place),
            DatabaseError::Statement { doing, .. } => statement(&error, doing),
            DatabaseError::Pool { .. } => Self::internal("use the database", &error),
        }
    }
}

/// The texts of the local server are made for a terminal: `CODE (reason): what; what to do`.
fn local(error: &LocalError) -> ToolError {
    let text = chain(error);
    let reason = if matches!(error, LocalError::UnknownIdentity) {
        Reason::IdentityUnknown
    } else {
        Reason::LocalServer
    };
    of_a_terminal(reason, &text)
}

fn of_a_terminal(reason: Reason, text: &str) -> ToolError {
    let text = text.split_once("): ").map_or(text, |(_, text)| text);
    let (message, next) = text.split_once("; ").unwrap_or((text, SEE_STATUS));
    ToolError::new(reason, message, next)
}

/// These are made for a terminal as well.
fn wire(error: &WireError) -> ToolError {
    let reason = match error.fault {
        WireFault::Settings => Reason::ConnectionSettings,
        WireFault::NotOffered => Reason::TlsNotOffered,
        WireFault::UnknownIssuer => Reason::TlsUnknownIssuer,
        WireFault::HostMismatch => Reason::TlsHostMismatch,
        WireFault::Expired => Reason::TlsExpired,
        WireFault::ClientCertificate => Reason::TlsClientCertificate,
        WireFault::Failed => Reason::TlsFailed,
        WireFault::NoServer => Reason::NoSuchServer,
        WireFault::NoToken => Reason::TokenUnavailable,
    };
    of_a_terminal(reason, &error.to_string())
}

fn schema_missing(place: &str) -> ToolError {
    ToolError::new(
        Reason::SchemaMissing,
        format!("the database at {place} holds no retail schema"),
        "`zava-mcp db create` makes it, `zava-mcp db seed` fills it",
    )
}

fn identity(error: &IdentityError) -> ToolError {
    let (reason, next) = match error {
        IdentityError::Mismatch => (Reason::IdentityMismatch, SEE_IDENTITIES),
        IdentityError::Unmapped { .. } => {
            (Reason::IdentityUnknown, "`zava-mcp identity add` gives a login its RLS user id and stores")
        }
        IdentityError::Unbound { .. } => (
            Reason::UnsafeLogin,
            "start this server with the identity's own login, made by `zava-mcp identity add`",
        ),
        IdentityError::OnlyAsserted => (
            Reason::IdentityAsserted,
            "`zava-mcp db protect` proves identities; --allow-asserted-identity accepts the risk",
        ),
    };
    ToolError::new(reason, error.to_string(), next)
}

fn connect(error: &DatabaseError, place: &str) -> ToolError {
    let message = chain(error);
    match error.sqlstate() {
        Some("28000") => ToolError::new(
            Reason::LoginRefused,
            format!(
                "the database at {place} refuses the login: {}",
                error.server_message().unwrap_or_default()
            ),
            "if it asks for encryption or a client certificate, give --sslmode require, --sslcert and --sslkey; else correct \
             the login in the client's configuration",
        ),
        Some("28P01") => ToolError::new(
            Reason::LoginRefused,
            format!("the database at {place} refuses the login or its password"),
            "correct them in the client's configuration (DATABASE_URL, POSTGRES_USER and POSTGRES_PASSWORD, or ~/.pgpass)",
        ),
        Some("3D000") => schema_missing(place),
        Some("42501") => ToolError::new(Reason::LoginRefused, message, SEE_IDENTITIES),
        Some("53300") => ToolError::new(
            Reason::ResourceLimit,
            message,
            "call again in a while; where many processes share a server, start them with --pool-max 1 --pool-idle 1 and a \
             longer --connect-timeout, or put PgBouncer before it",
        ),
        _ => ToolError::new(Reason::Unreachable, message, SEE_STATUS),
    }
}

/// One of our own statements failed.
fn statement(error: &DatabaseError, doing: &str) -> ToolError {
    if error.is_lost() {
        return lost();
    }
    match (error.sqlstate(), error.server_message()) {
        (Some("42P01" | "42703" | "3F000"), Some(message)) => ToolError::new(
            Reason::SchemaMissing,
            format!("could not {doing}: {message}"),
            "`zava-mcp db create` brings the schema up to date",
        ),
        (Some("57014"), _) => timeout(),
        (Some("55P03"), _) => locked(),
        // What PostgreSQL got was no message of ours: something changed it on the way.
        (Some(state), _) if state.starts_with("08") => lost(),
        _ => ToolError::internal(doing, error),
    }
}

pub(super) fn lost() -> ToolError {
    ToolError::new(
        Reason::ConnectionLost,
        "the connection to the database broke during the call",
        "call again; nothing was changed, reading again is safe",
    )
}

pub(super) fn timeout() -> ToolError {
    ToolError::new(
        Reason::StatementTimeout,
        "the query ran into its time limit and was stopped",
        "ask for less: a shorter period, fewer joins, an aggregate instead of rows; --statement-timeout raises the limit",
    )
}

pub(super) fn locked() -> ToolError {
    ToolError::new(
        Reason::LockTimeout,
        "somebody holds a lock on a table of the query, which was given up after 5 s",
        "call again in a while; maintenance of the database holds such locks",
    )
}
