//! From the findings about an unsafe database to what a client may be told.

use crate::database::Finding;
use crate::error::{Reason, ToolError};

/// The first refusal with its remedy, and how many more there are.
pub(super) fn unsafe_database(findings: &[Finding]) -> ToolError {
    let mut refusals = findings.iter().filter(|finding| finding.refuses());
    let Some(first) = refusals.next() else {
        return ToolError::new(Reason::UnsafeLogin, "the database was refused", "run `zava-mcp doctor`");
    };
    let more = match refusals.count() {
        0 => String::new(),
        more => format!(" (and {more} more findings)"),
    };
    ToolError::new(
        reason_of(&first.check),
        format!("this database is not safe to serve: {}{more}", first.detail),
        format!("{}; `zava-mcp doctor` shows every finding and what mends it", first.remedy),
    )
}

/// The stable reason of a check's refusal.
fn reason_of(check: &str) -> Reason {
    match check {
        "login_attributes" => Reason::LoginAttributes,
        "login_roles" => Reason::StrongRole,
        "login_settings" => Reason::WeakeningSetting,
        "identity_kind" => Reason::IdentityKind,
        "row_security_forced" => Reason::RowSecurityOff,
        "stores_pinned" => Reason::PolicyChanged,
        "identity_functions" | "mapping_private" => Reason::IdentityChanged,
        "store_data_protected" | "large_objects" => Reason::UnprotectedData,
        "nothing_writable" | "sequences" => Reason::Writable,
        "nothing_created" => Reason::CanCreate,
        "definer_functions" => Reason::DefinerFunction,
        "leakproof_functions" => Reason::LeakproofFunction,
        "dangerous_functions" => Reason::DangerousFunction,
        "search_path" => Reason::OpenSearchPath,
        "settings_fixed" => Reason::IdentityAsserted,
        // login_bound, login_owns_nothing
        _ => Reason::UnsafeLogin,
    }
}
